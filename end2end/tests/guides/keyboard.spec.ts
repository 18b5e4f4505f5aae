import { clipboard, enter, expect, hasJavaScript, hydrated, people, press, provision, tabTo, test } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

const status = (page: Page) => page.locator("[data-after]");

/** New requests appear by themselves. Without JavaScript, a link loads them. */
async function says(page: Page, text: string): Promise<void> {
  await expect(async () => {
    if (!hasJavaScript()) await press(page, page.getByRole("link", { name: "Check again" }));
    await expect(status(page)).toContainText(text, { timeout: hasJavaScript() ? 5_000 : 500 });
  }).toPass();
}

test("a provider is connected with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme);
  await press(page, page.getByRole("link", { name: "Open your provider's setup guide" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Setup guides");
  await press(page, page.getByRole("main").getByRole("link", { name: "Okta" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Connect Okta");
  await press(page, page.getByRole("navigation", { name: "Provider" }).getByRole("link", { name: "Entra ID" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Connect Microsoft Entra ID|^Connect Entra ID/);
  await hydrated(page);

  if (hasJavaScript()) {
    const copy = page.getByRole("button", { name: "Copy Tenant URL" });
    await tabTo(page, copy);
    await page.keyboard.press("Enter");
    await expect(copy).toHaveText("Copied");
    await expect(copy).toBeFocused();
    expect(await clipboard(page)).toMatch(/\/scim\/v2\?aadOptscim062020$/);
  }
  await expect(status(page)).toContainText("Waiting for the first request…");
  const checkAgain = page.getByRole("link", { name: "Check again" });
  await tabTo(page, checkAgain);
  await provision(server, key, "/Users?count=1", undefined, "Microsoft Azure AD SCIM provisioning 1.0.0");
  await says(page, "Connected");
  if (hasJavaScript()) await expect(checkAgain, "the focus stays").toBeFocused();
  await people(server, key, ["Grace Hopper"]);
  await says(page, "First member: Grace Hopper");
  if (hasJavaScript()) await expect(checkAgain, "the focus stays").toBeFocused();
  await press(page, page.getByRole("link", { name: "See the members" }));
  await expect(page.getByRole("link", { name: "Grace Hopper", exact: true })).toBeVisible();
});

test("a rejection is examined with the keyboard alone, and new requests keep the focus", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, acme.settings("authentication/guides/okta"));
  await provision(server, key, "/Users?filter=nonsense");
  await says(page, "A request arrived but was refused");
  const why = page.getByRole("main").getByRole("link", { name: "Activity" });
  await tabTo(page, why);
  await provision(server, key, "/Users?count=1");
  await says(page, "Connected");
  await expect(why).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("details.event").filter({ hasText: "400 Bad Request" })).toHaveCount(1);
});

test("a long value can be scrolled with the keyboard", { tag: "@narrow-only" }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  await enter(page, acme, acme.settings("authentication/guides/onelogin"));
  const long = page.locator(".copy-field-long code").first();
  await tabTo(page, long);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => long.evaluate((code) => code.scrollLeft)).toBeGreaterThan(0);
});
