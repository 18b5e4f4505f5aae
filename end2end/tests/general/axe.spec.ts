import { button, enter, expect, field, checkPage, test } from "../../fixtures/index.ts";

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };

test("axe finds nothing in the errors of the General page, and everything fits", everywhere, async ({ page, team }) => {
  test.slow();
  const acme = await team({ name: "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk", scim: true, keys: ["Okta"] });
  const settings = await enter(page, acme, acme.settings("general"));
  await field(page, "Name").fill("");
  await button(page, "Save name").click();
  await expect(field(page, "Name")).toHaveAttribute("aria-invalid", "true");
  await checkPage(page);
  for (const [opens, title, sends] of [
    ["Change URL", "Change the team URL?", "Change URL"],
    ["Revoke all keys", "Revoke all SCIM API keys?", "Revoke all keys"],
    ["Sign everyone out", "Sign everyone out?", "Sign everyone out"],
  ] as const) {
    const dialog = settings.dialog(title);
    await button(page, opens).click();
    await button(dialog, sends).click();
    await expect(field(dialog, `Type ${acme.name} to confirm`)).toHaveAttribute("aria-invalid", "true");
    await checkPage(page);
    await button(dialog, "Cancel").click();
    await expect(dialog).toBeHidden();
  }
  await button(page, "Make break-glass").click();
  await expect(settings.notice).toBeVisible();
  await checkPage(page);
});
