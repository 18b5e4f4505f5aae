import { button, clipboard, enter, expect, field, local, open, test, type Team } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

function dialog(page: Page, title: string): Locator {
  return page.getByRole("dialog", { name: title, exact: true });
}

/** Invites a person. Returns the link. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await button(page, "Invite member").click();
  await field(dialog(page, "Invite member"), "Email").fill(email);
  await field(dialog(page, "Invite member"), "Role").selectOption(role);
  await button(dialog(page, "Invite member"), "Create link").click();
  return shownLink(page);
}

/** The link in the dialog. */
async function shownLink(page: Page): Promise<string> {
  return (await dialog(page, "Copy invite link").getByText(/\/invite\/[0-9a-f]{64}$/).textContent()) ?? "";
}

/** Closes the dialog with the link. */
async function closeLink(page: Page): Promise<void> {
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

test("copying the link is announced", async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  const link = await invite(page, address(acme), "Developer");
  const copy = button(dialog(page, "Copy invite link"), "Copy invite link");
  await copy.click();
  await expect(copy).toHaveText("Copied");
  expect(await clipboard(page)).toBe(link);
});

test("an invited person joins by the link and is in the list", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  const link = await invite(page, address(acme), "Billing");
  expect(page.url()).not.toContain(local(link));
  await closeLink(page);
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

test("an invite can get a new link and be canceled", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team();
  const settings = await enter(page, acme, acme.settings("members"));
  const first = await invite(page, address(acme), "Developer");
  await closeLink(page);
  await page.getByRole("link", { name: address(acme), exact: true }).click();
  await button(page, "Create new link").click();
  await button(dialog(page, `Create a new invite link for ${address(acme)}?`), "Create link").click();
  const second = await shownLink(page);
  expect(second).not.toBe(first);
  await closeLink(page);
  await expect(settings.notice).toHaveText("New invite link created. The old one no longer works.");
  const other = await anotherBrowser();
  await other.goto(local(first));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invite link doesn't work");
  await other.goto(local(second));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText(`Join ${acme.name}`);

  await button(page, "Revoke invite").click();
  await button(dialog(page, `Revoke the invite for ${address(acme)}?`), "Revoke invite").click();
  await expect(settings.notice).toHaveText("Invite revoked. Its link no longer works.");
  await other.reload();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invite link doesn't work");
});

test("an existing member cannot be invited, and the dialog links to them", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  await button(page, "Invite member").click();
  await field(dialog(page, "Invite member"), "Email").fill(acme.owner.email);
  await button(dialog(page, "Invite member"), "Create link").click();
  await expect(page.getByRole("alert")).toContainText("A member of this team already uses this email.");
  await page.getByRole("link", { name: `Open ${acme.owner.name}`, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(acme.owner.name);
});

test("while SCIM provisioning is on, the dialog recommends the identity provider", { tag: "@no-js" }, async ({ page, team }) => {
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
  const results = await page.request.get(`/scim/v2/Users?filter=${encodeURIComponent(`userName eq "${address(acme)}"`)}`, { headers });
  const { Resources } = (await results.json()) as { Resources: { id: string; active: boolean }[] };
  expect(Resources[0]?.active).toBe(true);
  expect((await page.request.delete(`/scim/v2/Users/${Resources[0]?.id ?? ""}`, { headers })).status()).toBe(204);
  const other = await anotherBrowser();
  await other.goto(local(link));
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invite link doesn't work");
});
