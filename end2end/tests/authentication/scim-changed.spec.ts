import { button, enter, expect, hasJavaScript, open, test } from "../../fixtures/index.ts";

// Changes between opening the dialog and pressing Turn On: it is rejected with the reason, and the page has the new state.

test.describe("Changed meanwhile", { tag: "@no-js" }, () => {
  test("the plan", async ({ page, team, server, noise }) => {
    if (hasJavaScript()) noise.allow(/status of 403/);
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.scim.click();
    await server.run(["team", "set-plan", acme.slug, "professional"]);
    await button(settings.dialog("Turn on SCIM provisioning?"), "Turn On").click();

    const reason = "SCIM provisioning is part of the Enterprise plan. This team is on Professional.";
    await expect(settings.alert).toHaveText(reason);
    await expect(settings.dialog("Turn on SCIM provisioning?")).toBeHidden();
    await expect(settings.scim).not.toBeChecked();
    await expect(settings.scim).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("list", { name: "Requirements" })).toContainText(reason);
    await open(page, acme.settings());
    await expect(settings.scim).not.toBeChecked();
  });

  test("the SSO method", async ({ page, team, server, noise }) => {
    if (hasJavaScript()) noise.allow(/status of 403/);
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.scim.click();
    await server.run(["sso", "disable", "--team", acme.slug, "Okta"]);
    await button(settings.dialog("Turn on SCIM provisioning?"), "Turn On").click();

    await expect(settings.alert).toHaveText("Set up single sign-on first.");
    await expect(settings.scim).not.toBeChecked();
    await expect(settings.methodSwitch("Okta")).not.toBeChecked();
    await expect(settings.scim).toHaveAttribute("aria-disabled", "true");
  });

  test("both, with every reason", async ({ page, team, server, noise }) => {
    if (hasJavaScript()) noise.allow(/status of 403/);
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.scim.click();
    await server.run(["team", "set-plan", acme.slug, "basic"]);
    await server.run(["sso", "disable", "--team", acme.slug, "Okta"]);
    await button(settings.dialog("Turn on SCIM provisioning?"), "Turn On").click();
    await expect(settings.alert).toHaveText(/This team is on Basic\. Set up single sign-on first\.$/);
    await expect(page.getByText("2 of 3 requirements")).toBeVisible();
  });

  test("a second SSO method, before a key is generated", async ({ page, team, server, noise }) => {
    if (hasJavaScript()) noise.allow(/status of 403/);
    const acme = await team({ sso: ["Okta", "Google"] });
    await server.run(["sso", "disable", "--team", acme.slug, "Google"]);
    const settings = await enter(page, acme);
    await settings.turnOn();
    await settings.button("Generate SCIM API Key").click();
    const dialog = settings.dialog("Generate SCIM API key");
    await dialog.getByLabel("Name", { exact: true }).fill("CI");
    await server.run(["sso", "enable", "--team", acme.slug, "--yes", "Google"]);
    await button(dialog, "Generate").click();
    await expect(settings.alert).toHaveText("SCIM needs exactly one enabled SSO method. This team has 2: Okta and Google.");
    await expect(settings.reveal).toBeHidden();
    await expect(page.getByText("No API keys yet")).toBeVisible();
  });

  test("provisioning was turned off, before a key is generated", async ({ page, team, server, noise }) => {
    if (hasJavaScript()) noise.allow(/status of 409/);
    const acme = await team({ scim: true });
    const settings = await enter(page, acme);
    await settings.button("Generate SCIM API Key").click();
    const dialog = settings.dialog("Generate SCIM API key");
    await dialog.getByLabel("Name", { exact: true }).fill("CI");
    await server.run(["scim", "off", "--team", acme.slug]);
    await button(dialog, "Generate").click();
    await expect(settings.alert).toHaveText("Turn on SCIM provisioning first.");
    await expect(settings.scim).not.toBeChecked();
  });

  test("the method to delete is gone", async ({ page, team, noise }) => {
    if (hasJavaScript()) noise.allow(/status of 404/);
    const acme = await team();
    const settings = await enter(page, acme);
    await settings.act("Okta", "Delete…");
    const other = await enter(await page.context().newPage(), acme);
    await other.act("Okta", "Delete…");
    await button(other.dialog("Delete “Okta”?"), "Delete method").click();
    await expect(other.method("Okta")).toBeHidden();

    await button(settings.dialog("Delete “Okta”?"), "Delete method").click();
    await expect(settings.alert).toHaveText("This no longer exists. The page is up to date now.");
    await expect(settings.method("Okta")).toBeHidden();
  });
});
