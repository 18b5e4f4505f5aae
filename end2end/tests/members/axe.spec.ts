import { button, enter, expect, field, hasJavaScript, joinTeam, open, people, checkPage, test } from "../../fixtures/index.ts";

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };
const longName = "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff";

test("axe finds nothing in the list of members, and everything fits", everywhere, async ({ page, team, server }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const names = Array.from({ length: 50 }, (_, index) => `Person ${index}`);
  await people(server, acme.keys[0] ?? "", [...names, longName]);
  const settings = await enter(page, acme, acme.settings("members"));
  await checkPage(page);
  // With few members, because axe needs time for every row.
  await open(page, `${acme.settings("members")}?q=ad`);
  await button(page, "Assign role").click();
  await expect(settings.alert).toContainText("Select at least one member");
  await checkPage(page);
  await field(page, "Select Ada Lovelace").check();
  await button(page, "Assign role").click();
  await expect(settings.notice).toBeVisible();
  await checkPage(page);
  await open(page, `${acme.settings("members")}?q=nobody`);
  await expect(page.getByText("No members match")).toBeVisible();
  await checkPage(page);
});

test("axe finds nothing on a member's page and in its dialogs, and everything fits", everywhere, async ({ page, team, server }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [id = ""] = await people(server, acme.keys[0] ?? "", [longName]);
  const settings = await enter(page, acme, acme.settings(`members/${id}`));
  await expect(button(page, "Remove")).toHaveAttribute("aria-disabled", "true");
  await checkPage(page);
  await button(page, "Change roles").click();
  const roles = settings.dialog(`Change roles for ${longName}`);
  await checkPage(page);
  await field(roles, "Developer").uncheck();
  await button(roles, "Save roles").click();
  const missing = /Select at least one role/;
  if (hasJavaScript()) await expect(roles.getByRole("group", { name: "Roles assigned manually" })).toHaveAccessibleDescription(missing);
  else await expect(roles.getByRole("alert")).toContainText(missing);
  await checkPage(page);

  await server.run(["scim", "off", "--team", acme.slug]);
  await open(page, acme.settings(`members/${id}`));
  for (const [opens, title] of [["Deactivate", `Deactivate ${longName}?`], ["Remove", `Remove ${longName}?`]] as const) {
    await button(page, opens).click();
    await expect(settings.dialog(title)).toBeVisible();
    await checkPage(page);
    await button(settings.dialog(title), "Cancel").click();
  }
  await button(page, "Deactivate").click();
  await button(settings.dialog(`Deactivate ${longName}?`), "Deactivate member").click();
  await expect(button(page, "Reactivate")).toBeVisible();
  await checkPage(page);
});

test("axe finds nothing on the page of a signed-in member and for a reader of the list, and everything fits", everywhere, async ({ page, team, anotherBrowser }) => {
  test.slow();
  const acme = await team();
  const settings = await enter(page, acme);
  const other = await anotherBrowser();
  const { name } = await joinTeam(page, other, acme);
  await open(page, acme.settings("members"));
  await page.getByRole("link", { name, exact: true }).click();
  await button(page, "Sign out everywhere").click();
  await expect(settings.dialog(`Sign out ${name}?`)).toBeVisible();
  await checkPage(page);
  await button(settings.dialog(`Sign out ${name}?`), "Cancel").click();
  await checkPage(page);
  await open(other, acme.settings("members"));
  await expect(button(other, "Invite member")).toHaveAttribute("aria-disabled", "true");
  await checkPage(other);
  await other.goto(acme.settings("activity"));
  await checkPage(other);
});
