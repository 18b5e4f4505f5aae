import { button, enter, expect, reload, test } from "../../fixtures/index.ts";

test("deleting needs a confirmation and removes the method", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: ["Okta", "Google"] }));
  await settings.act("Google", "Delete…");
  const dialog = settings.dialog("Delete “Google”?");
  await expect(dialog).toContainText("This permanently deletes its settings.");
  await button(dialog, "Cancel").click();
  await expect(settings.method("Google")).toBeVisible();

  await settings.act("Google", "Delete…");
  await button(dialog, "Delete method").click();
  await expect(settings.notice).toHaveText("SSO method deleted.");
  await expect(settings.method("Google")).toBeHidden();
  await expect(settings.method("Okta")).toBeVisible();
  await reload(page);
  await expect(settings.method("Google")).toBeHidden();
});

test("the dialog starts at Cancel, and afterwards the focus is on the list's heading", async ({ page, team }) => {
  const settings = await enter(page, await team());
  await settings.act("Okta", "Delete…");
  const dialog = settings.dialog("Delete “Okta”?");
  await expect(button(dialog, "Cancel")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No SSO methods yet")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Single sign-on methods" })).toBeFocused();
});

test("deleting the method of SCIM provisioning has a warning", async ({ page, team }) => {
  const settings = await enter(page, await team({ scim: true }));
  await settings.act("Okta", "Delete…");
  const dialog = settings.dialog("Delete “Okta”?");
  await expect(dialog).toContainText("SCIM provisioning stays on and its keys keep working, but you can't generate or roll keys until an SSO method is enabled.");
  await button(dialog, "Delete method").click();
  await expect(settings.scim).toBeChecked();
  await expect(settings.button("Generate SCIM API Key")).toHaveAccessibleDescription(/Set up single sign-on first\./);
});
