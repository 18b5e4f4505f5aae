import { button, enter, expect, field, fits, open, checkPage, test, type Team } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

/** Sends a request as an identity provider does. Returns the id of the new resource. */
async function scim(page: Page, team: Team, path: string, data: object): Promise<string> {
  const answer = await page.request.post(`/scim/v2${path}`, {
    headers: { authorization: `Bearer ${team.keys[0] ?? ""}`, "content-type": "application/scim+json" },
    data,
  });
  expect(answer.status(), path).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** Adds people, and a group with all of them. */
async function provision(page: Page, team: Team, group: string, names: string[]): Promise<void> {
  const members = [];
  for (const name of names) {
    const userName = `${name.toLowerCase().replace(/\W+/g, ".")}@example.test`;
    members.push({ value: await scim(page, team, "/Users", { userName, displayName: name }) });
  }
  await scim(page, team, "/Groups", { displayName: group, externalId: `ext-${group}`, members });
}

/** The line of a group. */
function row(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
}

/** The text about the selected role. */
function preview(page: Page, title: string): Locator {
  return page.getByRole("region", { name: title, exact: true });
}

test("without groups, the page explains how to add them", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const off = await team();
  await enter(page, off, off.settings("groups"));
  await expect(page.getByText("Turn on SCIM provisioning in")).toBeVisible();
  await checkPage(page);
  await page.getByRole("main").getByRole("link", { name: "Authentication" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Authentication");
});

test("groups can be searched and sorted, and the address has the query", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, "Data", []);
  await provision(page, acme, "Engineering", ["Grace Hopper", "Barbara Liskov"]);
  await provision(page, acme, "100 % Sales", ["Mary Keller"]);
  await enter(page, acme, acme.settings("groups"));
  await expect(page.getByText("3 groups", { exact: true })).toBeVisible();
  await expect(row(page, "Engineering")).toContainText("2");
  await expect(row(page, "Engineering")).toContainText("SCIM");
  await checkPage(page);

  await field(page, "Search by name").fill("%");
  await button(page, "Search").click();
  await expect(page.getByRole("rowheader")).toHaveText(["100 % Sales"]);
  expect(new URL(page.url()).searchParams.get("q")).toBe("%");
  await page.getByRole("link", { name: "Clear", exact: true }).click();
  await field(page, "Sort").selectOption("Most members first");
  await button(page, "Search").click();
  await expect(page.getByRole("rowheader")).toHaveText(["Engineering", "100 % Sales", "Data"]);
  await expect(field(page, "Sort")).toHaveValue("members");

  await field(page, "Search by name").fill("nothing like that");
  await button(page, "Search").click();
  await expect(page.getByText("No groups match")).toBeVisible();
  await checkPage(page);
  await page.goBack();
  await expect(row(page, "Engineering")).toBeVisible();
});

test("a group links to its members, and they link back", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, "Engineering", ["Grace Hopper", "Barbara Liskov"]);
  await enter(page, acme, acme.settings("groups"));
  await page.getByRole("link", { name: "Engineering", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Engineering");
  await expect(page.getByRole("region", { name: "Group" })).toContainText("ext-Engineering");
  await field(page, "Search by name or email").fill("grace");
  await button(page, "Search").click();
  await expect(page.getByRole("rowheader")).toHaveCount(1);
  await fits(page);
  await page.getByRole("rowheader").getByRole("link", { name: "Grace Hopper" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Grace Hopper");
  await page.getByRole("region", { name: "Groups" }).getByRole("link", { name: "Engineering" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Engineering");

  await page.getByRole("link", { name: "View in Members" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Members");
  await expect(field(page, "Group")).toHaveValue(/.+/);
  await expect(page.getByText("2 members", { exact: true })).toBeVisible();
  await checkPage(page);
  const file = await page.request.get((await page.getByRole("link", { name: "Export CSV" }).getAttribute("href")) ?? "");
  expect((await file.text()).trimEnd().split("\r\n")).toHaveLength(3);
  await page.getByRole("link", { name: "Remove group filter: Engineering" }).click();
  await expect(page.getByText("3 members", { exact: true })).toBeVisible();
  await field(page, "Group").selectOption("Engineering");
  await button(page, "Search").click();
  await expect(page.getByText("2 members", { exact: true })).toBeVisible();
});

test("a group is mapped to a role after a preview of the effect", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, "IT", ["Grace Hopper", "Barbara Liskov"]);
  const settings = await enter(page, acme, acme.settings("groups"));
  await page.getByRole("link", { name: "IT", exact: true }).click();
  await checkPage(page);
  const role = field(page, "Role for everyone in this group");
  const roles = await role.getByRole("option").allTextContents();
  expect([roles[0], roles[1], roles.at(-1)]).toEqual(["No role", "Admin", "Developer"]);
  expect(roles).not.toContain("Super Admin");
  await role.selectOption("Admin");
  await button(page, "Preview").click();
  const previewDialog = preview(page, "Assign Admin to everyone in IT?");
  await expect(previewDialog).toContainText("2 people would become Admin");
  await expect(previewDialog.getByRole("link", { name: "Grace Hopper" })).toBeVisible();
  await expect(role).toHaveValue("admin");
  await checkPage(page);
  await page.getByRole("link", { name: "Cancel", exact: true }).click();
  await expect(page.getByText("This group doesn't assign a role.")).toBeVisible();

  await role.selectOption("Admin");
  await button(page, "Preview").click();
  await button(page, "Assign Admin to 2 people").click();
  await expect(settings.notice).toHaveText("Role saved: 2 people became Admin.");
  await expect(page.getByText("Everyone in this group gets the Admin role.")).toBeVisible();
  await checkPage(page);

  await page.getByRole("rowheader").getByRole("link", { name: "Grace Hopper" }).click();
  const reasons = page.getByRole("list", { name: "Roles and where they come from" });
  await expect(reasons).toContainText("Admin, from group IT");
  await reasons.getByRole("link", { name: "IT" }).click();
  await role.selectOption("Admin");
  await button(page, "Preview").click();
  await expect(page.getByText("No change. The group already assigns this.")).toBeVisible();
  await expect(preview(page, "Assign Admin to everyone in IT?"), "nothing to confirm").toBeHidden();
  await role.selectOption("No role");
  await button(page, "Preview").click();
  await expect(preview(page, "Stop assigning Admin to IT?")).toContainText("2 people would lose Admin");
  await button(page, "Remove Admin from 2 people").click();
  await expect(settings.notice).toContainText("2 people lost Admin");

  await open(page, acme.settings("activity"));
  const sentences = page.getByRole("region", { name: "Events" }).locator("summary");
  await expect(sentences.first()).toContainText("removed the role of group IT (Admin): 2 people lost Admin");
});
