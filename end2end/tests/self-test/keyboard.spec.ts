import { button, enter, expect, hasJavaScript, press, tabTo, test } from "../../fixtures/index.ts";

// What stands in front of the server keeps the self-test's requests waiting for as long as a test of it looks around.
test.use({ server: [async ({ front }, use) => use(front.server), { scope: "worker" }] });

test("the self-test is started and its result read by the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, front }) => {
  const acme = await team({ scim: true });
  await enter(page, acme);
  await press(page, page.getByRole("link", { name: "self-test", exact: true }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Self-test");

  const release = front.hold();
  await press(page, button(page, "Run self-test"));
  const result = page.getByRole("heading", { level: 2 }).last();
  await expect(result).toHaveText("Running: 0 steps done");
  const again = page.getByRole("link", { name: "Check again" });
  await tabTo(page, again);
  release();
  await expect(async () => {
    if (!hasJavaScript() && (await again.isVisible())) await press(page, again);
    await expect(result).toHaveText(/^All \d+ steps passed$/, { timeout: hasJavaScript() ? 20_000 : 500 });
  }).toPass();
  if (hasJavaScript()) {
    await expect(again, "the focus stays while the result comes").toBeFocused();
    await expect(page.locator("#told")).toHaveText(/^All \d+ steps passed$/);
  }
  await press(page, button(page, "Run again"));
  await expect(result).toHaveText(/^Running|passed$/);
});
