import { button, enter, expect, hasJavaScript, reload, checkPage, test } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

// A proxy in front of the server holds or rejects the requests of the self-test.
test.use({ server: [async ({ front }, use) => use(front.server), { scope: "worker" }] });

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };
const result = (page: Page) => page.getByRole("heading", { level: 2 }).last();

test("axe finds nothing during a self-test and after its success, and everything fits", everywhere, async ({ page, team, front }) => {
  test.slow();
  const acme = await team({ scim: true });
  await enter(page, acme, acme.settings("authentication/self-test"));
  await checkPage(page);
  const release = front.hold();
  await button(page, "Run self-test").click();
  await expect(result(page)).toHaveText("Running: 0 steps done");
  await checkPage(page);
  release();
  await ends(page, /^All \d+ steps passed$/);
  await checkPage(page);
});

test("a failed self-test has advice and a link to its requests, axe finds nothing, and everything fits", everywhere, async ({ page, team, front }) => {
  test.slow();
  const acme = await team({ scim: true });
  await enter(page, acme, acme.settings("authentication/self-test"));
  front.refuses = ["PATCH"];
  await button(page, "Run self-test").click();
  await ends(page, /^\d+ of \d+ steps failed/);
  front.refuses = [];
  await expect(page.getByText("Something in front of Rollcall answered instead.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Failed" })).not.toHaveCount(0);
  await checkPage(page);
  await expect(button(page, "Run again")).toBeVisible();
  await page.getByRole("link", { name: "View its requests in Activity" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity");
});

test("axe finds nothing in a blocked self-test, and everything fits", everywhere, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("authentication/self-test"));
  await expect(button(page, "Run self-test")).toHaveAccessibleDescription(/Turn on SCIM provisioning first/);
  await checkPage(page);
});

/** The result appears by itself. Without JavaScript, the page has to be reloaded. */
async function ends(page: Page, says: RegExp): Promise<void> {
  await expect(async () => {
    if (!hasJavaScript()) await reload(page);
    await expect(result(page)).toHaveText(says, { timeout: hasJavaScript() ? 20_000 : 500 });
  }).toPass();
}
