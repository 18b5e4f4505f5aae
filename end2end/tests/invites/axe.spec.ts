import { button, enter, expect, field, inviteMember, open, checkPage, test } from "../../fixtures/index.ts";
import { Server } from "../../fixtures/server.ts";

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };

test("axe finds nothing in the dialogs of an invite, and everything fits", everywhere, async ({ page, team }) => {
  test.slow();
  const acme = await team({ scim: true });
  const settings = await enter(page, acme, `${acme.settings("members")}?dialog=invite&email=x`);
  const asks = settings.dialog("Invite member");
  await checkPage(page);
  await button(asks, "Create link").click();
  await expect(field(asks, "Email")).toHaveAttribute("aria-invalid", "true");
  await checkPage(page);
  await field(asks, "Email").fill(acme.owner.email);
  await button(asks, "Create link").click();
  await expect(asks.getByRole("alert")).toContainText("A member of this team already uses this email.");
  await expect(asks.getByRole("heading"), "the focus is in the dialog that came back").toBeFocused();
  await checkPage(page);
  await field(asks, "Email").fill(`gracebrewstermurrayhopperwithoutanyseparators@${acme.slug}.example.test`);
  await button(asks, "Create link").click();
  await expect(settings.dialog("Copy invite link")).toBeVisible();
  await checkPage(page);
});

test("axe finds nothing on the page of an invited member, and everything fits", everywhere, async ({ page, team }) => {
  test.slow();
  const acme = await team();
  const email = `gracebrewstermurrayhopperwithoutanyseparators@${acme.slug}.example.test`;
  const settings = await enter(page, acme);
  await inviteMember(page, acme, email, "super_admin");
  await open(page, acme.settings("members"));
  await checkPage(page);
  await page.getByRole("link", { name: email, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(email);
  await checkPage(page);
  for (const [opens, title] of [["Create new link", `Create a new invite link for ${email}?`], ["Revoke invite", `Revoke the invite for ${email}?`]] as const) {
    await button(page, opens).click();
    await expect(settings.dialog(title)).toBeVisible();
    await checkPage(page);
    await button(settings.dialog(title), "Cancel").click();
  }
});

test("axe finds nothing on the page of an invite, and everything fits", everywhere, async ({ page, team, anotherBrowser }) => {
  test.slow();
  const acme = await team({ name: "The International Society for Automatic Roll-calls" });
  await enter(page, acme);
  const path = await inviteMember(page, acme, `gracebrewstermurrayhopperwithoutanyseparators@${acme.slug}.example.test`, "billing");
  const other = await anotherBrowser();
  await open(other, path);
  await checkPage(other);
  await button(other, `Join ${acme.name}`).click();
  await expect(field(other, "Your name"), "what is wrong has the focus").toBeFocused();
  await expect(field(other, "Password")).toHaveAttribute("aria-invalid", "true");
  await checkPage(other);
  await other.goto("/invite/x");
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invite link doesn't work");
  await checkPage(other);
});

test("axe finds nothing on the page after too many links, and everything fits", everywhere, async ({ page }) => {
  const alone = await Server.start();
  const path = `${alone.url}/invite/${"0".repeat(64)}`;
  for (let tries = 0; tries < 25; tries++) await page.request.get(path);
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Too many attempts");
  await checkPage(page);
  await alone.stop();
});
