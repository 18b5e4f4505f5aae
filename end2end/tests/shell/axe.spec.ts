import { button, enter, open, sections, checkPage, test } from "../../fixtures/index.ts";

test("axe finds nothing on the pages of a team, and where there is none", { tag: "@narrow" }, async ({ page, team }) => {
  test.slow();
  const acme = await team();
  await enter(page, acme);
  for (const path of await sections(page)) {
    await open(page, path);
    await checkPage(page);
  }
  await open(page, acme.settings("activity"));
  await page.locator("summary").first().click();
  await open(page, acme.settings("no-such-page"));
  await checkPage(page);
});

test("axe finds nothing in the menus", { tag: "@narrow" }, async ({ page, team }, info) => {
  test.slow();
  const acme = await team();
  await enter(page, acme);
  if (info.project.name === "narrow") await button(page, "Menu").click();
  await page.getByRole("button", { name: acme.name }).click();
  await checkPage(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: acme.owner.name }).click();
  await checkPage(page);
});
