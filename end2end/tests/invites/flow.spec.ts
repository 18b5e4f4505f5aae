import { button, clipboard, enter, expect, field, local, open, test, type Team } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

function dialog(page: Page, title: string): Locator {
  return page.getByRole("dialog", { name: title, exact: true });
}

/** Invites somebody, and gives back the link that is shown. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await button(page, "Invite member").click();
  await field(dialog(page, "Invite member"), "Email").fill(email);
  await field(dialog(page, "Invite member"), "Role").selectOption(role);
  await button(dialog(page, "Invite member"), "Create link").click();
  return shown(page);
}

/** The link that is shown. */
async function shown(page: Page): Promise<string> {
  return (await dialog(page, "Copy invite link").getByText(/\/invite\/[0-9a-f]{64}$/).textContent()) ?? "";
}

/** Done with the link. */
async function done(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Done", exact: true }).click();
  await expect(dialog(page, "Copy invite link")).toBeHidden();
}

async function join(page: Page, link: string): Promise<void> {
  await page.goto(local(link));
  await field(page, "Your name").fill("Grace Hopper");
  await field(page, "Password").fill("seven copper kettles sing");
  await page.getByRole("button", { name: /^Join / }).click();
}

function address(team: Team): string {
  return `grace@${team.slug}.test`;
}

test("the link is copied, which is said", async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  const link = await invite(page, address(acme), "Developer");
  const copy = button(dialog(page, "Copy invite link"), "Copy invite link");
  await copy.click();
  await expect(copy).toHaveText("Copied");
  expect(await clipboard(page)).toBe(link);
});

test("somebody is invited, joins by the link, and is in the list", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  const link = await invite(page, address(acme), "Billing");
  expect(page.url()).not.toContain(local(link));
  await done(page);
  await expect(page.getByRole("row").filter({ hasText: address(acme) })).toContainText("Invited");
  expect(await page.content()).not.toContain(local(link));

  const other = await anotherBrowser();
  await other.goto(local(link));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText(`Join ${acme.name}`);
  await button(other, `Join ${acme.name}`).click();
  await expect(field(other, "Your name")).toHaveAccessibleDescription(/Enter your name/);
  await join(other, link);
  await expect(other).toHaveURL(`/teams/${acme.slug}/account`);

  await open(page, acme.settings("members"));
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Grace Hopper", exact: true }) });
  await expect(row).toContainText("Active");
  await expect(row).toContainText("Billing");
  await (await anotherBrowser()).goto(local(link)).then((answer) => expect(answer?.status()).toBe(404));
});

test("an invite gets a new link, and is cancelled", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team();
  const settings = await enter(page, acme, acme.settings("members"));
  const first = await invite(page, address(acme), "Developer");
  await done(page);
  await page.getByRole("link", { name: address(acme), exact: true }).click();
  await button(page, "Create new link").click();
  await button(dialog(page, `Create a new invite link for ${address(acme)}?`), "Create link").click();
  const second = await shown(page);
  expect(second).not.toBe(first);
  await done(page);
  await expect(settings.told).toHaveText("New invite link created. The old one no longer works.");
  const other = await anotherBrowser();
  await other.goto(local(first));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invite link doesn't work");
  await other.goto(local(second));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText(`Join ${acme.name}`);

  await button(page, "Revoke invite").click();
  await button(dialog(page, `Revoke the invite for ${address(acme)}?`), "Revoke invite").click();
  await expect(settings.told).toHaveText("Invite revoked. Its link no longer works.");
  await other.reload();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invite link doesn't work");
});

test("who is a member already is not invited, and the dialog leads to them", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  await button(page, "Invite member").click();
  await field(dialog(page, "Invite member"), "Email").fill(acme.owner.email);
  await button(dialog(page, "Invite member"), "Create link").click();
  await expect(page.getByRole("alert")).toContainText("A member of this team already uses this email.");
  await page.getByRole("link", { name: `Open ${acme.owner.name}`, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(acme.owner.name);
});

test("while SCIM provisioning is on, inviting says where people should come from", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team({ scim: true });
  await enter(page, acme, acme.settings("members"));
  await button(page, "Invite member").click();
  await expect(dialog(page, "Invite member")).toContainText("SCIM provisioning is on, so most people should come from Okta");
});

test("deprovisioning ends the invite", async ({ page, team, anotherBrowser }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await enter(page, acme, acme.settings("members"));
  const link = await invite(page, address(acme), "Developer");
  const headers = { authorization: `Bearer ${acme.keys[0] ?? ""}`, "content-type": "application/scim+json" };
  const found = await page.request.get(`/scim/v2/Users?filter=${encodeURIComponent(`userName eq "${address(acme)}"`)}`, { headers });
  const { Resources } = (await found.json()) as { Resources: { id: string; active: boolean }[] };
  expect(Resources[0]?.active).toBe(true);
  expect((await page.request.delete(`/scim/v2/Users/${Resources[0]?.id ?? ""}`, { headers })).status()).toBe(204);
  const other = await anotherBrowser();
  await other.goto(local(link));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invite link doesn't work");
});
