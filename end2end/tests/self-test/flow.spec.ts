import { axe, button, enter, expect, hasJavaScript, open, test } from "../../fixtures/index.ts";

test("it plays its steps, shows them as they end, and removes its data", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true });
  await enter(page, acme, acme.settings("authentication/self-test"));
  await axe(page);
  await button(page, "Run self-test").click();
  await expect(async () => {
    if (!hasJavaScript()) await page.reload();
    await expect(page.getByRole("heading", { level: 2 }).last()).toHaveText(/^All \d+ steps passed$/, { timeout: hasJavaScript() ? 20_000 : 500 });
  }).toPass();
  await expect(page.getByRole("listitem").filter({ hasText: "Entra ID disables the person with a string value" })).toContainText("Passed");
  await axe(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await axe(page);
  expect(await server.run(["key", "list", "--team", acme.slug])).toBe("");
  await open(page, acme.settings("members"));
  await expect(page.getByRole("main")).not.toContainText("self-test");
});

test("five keys do not block it, but provisioning that is off does", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["1", "2", "3", "4", "5"] });
  await enter(page, acme, acme.settings("authentication/self-test"));
  await expect(button(page, "Run self-test")).toBeEnabled();
  await server.run(["scim", "off", "--team", acme.slug]);
  await page.reload();
  await expect(button(page, "Run self-test")).toHaveAttribute("aria-disabled", "true");
  await expect(button(page, "Run self-test")).toHaveAccessibleDescription(/Turn on SCIM provisioning first/);
  await axe(page);
});
