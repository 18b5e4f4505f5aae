import { button, enter, expect, field, hasJavaScript, reload, scimStatus, test } from "../../fixtures/index.ts";

const question = "Turn off SCIM provisioning?";

test("the dialog lists what stays, what stops and what is unlocked", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const settings = await enter(page, await team({ scim: true }));
  await settings.scim.click();
  const dialog = settings.dialog(question);
  await expect(dialog.getByRole("listitem")).toContainText([
    "Kept: members, groups, keys, and settings. Deactivated members stay deactivated.",
    "Stops: Requests from your identity provider are refused immediately",
    "Lifted: members can leave the team and change their email and password again.",
  ]);
  await expect(settings.scim).toBeChecked();
});

test("the team's name is required", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  await settings.scim.click();
  const dialog = settings.dialog(question);
  const confirmation = field(dialog, `Type ${acme.name} to confirm`);
  for (const name of ["", "something else", acme.slug]) {
    await confirmation.fill(name);
    await button(dialog, "Turn Off").click();
    const problem = `${name ? "That doesn't match. " : ""}Type “${acme.name}” to confirm.`;
    await expect(confirmation).toHaveAccessibleDescription(problem);
    await expect(confirmation).toHaveValue(name);
    await expect(settings.scim).toBeChecked();
  }
  if (hasJavaScript()) await expect(confirmation).toBeFocused();

  await confirmation.fill(acme.name);
  await button(dialog, "Turn Off").click();
  await expect(settings.scim).not.toBeChecked();
  await expect(settings.notice).toHaveText("SCIM provisioning is off. Requests from your identity provider are refused.");
  await reload(page);
  await expect(settings.scim).not.toBeChecked();
});

test("Cancel and Esc change nothing", async ({ page, team }) => {
  const settings = await enter(page, await team({ scim: true }));
  const dialog = settings.dialog(question);
  for (const leave of [() => button(dialog, "Cancel").click(), () => page.keyboard.press("Escape")]) {
    await settings.scim.click();
    await expect(dialog).toBeVisible();
    await leave();
    await expect(dialog).toBeHidden();
    await expect(settings.scim).toBeFocused();
  }
  await reload(page);
  await expect(settings.scim).toBeChecked();
});

test("a rejected name is cleared when the dialog closes", async ({ page, team }) => {
  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  const dialog = settings.dialog(question);
  await settings.scim.click();
  await field(dialog, `Type ${acme.name} to confirm`).fill("something else");
  await button(dialog, "Turn Off").click();
  await button(dialog, "Cancel").click();
  await settings.scim.click();
  await expect(field(dialog, `Type ${acme.name} to confirm`)).toHaveValue("");
  await expect(field(dialog, `Type ${acme.name} to confirm`)).not.toHaveAttribute("aria-invalid", "true");
});

test("requests of the identity provider are rejected at once", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const settings = await enter(page, acme);
  expect(await scimStatus(page, acme.keys[0] ?? "")).toBe(200);
  await settings.turnOff(acme);
  expect(await scimStatus(page, acme.keys[0] ?? "")).toBe(403);
});

test("it can be turned off with any plan and any SSO methods", async ({ page, team, server }) => {
  const acme = await team({ scim: true });
  await server.run(["team", "set-plan", acme.slug, "free"]);
  await server.run(["sso", "disable", "--team", acme.slug, "Okta"]);
  const settings = await enter(page, acme);
  await settings.turnOff(acme);
  await expect(settings.scim).toHaveAttribute("aria-disabled", "true");
});
