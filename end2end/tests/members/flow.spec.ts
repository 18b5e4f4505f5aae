import { axe, button, enter, expect, field, hasJavaScript, open, checkPage, test, type Settings, type Team } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

/** Adds people as an identity provider does. */
async function provision(page: Page, team: Team, names: string[]): Promise<void> {
  for (const name of names) {
    const userName = `${name.toLowerCase().replace(/\W+/g, ".")}@example.test`;
    const answer = await page.request.post("/scim/v2/Users", {
      headers: { authorization: `Bearer ${team.keys[0] ?? ""}`, "content-type": "application/scim+json" },
      data: { userName, displayName: name, title: "Tour Guide", emails: [{ value: userName, type: "work", primary: true }] },
    });
    expect(answer.status(), name).toBe(201);
  }
}

/** The line of a member. */
function row(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** Selects a value of a filter, which applies at once if scripts run. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await field(page, label).selectOption(option);
  if (!hasJavaScript()) await button(page, "Apply").click();
  const value = await field(page, label).locator("option", { hasText: option }).first().getAttribute("value");
  await page.waitForURL((url) => [...url.searchParams.values()].includes(value ?? ""));
}

/** Opens a dialog of the member's page, and submits it. */
async function act(settings: Settings, opens: string, title: string, sends: string): Promise<void> {
  await settings.button(opens).click();
  await button(settings.dialog(title), sends).click();
}

test("members can be searched, filtered and sorted, and the address has the query", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper", "Barbara Liskov", "100 % Sure"]);
  await enter(page, acme, acme.settings("members"));
  await expect(page.getByText("4 members", { exact: true })).toBeVisible();

  await field(page, "Search by name or email").fill("%");
  await button(page, "Search").click();
  await expect(row(page, "100 % Sure")).toBeVisible();
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();
  expect(new URL(page.url()).searchParams.get("q")).toBe("%");

  await page.getByRole("link", { name: "Clear", exact: true }).click();
  await choose(page, "Source", "SCIM");
  await choose(page, "Sort", "Newest first");
  await expect(page.getByRole("rowheader").getByRole("link")).toHaveText(["100 % Sure", "Barbara Liskov", "Grace Hopper"]);
  await expect(field(page, "Source")).toHaveValue("directory");
  if (hasJavaScript()) expect(new URL(page.url()).search).toBe("?source=directory&sort=newest");

  await field(page, "Search by name or email").fill("nobody at all");
  await button(page, "Search").click();
  await expect(page.getByText("No members match")).toBeVisible();
  await page.goBack();
  await expect(row(page, "Grace Hopper")).toBeVisible();
});

test("going back restores the filters of the previous page", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper", "Barbara Liskov"]);
  await enter(page, acme, acme.settings("members"));
  await field(page, "Search by name or email").fill("grace");
  await button(page, "Search").click();
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();
  await choose(page, "Status", "Deactivated");
  await expect(page.getByText("No members match")).toBeVisible();
  await page.goBack();
  await expect(row(page, "Grace Hopper")).toBeVisible();
  await expect(field(page, "Status")).toHaveValue("");
  await expect(field(page, "Search by name or email")).toHaveValue("grace");
  await page.goBack();
  await expect(page.getByText("3 members", { exact: true })).toBeVisible();
  await expect(field(page, "Search by name or email")).toHaveValue("");
});

test("columns can be sorted in both directions by their headers", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper", "Barbara Liskov"]);
  await enter(page, acme, acme.settings("members"));
  const names = page.getByRole("rowheader").getByRole("link");
  const head = (name: string) => page.getByRole("columnheader", { name: new RegExp(name) });
  await expect(head("Member")).toHaveAttribute("aria-sort", "ascending");
  await head("Member").getByRole("link").click();
  await expect(head("Member")).toHaveAttribute("aria-sort", "descending");
  await expect(names).toHaveText(["Grace Hopper", "Barbara Liskov", acme.owner.name]);
  await head("Role").getByRole("link").click();
  await expect(names).toHaveText([acme.owner.name, "Barbara Liskov", "Grace Hopper"]);
  expect(new URL(page.url()).searchParams.get("sort")).toBe("role");
  await expect(head("Member")).not.toHaveAttribute("aria-sort");
});

test("a member's menu links to the possible actions", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper"]);
  const settings = await enter(page, acme, acme.settings("members"));
  await button(page, "Actions for Grace Hopper").click();
  await expect(page.getByRole("link", { name: "Remove…" }).filter({ visible: true })).toHaveAccessibleDescription(/Managed by Okta/);
  if (hasJavaScript()) await axe(page);
  await page.getByRole("link", { name: "Change roles…" }).filter({ visible: true }).click();
  await expect(settings.dialog("Change roles for Grace Hopper")).toBeVisible();
});

test("a member of the directory has its provider and the reason why they cannot be removed", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper"]);
  const settings = await enter(page, acme, acme.settings("members"));
  await page.getByRole("link", { name: "Grace Hopper", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Grace Hopper");
  await expect(page.getByRole("region", { name: "Profile" })).toContainText("Managed by Okta through SCIM");
  await expect(page.getByRole("region", { name: "Profile" })).toContainText("Tour Guide");
  await expect(settings.button("Deactivate")).toHaveAttribute("aria-disabled", "true");
  await expect(settings.button("Remove")).toHaveAccessibleDescription(/Okta manages this member through SCIM/);
  await settings.button("Remove").click({ force: true });
  await expect(settings.dialog("Remove Grace Hopper?")).toBeHidden();

  await settings.button("Change roles").click();
  const dialog = settings.dialog("Change roles for Grace Hopper");
  await field(dialog, "Admin").check();
  await button(dialog, "Save roles").click();
  await expect(settings.notice).toHaveText("Roles changed. They take effect right away.");
  await expect(page.getByRole("list", { name: "Roles and where they come from" })).toContainText("Admin, assigned manually");
});

test("a member can be deactivated, reactivated and removed", { tag: "@no-js" }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper"]);
  await server.run(["scim", "off", "--team", acme.slug]);
  const settings = await enter(page, acme, acme.settings("members"));
  await page.getByRole("link", { name: "Grace Hopper", exact: true }).click();

  await settings.button("Deactivate").click();
  await button(settings.dialog("Deactivate Grace Hopper?"), "Cancel").click();
  await expect(settings.dialog("Deactivate Grace Hopper?")).toBeHidden();
  await act(settings, "Deactivate", "Deactivate Grace Hopper?", "Deactivate member");
  await expect(settings.notice).toHaveText("Grace Hopper was deactivated and signed out everywhere.");
  await act(settings, "Reactivate", "Reactivate Grace Hopper?", "Reactivate member");
  await expect(settings.notice).toHaveText("Grace Hopper was reactivated and can sign in again.");
  await act(settings, "Remove", "Remove Grace Hopper?", "Remove member");
  await expect(settings.notice).toHaveText("Grace Hopper was removed and signed out everywhere.");
  await expect(row(page, "Grace Hopper")).toHaveCount(0);

  await open(page, acme.settings("activity"));
  const sentences = page.getByRole("region", { name: "Events" }).locator("summary");
  await expect(sentences.first()).toContainText("Ada Lovelace removed member Grace Hopper");
});

test("the last Super Admin cannot be removed, and the dialog has the reason", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme, acme.settings("members"));
  await page.getByRole("link", { name: acme.owner.name, exact: true }).click();
  await settings.button("Change roles").click();
  const dialog = settings.dialog(`Change roles for ${acme.owner.name}`);
  await expect(field(dialog, "Super Admin")).toBeChecked();
  await expect(field(dialog, "Super Admin")).toBeDisabled();
  await expect(field(dialog, "Super Admin")).toHaveAccessibleDescription(/last active Super Admin/);
  await field(dialog, "Developer").check();
  await button(dialog, "Save roles").click();
  await expect(settings.notice).toContainText("Roles changed");
  const roles = page.getByRole("list", { name: "Roles and where they come from" });
  await expect(roles).toContainText("Super Admin, assigned manually");
  await expect(roles).toContainText("Developer, assigned manually");
});

test("a dialog can be opened and closed with the keyboard", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme, acme.settings("members"));
  await page.getByRole("link", { name: acme.owner.name, exact: true }).click();
  await settings.button("Change roles").focus();
  await page.keyboard.press("Enter");
  await expect(settings.dialog(`Change roles for ${acme.owner.name}`)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(settings.dialog(`Change roles for ${acme.owner.name}`)).toBeHidden();
  await expect(settings.button("Change roles")).toBeFocused();
});

test("several members can get a role at once", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper", "Barbara Liskov"]);
  const settings = await enter(page, acme, acme.settings("members"));
  await button(page, "Assign role").click();
  await expect(settings.alert).toContainText("Select at least one member");
  await field(page, "Select Grace Hopper").check();
  await field(page, "Select Barbara Liskov").check();
  await field(page, "Role for selected members").selectOption("Billing");
  await button(page, "Assign role").click();
  await expect(settings.notice).toContainText("Roles changed for 2 members.");
  await expect(field(page, "Role for selected members")).toHaveValue("billing");
  for (const name of ["Grace Hopper", "Barbara Liskov"]) await expect(row(page, name)).toContainText("Billing");
});

test("the confirmation lists the members who would become Admin", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper", "Barbara Liskov"]);
  const settings = await enter(page, acme, acme.settings("members"));
  await field(page, "Select Grace Hopper").check();
  await field(page, "Role for selected members").selectOption("Admin");
  await button(page, "Assign role").click();
  const dialog = settings.dialog("Assign Admin to 1 member?");
  await expect(dialog).toContainText("Grace Hopper: becomes Admin");
  await checkPage(page);
  await button(dialog, "Cancel").click();
  await expect(row(page, "Grace Hopper")).not.toContainText("Admin");
  await expect(field(page, "Select Grace Hopper")).toBeChecked();
  await button(page, "Assign role").click();
  await button(dialog, "Assign role").click();
  await expect(settings.notice).toContainText("Roles changed for 1 member.");
  await expect(row(page, "Grace Hopper")).toContainText("Admin");
});

test("all members of the page can be selected at once", { tag: "@narrow" }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper", "Barbara Liskov"]);
  await enter(page, acme, acme.settings("members"));
  await field(page, "Select Grace Hopper").check();
  await expect(page.getByText("1 selected", { exact: true })).toBeVisible();
  await page.getByLabel("Select all members on this page").filter({ visible: true }).check();
  await expect(page.getByText("3 selected", { exact: true })).toBeVisible();
  await expect(field(page, "Select Barbara Liskov")).toBeChecked();
});

test("the list is exported with its filters", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await provision(page, acme, ["Grace Hopper", "=1+1"]);
  await enter(page, acme, `${acme.settings("members")}?source=directory`);
  const href = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
  const answer = await page.request.get(href ?? "");
  expect(answer.headers()["content-type"]).toContain("text/csv");
  const lines = (await answer.text()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/,Groups,ID$/);
  expect(lines[1]).toMatch(/^"'=1\+1",/);
});
