import { axe, button, enter, expect, field, link, open, checkPage, test, type Settings } from "../../fixtures/index.ts";

/** Opens a dialog, scans it, and closes it. */
async function scan(settings: Settings, title: string, opening: () => Promise<unknown>, closing = "Cancel"): Promise<void> {
  await test.step(title, async () => {
    await opening();
    await expect(settings.dialog(title)).toBeVisible();
    await checkPage(settings.page);
    await button(settings.dialog(title), closing).click();
    await expect(settings.dialog(title)).toBeHidden();
  });
}

test.describe("axe finds nothing", { tag: "@narrow" }, () => {
  test.slow();

  test("with provisioning off and available, and in its dialogs", async ({ page, team }) => {
    const settings = await enter(page, await team());
    await checkPage(page);
    await scan(settings, "Turn on SCIM provisioning?", () => settings.scim.click());
    await scan(settings, "Add authentication method", async () => {
      await settings.button("Add authentication method").click();
      await button(page, "Add").click();
      await expect(field(settings.dialog("Add authentication method"), "Name")).toHaveAttribute("aria-invalid", "true");
    });
    await settings.button("Actions for Okta").click();
    await checkPage(page);
    await page.keyboard.press("Escape");
    await scan(settings, "Edit “Okta”", () => settings.act("Okta", "Edit…"));
    await scan(settings, "Delete “Okta”?", () => settings.act("Okta", "Delete…"));
  });

  test("with provisioning blocked", async ({ page, team }) => {
    const settings = await enter(page, await team({ plan: "professional", sso: ["Okta", "Google"] }));
    await checkPage(page);
    await scan(settings, "Choose the SSO method to keep", () => button(page, "Choose which to keep").click());
    await enter(page, await team({ sso: [] }));
    await checkPage(page);
  });

  test("with provisioning on and keys, and in their dialogs", async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["Okta production", "CI"] });
    const settings = await enter(page, acme);
    await checkPage(page);
    await scan(settings, "Turn off SCIM provisioning?", async () => {
      await settings.scim.click();
      await button(page, "Turn Off").click();
    });
    await scan(settings, "Generate SCIM API key", async () => {
      await settings.button("Generate SCIM API Key").click();
      await button(page, "Generate").click();
    });
    const tail = (acme.keys[0] ?? "").slice(-4);
    await scan(settings, "Revoke “Okta production”?", () => settings.act(tail, "Revoke…"));
    await settings.act(tail, "Roll…");
    await checkPage(page);
    await button(page, "Roll key").click();
    await settings.shownKey();
    await checkPage(page);
    await link(settings.reveal, "Done").click();
    await checkPage(page);
    await link(settings.reveal, "Close without copying").click();
    await scan(settings, "When should the old key stop working?", () => settings.act(tail, "Extend…"));
    await scan(settings, "End the old key now?", () => settings.act(tail, "End now…"));
    await checkPage(page);
  });

  test("on a team with a history, and on a forbidden page", async ({ page, demo, baseURL }) => {
    expect(baseURL).not.toBe(demo.server.url);
    await page.request.post(`${demo.server.url}/sign-in`, { form: { email: "ada@live.test", password: password(demo.printed) } });
    await open(page, `${demo.server.url}/teams/live/settings/authentication`);
    await expect(page.getByText("“Directory sync” expires in")).toBeVisible();
    await checkPage(page);
    await open(page, `${demo.server.url}/teams/live/settings/activity`);
    await page.locator("summary").first().click();
    await checkPage(page);
    await page.context().clearCookies();
    await page.request.post(`${demo.server.url}/sign-in`, { form: { email: "alan@live.test", password: password(demo.printed) } });
    await page.goto(`${demo.server.url}/teams/live/settings/authentication`);
    await checkPage(page);
  });
});

test("axe finds nothing without JavaScript: a new key, a returned form", { tag: ["@no-js", "@no-js-only"] }, async ({ page, team }) => {
  const settings = await enter(page, await team({ scim: true }));
  await axe(page);
  await settings.generate("CI");
  await axe(page);
  await settings.done();
  await settings.button("Add authentication method").click();
  await axe(page);
  await button(page, "Add").click();
  await expect(field(settings.dialog("Add authentication method"), "Name")).toHaveAttribute("aria-invalid", "true");
  await axe(page);
});

function password(printed: string): string {
  return /^Password for all accounts: (.+)$/m.exec(printed)?.[1] ?? "";
}
