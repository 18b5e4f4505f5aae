import { button, enter, expect, hasJavaScript, press, tabTo, test } from "../../fixtures/index.ts";

// A proxy in front of the server holds the requests of the self-test until the test has looked around.
test.use({ server: [async ({ front }, use) => use(front.server), { scope: "worker" }] });

test("the self-test is started and its result read with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, front }) => {
  const acme = await team({ scim: true });
  await enter(page, acme);
  await press(page, page.getByRole("link", { name: "self-test", exact: true }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Self-test");

  const release = front.hold();
  await press(page, button(page, "Run self-test"));
  const result = page.getByRole("heading", { level: 2 }).last();
  await expect(result).toHaveText("Running: 0 steps done");
  const checkAgain = page.getByRole("link", { name: "Check again" });
  await tabTo(page, checkAgain);
  release();
  await expect(async () => {
    if (!hasJavaScript() && (await checkAgain.isVisible())) await press(page, checkAgain);
    await expect(result).toHaveText(/^All \d+ steps passed$/, { timeout: hasJavaScript() ? 20_000 : 500 });
  }).toPass();
  if (hasJavaScript()) {
    await expect(checkAgain, "the focus stays while the result comes").toBeFocused();
    await expect(page.locator("#result-status")).toHaveText(/^All \d+ steps passed$/);
  }
  await press(page, button(page, "Run again"));
  await expect(result).toHaveText(/^Running|passed$/);
});
