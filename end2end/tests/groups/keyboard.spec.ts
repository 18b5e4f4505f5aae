import { button, enter, expect, field, group, hasJavaScript, people, pick, press, test } from "../../fixtures/index.ts";

test("a group is mapped to a role, and the mapping removed, with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [key = ""] = acme.keys;
  await group(server, key, "IT", await people(server, key, ["Grace Hopper"]));
  const settings = await enter(page, acme, acme.settings("groups"));
  await press(page, page.getByRole("link", { name: "IT", exact: true }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("IT");

  const role = field(page, "Role for everyone in this group");
  await pick(page, role, "Admin");
  await press(page, button(page, "Preview"));
  const preview = page.getByRole("region", { name: "Assign Admin to everyone in IT?", exact: true });
  await expect(preview).toContainText("1 person would become Admin");
  await expect(preview, "the page stands where the answer is").toBeInViewport();
  if (hasJavaScript()) {
    await expect(button(page, "Preview"), "the focus stays").toBeFocused();
  } else {
    await page.keyboard.press("Tab");
    await expect(role, "the next stop is what was asked with").toBeFocused();
  }
  await press(page, page.getByRole("link", { name: "Cancel", exact: true }));
  await expect(page.getByText("This group doesn't assign a role.")).toBeVisible();

  await pick(page, role, "Admin");
  await press(page, button(page, "Preview"));
  await press(page, button(page, "Assign Admin to 1 person"));
  await expect(settings.notice).toHaveText("Role saved: 1 person became Admin.");

  await pick(page, role, "No");
  await press(page, button(page, "Preview"));
  await expect(page.getByRole("region", { name: "Stop assigning Admin to IT?" })).toContainText("1 person would lose Admin");
  await press(page, button(page, "Remove Admin from 1 person"));
  await expect(settings.notice).toContainText("1 person lost Admin");
});
