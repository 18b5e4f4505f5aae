import { button, enter, expect, field, joinTeam, open, checkPage, test } from "../../fixtures/index.ts";

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };

test("axe finds nothing in the errors of the account page, and everything fits", everywhere, async ({ page, team }) => {
  test.slow();
  const acme = await team();
  await enter(page, acme, `/teams/${acme.slug}/account`);
  for (const [label, sends] of [["Name", "Save name"], ["Email", "Save email"], ["New password", "Change password"]] as const) {
    await field(page, label).fill("");
    await button(page, sends).click();
    await expect(field(page, label)).toHaveAttribute("aria-invalid", "true");
    await checkPage(page);
  }
});

test("axe finds nothing in the dialog to leave the team, and everything fits", everywhere, async ({ page, team, anotherBrowser }) => {
  const acme = await team({ name: "The International Society for Automatic Roll-calls" });
  await enter(page, acme);
  const other = await anotherBrowser();
  await joinTeam(page, other, acme);
  await open(other, `/teams/${acme.slug}/account`);
  await button(other, "Leave team").click();
  await expect(other.getByRole("dialog", { name: `Leave ${acme.name}?` })).toBeVisible();
  await checkPage(other);
});
