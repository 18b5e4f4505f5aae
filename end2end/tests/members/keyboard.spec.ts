import { button, enter, expect, field, hasJavaScript, joinTeam, open, people, pick, press, tabTo, test, write } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

/** The line of a member. */
function row(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** Selects a member in the table. */
async function choose(page: Page, name: string): Promise<void> {
  await tabTo(page, field(page, `Select ${name}`));
  await page.keyboard.press("Space");
  await expect(field(page, `Select ${name}`)).toBeChecked();
}

test("members are searched, filtered, sorted and paged with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const many = Array.from({ length: 51 }, (_, index) => `Person ${String(index + 1).padStart(2, "0")}`);
  await people(server, acme.keys[0] ?? "", many);
  await enter(page, acme, acme.settings("members"));

  await write(page, field(page, "Search by name or email"), "person 07");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();
  await expect(row(page, "Person 07")).toBeVisible();
  await press(page, page.getByRole("link", { name: "Clear", exact: true }));
  await expect(page.getByText("52 members", { exact: true })).toBeVisible();

  await pick(page, field(page, "Source"), "SCIM");
  await pick(page, field(page, "Sort"), "Newest");
  await press(page, button(page, "Apply"));
  await expect(page.getByText("51 members", { exact: true })).toBeVisible();
  await expect(field(page, "Sort").locator("option:checked")).toHaveText("Newest first");
  await press(page, page.getByRole("link", { name: "Next page" }));
  await expect(page.getByText("51–51 of 51")).toBeVisible();
  await expect(page.getByRole("link", { name: "Page 2" })).toHaveAttribute("aria-current", "page");
  await press(page, page.getByRole("link", { name: "Previous page" }));
  await expect(page.getByText("1–50 of 51")).toBeVisible();
});

test("several members get a role with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  await people(server, acme.keys[0] ?? "", ["Grace Hopper", "Barbara Liskov"]);
  const settings = await enter(page, acme, acme.settings("members"));
  await press(page, button(page, "Assign role"));
  await expect(settings.alert).toContainText("Select at least one member");

  await choose(page, "Barbara Liskov");
  await choose(page, "Grace Hopper");
  await pick(page, field(page, "Role for selected members"), "Billing");
  await press(page, button(page, "Assign role"));
  await expect(settings.notice).toContainText("Roles changed");
  for (const name of ["Grace Hopper", "Barbara Liskov"]) await expect(row(page, name)).toContainText("Billing");
});

test("a member is opened and signed out everywhere with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  const other = await anotherBrowser();
  const { name } = await joinTeam(page, other, acme);
  await open(other, acme.settings("general"));

  await open(page, acme.settings("members"));
  await press(page, page.getByRole("link", { name, exact: true }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await press(page, button(page, "Sign out everywhere"));
  const dialog = settings.dialog(`Sign out ${name}?`);
  await expect(dialog.getByRole("heading")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button(page, "Sign out everywhere")).toBeFocused();
  await page.keyboard.press("Enter");
  await press(page, button(dialog, "Sign out everywhere"));
  await expect(settings.notice).toBeVisible();
  await expect(page.getByRole("region", { name: "Sessions" })).toContainText("Not signed in anywhere.");
  await other.goto(acme.settings("general"));
  await expect(other).toHaveURL(/\/sign-in\?next=/);
});

test("a member's roles are changed with the keyboard alone, and at least one is required", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [id = ""] = await people(server, acme.keys[0] ?? "", ["Grace Hopper"]);
  const settings = await enter(page, acme, acme.settings(`members/${id}`));
  const dialog = settings.dialog("Change roles for Grace Hopper");
  await press(page, button(page, "Change roles"));
  await tabTo(page, field(dialog, "Developer"));
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("Select at least one role");
  if (hasJavaScript()) await expect(field(dialog, "Super Admin"), "the focus is on the first box").toBeFocused();
  else await expect(dialog.getByRole("heading"), "the focus is in the dialog that came back").toBeFocused();
  await tabTo(page, field(dialog, "Billing"));
  await page.keyboard.press("Space");
  await press(page, button(dialog, "Save roles"));
  await expect(settings.notice).toHaveText("Roles changed. They take effect right away.");
});
