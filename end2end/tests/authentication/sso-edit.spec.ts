import { button, certificate, enter, expect, field, reload, test } from "../../fixtures/index.ts";

test.describe("Editing an SSO method", { tag: "@no-js" }, () => {
  test("a new name", { tag: "@narrow" }, async ({ page, team }) => {
    const settings = await enter(page, await team());
    await settings.act("Okta", "Edit…");
    const dialog = settings.dialog("Edit “Okta”");
    await field(dialog, "Name").fill("Okta Europe");
    await button(dialog, "Save").click();
    await expect(settings.notice).toHaveText("SSO method saved.");
    await expect(settings.method("Okta Europe")).toContainText("Okta · OpenID Connect");
    await expect(settings.methodSwitch("Okta Europe")).toBeChecked();
  });

  test("the client secret is never shown, and an empty field keeps it", async ({ page, team }) => {
    const acme = await team();
    const settings = await enter(page, acme);
    expect(await page.content()).not.toContain("not-a-real-secret");
    await settings.act("Okta", "Edit…");
    const dialog = settings.dialog("Edit “Okta”");
    await expect(field(dialog, "Client secret")).toHaveValue("");
    await expect(field(dialog, "Client secret")).toHaveAccessibleDescription("Leave blank to keep the current secret.");
    await field(dialog, "Client ID").fill("another-client");
    await button(dialog, "Save").click();
    await expect(settings.notice).toHaveText("SSO method saved.");

    await page.goto(acme.settings("activity"));
    await page.getByText("edited SSO method").click();
    await expect(page.getByText("Client ID", { exact: true })).toBeVisible();
    const changed = page.getByRole("table", { name: "Changes" }).getByRole("row").last();
    await expect(changed.getByRole("cell").last()).toHaveText("another-client");
    await expect(page.getByText(/Client secret/)).toHaveCount(0);
  });

  test("another issuer needs the secret again", async ({ page, team, noise }) => {
    noise.allow(/status of 422/);
    const settings = await enter(page, await team());
    await settings.act("Okta", "Edit…");
    const dialog = settings.dialog("Edit “Okta”");
    await field(dialog, "Issuer").fill("https://elsewhere.example.test");
    await button(dialog, "Save").click();
    await expect(field(dialog, "Client secret")).toHaveAccessibleDescription("Enter the client secret.");
    await expect(field(dialog, "Issuer")).toHaveValue("https://elsewhere.example.test");
    await field(dialog, "Client secret").fill("not-a-real-secret-either");
    await button(dialog, "Save").click();
    await expect(settings.notice).toHaveText("SSO method saved.");
  });

  test("the name of another method is rejected", async ({ page, team, noise }) => {
    noise.allow(/status of 422/);
    const settings = await enter(page, await team({ sso: ["Okta", "Google"] }));
    await settings.act("Google", "Edit…");
    const dialog = settings.dialog("Edit “Google”");
    await field(dialog, "Name").fill("okta");
    await button(dialog, "Save").click();
    await expect(field(dialog, "Name")).toHaveAccessibleDescription("Another SSO method has this name. Choose a different one.");
    await expect(settings.method("Google")).toBeVisible();
  });

  test("a method without settings is configured and can then be enabled", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    await settings.button("Add authentication method").click();
    const add = settings.dialog("Add authentication method");
    await field(add, "Type").selectOption("JumpCloud");
    await field(add, "Name").fill("JumpCloud");
    await button(add, "Configure later").click();
    await settings.act("JumpCloud", "Edit…");
    const dialog = settings.dialog("Edit “JumpCloud”");
    await dialog.getByRole("radio", { name: "SAML 2.0" }).check();
    await field(dialog, "Entity ID").fill("JumpCloud");
    await field(dialog, "Sign-in URL").fill("https://sso.jumpcloud.example/saml2/rollcall");
    await field(dialog, "Certificate").fill(certificate("valid"));
    await button(dialog, "Save").click();
    await expect(settings.method("JumpCloud")).not.toContainText("Not configured");
    await settings.methodSwitch("JumpCloud").click();
    await expect(settings.methodSwitch("JumpCloud")).toBeChecked();
  });
});

test("an edit without a difference is saved without an entry in Activity", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  await settings.act("Okta", "Edit…");
  await button(settings.dialog("Edit “Okta”"), "Save").click();
  await expect(settings.dialog("Edit “Okta”")).toBeHidden();
  await page.goto(acme.settings("activity"));
  await expect(page.getByText("edited SSO method")).toHaveCount(0);
});

test("Cancel changes nothing, and the focus returns", async ({ page, team }) => {
  const settings = await enter(page, await team());
  await settings.act("Okta", "Edit…");
  const dialog = settings.dialog("Edit “Okta”");
  await expect(field(dialog, "Name")).toBeFocused();
  await field(dialog, "Name").fill("Something else");
  await button(dialog, "Cancel").click();
  await expect(settings.button("Actions for Okta")).toBeFocused();
  await reload(page);
  await expect(settings.method("Okta")).toBeVisible();
});
