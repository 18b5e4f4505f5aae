import { button, clipboard, expect, link, open, scimStatus, Settings, tabTo, test } from "../../fixtures/index.ts";

test("the main flow works with the keyboard alone", async ({ page, team }) => {
  const acme = await team();
  await open(page, "/sign-in");
  await page.keyboard.type(acme.owner.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(acme.owner.password);
  await page.keyboard.press("Enter");
  const settings = new Settings(page);
  await expect(settings.scim).toBeVisible();
  await expect(page.locator("html[data-hydrated]")).toBeAttached();

  await tabTo(page, settings.scim);
  await page.keyboard.press("Space");
  const turnOn = settings.dialog("Turn on SCIM provisioning?");
  await expect(turnOn).toBeVisible();
  await tabTo(page, button(turnOn, "Turn On"));
  await page.keyboard.press("Enter");
  await expect(settings.scim).toBeChecked();
  await expect(settings.scim).toBeFocused();

  await tabTo(page, settings.button("Generate SCIM API Key"));
  await page.keyboard.press("Enter");
  await expect(settings.dialog("Generate SCIM API key")).toBeVisible();
  await page.keyboard.type("Okta production");
  await page.keyboard.press("Enter");
  const key = await settings.shownKey();
  await expect(settings.reveal.getByRole("heading", { name: "Copy your SCIM API key" })).toBeFocused();
  await tabTo(page, button(settings.reveal, "Copy SCIM API key"));
  await page.keyboard.press("Space");
  expect(await clipboard(page)).toBe(key);
  await tabTo(page, link(settings.reveal, "Done"));
  await page.keyboard.press("Enter");
  await expect(settings.reveal).toBeHidden();
  await expect(settings.button("Generate SCIM API Key")).toBeFocused();
  expect(await scimStatus(page, key)).toBe(200);

  const menu = page.getByRole("button", { name: `Actions for Okta production, ${key.slice(-4)}` });
  await tabTo(page, menu);
  await page.keyboard.press("Enter");
  await tabTo(page, button(page, "Revoke…"));
  await page.keyboard.press("Escape");
  await expect(button(page, "Revoke…")).toBeHidden();
  await expect(menu).toBeFocused();

  await page.keyboard.press("Enter");
  await tabTo(page, button(page, "Roll…"));
  await page.keyboard.press("Enter");
  await expect(settings.dialog("Roll “Okta production”?")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
});

test("the focus stays within an open dialog", async ({ page, team }) => {
  const acme = await team();
  await page.request.post("/sign-in", { form: { email: acme.owner.email, password: acme.owner.password } });
  await open(page, acme.settings());
  const settings = new Settings(page);
  await settings.scim.focus();
  await page.keyboard.press("Enter");
  const dialog = settings.dialog("Turn on SCIM provisioning?");
  await expect(dialog.getByRole("heading")).toBeFocused();
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => ["DIALOG", "BODY"].includes(document.activeElement?.tagName ?? "") || document.activeElement?.closest("dialog") !== null)).toBe(true);
  }
});

test("the first Tab offers to skip to the content", async ({ page, team }) => {
  const acme = await team();
  await page.request.post("/sign-in", { form: { email: acme.owner.email, password: acme.owner.password } });
  await open(page, acme.settings("members"));
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});
