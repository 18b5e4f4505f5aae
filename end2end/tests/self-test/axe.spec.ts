import { button, enter, expect, hasJavaScript, reload, sound, test } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

// What stands in front of the server keeps the self-test's requests waiting, or refuses them.
test.use({ server: [async ({ front }, use) => use(front.server), { scope: "worker" }] });

// axe takes its time: once in a phone's window, and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };
const result = (page: Page) => page.getByRole("heading", { level: 2 }).last();

test("axe finds nothing while the self-test runs and when it passed, and everything fits", everywhere, async ({ page, team, front }) => {
  test.slow();
  const acme = await team({ scim: true });
  await enter(page, acme, acme.settings("authentication/self-test"));
  await sound(page);
  const release = front.hold();
  await button(page, "Run self-test").click();
  await expect(result(page)).toHaveText("Running: 0 steps done");
  await sound(page);
  release();
  await ends(page, /^All \d+ steps passed$/);
  await sound(page);
});

test("a self-test that failed says what helps, and leads to what was sent; axe finds nothing, and everything fits", everywhere, async ({ page, team, front }) => {
  test.slow();
  const acme = await team({ scim: true });
  await enter(page, acme, acme.settings("authentication/self-test"));
  front.refuses = ["PATCH"];
  await button(page, "Run self-test").click();
  await ends(page, /^\d+ of \d+ steps failed/);
  front.refuses = [];
  await expect(page.getByText("Something in front of Rollcall answered instead.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Failed" })).not.toHaveCount(0);
  await sound(page);
  await expect(button(page, "Run again")).toBeVisible();
  await page.getByRole("link", { name: "View its requests in Activity" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Activity");
});

test("axe finds nothing where the self-test cannot be started, and everything fits", everywhere, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("authentication/self-test"));
  await expect(button(page, "Run self-test")).toHaveAccessibleDescription(/Turn on SCIM provisioning first/);
  await sound(page);
});

/** How it ended is shown by itself; without JavaScript, when the page is loaded again. */
async function ends(page: Page, says: RegExp): Promise<void> {
  await expect(async () => {
    if (!hasJavaScript()) await reload(page);
    await expect(result(page)).toHaveText(says, { timeout: hasJavaScript() ? 20_000 : 500 });
  }).toPass();
}
