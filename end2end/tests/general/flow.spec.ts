import { button, enter, expect, field, open, scimStatus, signIn, checkPage, test, type Settings } from "../../fixtures/index.ts";
import type { Locator } from "@playwright/test";

/** Opens a dialog by its button. */
async function opened(settings: Settings, opens: string, title: string): Promise<Locator> {
  await settings.button(opens).click();
  return settings.dialog(title);
}

test("the team's name and address can be changed", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme, acme.settings("general"));
  await field(page, "Name").fill("Globex");
  await button(page, "Save name").click();
  await expect(settings.notice).toHaveText("Team name changed.");

  let dialog = await opened(settings, "Change URL", "Change the team URL?");
  await field(dialog, "New team URL: /teams/…").fill("Not A Slug");
  await field(dialog, "Type Globex to confirm").fill("Globex");
  await button(dialog, "Change URL").click();
  dialog = settings.dialog("Change the team URL?");
  await expect(field(dialog, "New team URL: /teams/…")).toHaveAccessibleDescription(/Use 1–48/);
  await expect(field(dialog, "New team URL: /teams/…")).toHaveValue("Not A Slug");
  await field(dialog, "New team URL: /teams/…").fill(`${acme.slug}-2`);
  await field(dialog, "Type Globex to confirm").fill("Globex");
  await button(dialog, "Change URL").click();
  await expect(settings.notice).toHaveText("Team URL changed. The old URL no longer works.");
  await expect(page).toHaveURL(new RegExp(`/teams/${acme.slug}-2/settings/general`));
  const old = await page.goto(acme.settings("general"));
  expect(old?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page doesn't exist");
});

test("a member can be marked and unmarked as break-glass", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme, acme.settings("general"));
  const card = page.getByRole("region", { name: "Break-glass members" });
  await expect(card).toContainText("No break-glass members yet.");
  await field(card, "Choose an Admin or Super Admin").selectOption({ index: 0 });
  await button(card, "Make break-glass").click();
  await expect(settings.notice).toContainText(`${acme.owner.name} is now a break-glass member.`);
  await expect(card.getByRole("listitem")).toContainText(acme.owner.email);
  await button(card, `Remove break-glass from ${acme.owner.name}`).focus();
  await page.keyboard.press("Enter");
  await expect(settings.notice).toHaveText(`${acme.owner.name} is no longer a break-glass member.`);
});

test("all keys can be revoked, and everyone signed out", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team({ scim: true, keys: ["Okta", "CI"] });
  const other = await anotherBrowser();
  await enter(other, acme, acme.settings("members"));
  const settings = await enter(page, acme, acme.settings("general"));
  const keys = await opened(settings, "Revoke all keys", "Revoke all SCIM API keys?");
  await field(keys, `Type ${acme.name} to confirm`).fill(acme.name);
  await button(keys, "Revoke all keys").click();
  await expect(settings.notice).toContainText("All SCIM API keys revoked.");
  for (const key of acme.keys) expect(await scimStatus(page, key)).toBe(401);
  await expect(settings.button("Revoke all keys")).toHaveAttribute("aria-disabled", "true");
  await expect(settings.button("Delete team")).toHaveAccessibleDescription(/The operator of this server can run: rollcall team delete/);

  const everyone = await opened(settings, "Sign everyone out", "Sign everyone out?");
  await button(everyone, "Sign everyone out").click();
  const signOutDialog = settings.dialog("Sign everyone out?");
  await expect(field(signOutDialog, `Type ${acme.name} to confirm`)).toHaveAccessibleDescription(/to confirm/);
  await field(signOutDialog, `Type ${acme.name} to confirm`).fill(acme.name);
  await button(signOutDialog, "Sign everyone out").click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in\?next=/);
  await signIn(page, acme, acme.settings("general"));
});

test("axe finds nothing on the General page for any role", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const settings = await enter(page, acme, acme.settings("general"));
  await checkPage(page);
  for (const [opens, title] of [["Change URL", "Change the team URL?"], ["Sign everyone out", "Sign everyone out?"]] as const) {
    const dialog = await opened(settings, opens, title);
    await checkPage(page);
    await button(dialog, "Cancel").click();
    await expect(dialog).toBeHidden();
  }
  await open(page, `${acme.settings("members")}?dialog=invite&email=dev%40${acme.slug}.test`);
  await button(page, "Create link").click();
  const link = (await page.getByText(/\/invite\/[0-9a-f]{64}$/).textContent()) ?? "";
  const developer = await anotherBrowser();
  await developer.goto(new URL(link).pathname);
  await field(developer, "Your name").fill("Alan Turing");
  await field(developer, "Password").fill("seven copper kettles sing");
  await button(developer, `Join ${acme.name}`).click();
  await expect(developer).toHaveURL(`/teams/${acme.slug}/account`);
  await open(developer, acme.settings("general"));
  await expect(button(developer, "Save name")).toHaveAccessibleDescription(/Only Admins and Super Admins/);
  await checkPage(developer);
});
