import { button, enter, expect, field, hasJavaScript, test, type Noise, type Team, signInButton } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

// The session ends between opening a form and submitting it, as it does after 12 hours.

/** Signs out as another tab would. */
async function sessionEnds(page: Page, noise: Noise): Promise<void> {
  if (hasJavaScript()) noise.allow(/status of 401/);
  await page.request.post("/sign-out");
}

/** Signs in on the page after the form. */
async function signInAgain(page: Page, team: Team): Promise<void> {
  await expect(page.getByRole("status")).toHaveText(/^Your session ended\./);
  await field(page, "Email").fill(team.owner.email);
  await field(page, "Password").fill(team.owner.password);
  await signInButton(page).click();
}

test.describe("After an expired session, the same form returns", { tag: "@no-js" }, () => {
  test("with its values except secrets", async ({ page, team, noise }) => {
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.button("Add authentication method").click();
    const dialog = settings.dialog("Add authentication method");
    await field(dialog, "Type").selectOption("Google Workspace");
    await field(dialog, "Name").fill("Google & Söhne ✨ 100 %");
    await dialog.getByRole("radio", { name: "OpenID Connect" }).check();
    await field(dialog, "Issuer").fill("https://accounts.example.test");
    await field(dialog, "Client ID").fill("client-7");
    await field(dialog, "Client secret").fill("hush-hush-hush");

    await sessionEnds(page, noise);
    await button(dialog, "Add").click();
    await signInAgain(page, acme);

    await expect(dialog).toBeVisible();
    await expect(field(dialog, "Type")).toHaveValue("google");
    await expect(field(dialog, "Name")).toHaveValue("Google & Söhne ✨ 100 %");
    await expect(dialog.getByRole("radio", { name: "OpenID Connect" })).toBeChecked();
    await expect(field(dialog, "Issuer")).toHaveValue("https://accounts.example.test");
    await expect(field(dialog, "Client ID")).toHaveValue("client-7");
    await expect(field(dialog, "Client secret")).toHaveValue("");
    expect(page.url()).not.toContain("hush");

    await field(dialog, "Client secret").fill("hush-hush-hush");
    await button(dialog, "Add").click();
    await expect(settings.method("Google & Söhne ✨ 100 %")).toBeVisible();
  });

  test("with the name of a key", async ({ page, team, noise }) => {
    const acme = await team({ scim: true });
    const settings = await enter(page, acme);
    await settings.button("Generate SCIM API Key").click();
    const dialog = settings.dialog("Generate SCIM API key");
    await field(dialog, "Name").fill("Okta production");
    await field(dialog, "Expires").selectOption("In 90 days");

    await sessionEnds(page, noise);
    await button(dialog, "Generate").click();
    await signInAgain(page, acme);

    await expect(field(dialog, "Name")).toHaveValue("Okta production");
    await expect(field(dialog, "Expires")).toHaveValue("90");
    await button(dialog, "Generate").click();
    await expect(settings.reveal).toBeVisible();
  });

  test("to turn provisioning on, without a change meanwhile", async ({ page, team, noise }) => {
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.scim.click();
    const dialog = settings.dialog("Turn on SCIM provisioning?");

    await sessionEnds(page, noise);
    await button(dialog, "Turn On").click();
    await signInAgain(page, acme);

    await expect(dialog).toBeVisible();
    await expect(settings.scim).not.toBeChecked();
    await button(dialog, "Turn On").click();
    await expect(settings.scim).toBeChecked();
  });

  test("to turn provisioning off", async ({ page, team, noise }) => {
    const acme = await team({ scim: true });
    const settings = await enter(page, acme);
    await settings.scim.click();
    const dialog = settings.dialog("Turn off SCIM provisioning?");
    await field(dialog, `Type ${acme.name} to confirm`).fill(acme.name);

    await sessionEnds(page, noise);
    await button(dialog, "Turn Off").click();
    await signInAgain(page, acme);

    await expect(field(dialog, `Type ${acme.name} to confirm`)).toHaveValue(acme.name);
    await button(dialog, "Turn Off").click();
    await expect(settings.scim).not.toBeChecked();
  });

  test("to roll a key", async ({ page, team, noise }) => {
    const acme = await team({ scim: true, keys: ["CI"] });
    const settings = await enter(page, acme);
    await settings.act((acme.keys[0] ?? "").slice(-4), "Roll…");
    const dialog = settings.dialog("Roll “CI”?");
    await dialog.getByRole("radio", { name: "In 7 days" }).check();

    await sessionEnds(page, noise);
    await button(dialog, "Roll key").click();
    await signInAgain(page, acme);

    await expect(dialog.getByRole("radio", { name: "In 7 days" })).toBeChecked();
    await button(dialog, "Roll key").click();
    await expect(settings.reveal).toBeVisible();
  });

  test("to edit a method", async ({ page, team, noise }) => {
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.act("Okta", "Edit…");
    const dialog = settings.dialog("Edit “Okta”");
    await field(dialog, "Name").fill("Okta Europe");
    await field(dialog, "Client secret").fill("hush-hush-hush");

    await sessionEnds(page, noise);
    await button(dialog, "Save").click();
    await signInAgain(page, acme);

    await expect(field(dialog, "Name")).toHaveValue("Okta Europe");
    await expect(field(dialog, "Client secret")).toHaveValue("");
    await button(dialog, "Save").click();
    await expect(settings.method("Okta Europe")).toBeVisible();
  });

  test("to enable a method, with its confirmation", async ({ page, team, noise }) => {
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.methodSwitch("Okta").click();
    await expect(settings.methodSwitch("Okta")).not.toBeChecked();

    await sessionEnds(page, noise);
    await settings.methodSwitch("Okta").click();
    await signInAgain(page, acme);

    const dialog = settings.dialog("Enable “Okta”?");
    await expect(settings.methodSwitch("Okta")).not.toBeChecked();
    await button(dialog, "Enable").click();
    await expect(settings.methodSwitch("Okta")).toBeChecked();
  });
});
