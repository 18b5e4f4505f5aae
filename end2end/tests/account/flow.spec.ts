import { button, enter, expect, field, signIn, checkPage, test, type Team } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

function account(team: Team): string {
  return `/teams/${team.slug}/account`;
}

/** Opens the page from the user menu. */
async function fromTheMenu(page: Page, team: Team): Promise<void> {
  if ((page.viewportSize()?.width ?? 0) < 600) await button(page, "Menu").click();
  await page.getByRole("button", { name: `${team.owner.name} Super Admin` }).click();
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Account");
}

test("name, email and password can be changed", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme, acme.settings("members"));
  await fromTheMenu(page, acme);
  await field(page, "Name").fill("Augusta King");
  await button(page, "Save name").click();
  await expect(settings.notice).toHaveText("Name changed.");
  await expect(field(page, "Name")).toHaveValue("Augusta King");

  await field(page, "Email").fill("not an address");
  await button(page, "Save email").click();
  await expect(field(page, "Email")).toHaveAccessibleDescription(/Enter a valid email/);
  await expect(field(page, "Email")).toHaveValue("not an address");
  const email = `new-${acme.owner.email}`;
  await field(page, "Email").fill(email);
  await button(page, "Save email").click();
  await expect(settings.notice).toHaveText("Email changed. Use it the next time you sign in.");

  await field(page, "Current password").fill("wrong");
  await field(page, "New password").fill("seven copper kettles sing");
  await button(page, "Change password").click();
  await expect(field(page, "Current password")).toHaveAccessibleDescription(/Incorrect password/);
  await expect(field(page, "New password")).toHaveValue("");
  await field(page, "Current password").fill(acme.owner.password);
  await field(page, "New password").fill("seven copper kettles sing");
  await button(page, "Change password").click();
  await expect(settings.notice).toHaveText("Password changed. You've been signed out everywhere else.");

  await page.context().clearCookies();
  await signIn(page, acme, acme.settings("activity"), { email, password: "seven copper kettles sing" });
  const sentences = page.getByRole("region", { name: "Events" }).locator("summary");
  await expect(sentences).toContainText([
    "Augusta King signed in to the team",
    "Augusta King changed their own password",
    "Augusta King changed their own email",
  ]);
});

test("other browsers can be signed out", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team();
  const [second, third] = [await anotherBrowser(), await anotherBrowser()];
  for (const other of [second, third]) await enter(other, acme, account(acme));
  const settings = await enter(page, acme, account(acme));
  const sessions = page.getByRole("list", { name: "Sessions" });
  await expect(sessions.getByRole("listitem")).toHaveCount(3);
  await expect(sessions.getByText("This browser")).toHaveCount(1);
  await button(page, "Sign out everywhere else").focus();
  await page.keyboard.press("Enter");
  await expect(settings.notice).toHaveText("All other sessions signed out.");
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  await expect(button(page, "Sign out everywhere else")).toHaveAttribute("aria-disabled", "true");
  for (const other of [second, third]) {
    await other.goto(account(acme));
    await expect(other).toHaveURL(/\/sign-in\?next=/);
  }
});

test("the last Super Admin cannot leave, and the page has the reason", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme, account(acme));
  await expect(settings.button("Leave team")).toHaveAttribute("aria-disabled", "true");
  await expect(settings.button("Leave team")).toHaveAccessibleDescription(/last active Super Admin/);
});

test("while SCIM provisioning is on, blocked changes have a reason and a contact", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  test.slow();
  const acme = await team({ scim: true });
  const settings = await enter(page, acme, account(acme));
  const mine = "You can lift this by turning off SCIM provisioning in Authentication.";
  const last = "You're the team's last active Super Admin, so no one can remove you either. Make someone else a Super Admin first.";
  for (const [name, helps] of [["Save email", mine], ["Change password", mine], ["Leave team", last]] as const) {
    await expect(settings.button(name), name).toHaveAttribute("aria-disabled", "true");
    await expect(settings.button(name), name).toHaveAccessibleDescription(/while SCIM provisioning is on\./);
    await expect(settings.button(name), name).toHaveAccessibleDescription(new RegExp(`${helps.replaceAll(".", "\\.")}$`));
  }
  await checkPage(page);
});

test("axe finds nothing on the account page", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  test.slow();
  const acme = await team();
  await enter(page, acme, account(acme));
  await checkPage(page);
  await button(page, "Change password").click();
  await checkPage(page);
});
