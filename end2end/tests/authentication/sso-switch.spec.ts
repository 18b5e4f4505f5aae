import { button, enter, expect, reload, scimStatus, test } from "../../fixtures/index.ts";

test("a method can be disabled and enabled", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const settings = await enter(page, await team());
  await expect(settings.methodSwitch("Okta")).toBeChecked();
  await settings.methodSwitch("Okta").click();
  await expect(settings.methodSwitch("Okta")).not.toBeChecked();
  await settings.methodSwitch("Okta").click();
  await expect(settings.methodSwitch("Okta")).toBeChecked();
  await reload(page);
  await expect(settings.methodSwitch("Okta")).toBeChecked();
});

test("the switch changes only after the server's confirmation", async ({ page, team, noise }) => {
  noise.allow(/ERR_FAILED/);
  const settings = await enter(page, await team());
  await page.route("**/api/sso/set-enabled", (route) => route.abort());
  await settings.methodSwitch("Okta").click();
  await expect(settings.alert).toContainText("the server couldn't be reached");
  await expect(settings.methodSwitch("Okta")).toBeChecked();
});

test("a double click on a switch makes one change", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  const requests: string[] = [];
  page.on("request", (request) => request.url().endsWith("/set-enabled") && requests.push(request.url()));
  await page.route("**/api/sso/set-enabled", async (route) => {
    await expect(settings.methodSwitch("Okta")).toHaveAttribute("aria-busy", "true");
    await route.continue();
  });
  await settings.methodSwitch("Okta").dblclick();
  await expect(settings.methodSwitch("Okta")).not.toBeChecked();
  expect(requests).toHaveLength(1);
});

test.describe("A second method while SCIM provisioning is on", { tag: "@no-js" }, () => {
  test("needs a confirmation, keeps existing keys, and blocks new ones until one method is left", async ({ page, team, server }) => {
    const acme = await team({ scim: true, keys: ["CI"] });
    await server.run(["sso", "add", "--team", acme.slug, "--name", "Google", "--provider", "google", "--protocol", "oidc",
      "--issuer", "https://accounts.example.test", "--client-id", "rollcall", "--client-secret", "not-a-real-secret"]);
    const settings = await enter(page, acme);

    await settings.methodSwitch("Google").click();
    const dialog = settings.dialog("Enable “Google”?");
    await expect(dialog.getByRole("listitem")).toHaveText([
      "Existing keys keep working.",
      "You can't generate or roll keys until only one method is enabled.",
    ]);
    await button(dialog, "Cancel").click();
    await expect(settings.methodSwitch("Google")).not.toBeChecked();

    await settings.methodSwitch("Google").click();
    await button(dialog, "Enable").click();
    await expect(settings.methodSwitch("Google")).toBeChecked();
    await expect(settings.scim).toBeChecked();
    expect(await scimStatus(page, acme.keys[0] ?? "")).toBe(200);
    await expect(settings.button("Generate SCIM API Key")).toHaveAttribute("aria-disabled", "true");
    await expect(settings.button("Generate SCIM API Key")).toHaveAccessibleDescription(/This team has 2: Okta and Google/);

    await button(page, "Choose which to keep").click();
    const keep = settings.dialog("Choose the SSO method to keep");
    await button(keep, "Keep Okta").click();
    await expect(settings.methodSwitch("Google")).not.toBeChecked();
    await expect(settings.button("Generate SCIM API Key")).not.toHaveAttribute("aria-disabled", "true");
  });
});
