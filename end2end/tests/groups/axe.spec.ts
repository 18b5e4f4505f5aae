import { button, enter, expect, field, group, joinTeam, open, people, checkPage, test } from "../../fixtures/index.ts";

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };

test("axe finds nothing without groups and in an empty group, and everything fits", everywhere, async ({ page, team, server }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, acme.settings("groups"));
  await checkPage(page);
  const empty = await group(server, key, "Data", []);
  await open(page, acme.settings(`groups/${empty}`));
  await expect(page.getByText("No members yet")).toBeVisible();
  await checkPage(page);
  const full = await group(server, key, "A group of a rather long name, as directories like to have them", await people(server, key, ["Grace Hopper"]));
  await open(page, acme.settings(`groups/${full}?q=nobody`));
  await expect(page.getByText("No members match")).toBeVisible();
  await checkPage(page);
});

test("axe finds nothing in the previews of allowed and denied mappings, and everything fits", everywhere, async ({ page, team, server, anotherBrowser }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [key = ""] = acme.keys;
  const names = ["Grace Hopper", "Barbara Liskov", "Mary Keller", "Radia Perlman", "Frances Allen", "Jean Bartik", "Kathleen Booth"];
  const ids = await people(server, key, names);
  const it = await group(server, key, "IT", ids);
  await enter(page, acme, acme.settings(`groups/${it}`));
  await field(page, "Role for everyone in this group").selectOption("Admin");
  await button(page, "Preview").click();
  await expect(page.getByRole("region", { name: "Assign Admin to everyone in IT?" })).toContainText("7 people would become Admin");
  await checkPage(page);
  await button(page, "Assign Admin to 7 people").click();
  await field(page, "Role for everyone in this group").selectOption("Admin");
  await button(page, "Preview").click();
  await expect(page.getByText("No change. The group already assigns this.")).toBeVisible();
  await expect(page.getByRole("region", { name: /^Assign Admin/ }), "nothing to confirm").toBeHidden();
  await checkPage(page);

  // An Admin cannot change a Super Admin, not even through a group.
  const roles = await page.request.post(`${acme.settings("members")}/${ids[0] ?? ""}/roles`, { form: { role: "super_admin" }, maxRedirects: 0 });
  expect(roles.status()).toBe(303);
  const other = await anotherBrowser();
  await joinTeam(page, other, acme, "admin");
  await open(other, acme.settings(`groups/${it}`));
  await field(other, "Role for everyone in this group").selectOption("Billing");
  await button(other, "Preview").click();
  await expect(other.getByRole("alert")).toBeVisible();
  await expect(button(other, "Assign Billing to 6 people")).toHaveAttribute("aria-disabled", "true");
  await checkPage(other);
});
