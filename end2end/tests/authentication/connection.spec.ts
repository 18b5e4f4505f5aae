import { axe, enter, expect, provision, reload, tabTo, test } from "../../fixtures/index.ts";
import type { Page, Request } from "@playwright/test";

const card = (page: Page) => page.getByRole("region", { name: "SCIM provisioning" });

test("the connection: no request yet, then the last request and its sender", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme);
  await expect(card(page)).toContainText("Waiting for the first request…");
  await expect(card(page).getByRole("link", { name: "Open your provider's setup guide" })).toBeVisible();

  await provision(server, key, "/Users", { userName: "grace@acme.test", displayName: "Grace Hopper" });
  await provision(server, key, "/Users/nobody");
  // Requests are recorded a moment later.
  await expect(async () => {
    await reload(page);
    await expect(card(page)).toContainText("2 requests, 1 failed", { timeout: 500 });
  }).toPass();
  await expect(card(page)).toContainText("Connected");
  await expect(card(page)).toContainText("Okta tried to look up member “nobody”");
  await expect(card(page).getByRole("figure")).toContainText("Requests per hour");
  await axe(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await axe(page);

  await card(page).getByRole("link", { name: "1 failed" }).click();
  await expect(page.locator("details.event")).toHaveCount(1);
});

test("an open page updates the connection by itself", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  await page.clock.install();
  await enter(page, acme);
  await expect(card(page)).toContainText("No request yet");
  await provision(server, acme.keys[0] ?? "", "/Users?count=1", undefined, "PingFederate/12");
  await expect(async () => {
    await page.clock.runFor(16_000);
    await expect(card(page)).toContainText("Ping listed members", { timeout: 500 });
  }).toPass();
});

test("a page that updates itself keeps the focus", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  await page.clock.install();
  await enter(page, acme);
  const refresh = (request: Request) => request.headers()["rollcall-poll"] === "1";
  await provision(server, acme.keys[0] ?? "", "/Users?count=1", undefined, "PingFederate/12");
  const guide = card(page).getByRole("link", { name: "Open your provider's setup guide" });
  await tabTo(page, guide);
  let requests = 0;
  page.on("request", (request) => (requests += refresh(request) ? 1 : 0));
  await page.clock.runFor(40_000);
  expect(requests, "nothing is written anew under the focus").toBe(0);
  await expect(guide).toBeFocused();

  const menu = page.getByRole("button", { name: /^Actions for Production/ });
  await tabTo(page, menu);
  await expect(async () => {
    await page.clock.runFor(16_000);
    await expect(card(page)).toContainText("Ping listed members", { timeout: 500 });
  }).toPass();
  expect(requests).toBeGreaterThan(0);
  await expect(menu).toBeFocused();
});

test("a revoked key that is still used: the connection fails, with a link to the failures", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production", "Other"] });
  const [key = ""] = acme.keys;
  await server.run(["key", "revoke", "--team", acme.slug, /^rc_scim_(\w{12})_/.exec(key)?.[1] ?? ""]);
  for (let count = 0; count < 3; count++) await provision(server, key, "/Users?count=1");
  await enter(page, acme);
  await expect(async () => {
    await reload(page);
    await expect(card(page)).toContainText(/Failing since \d\d:\d\d/, { timeout: 500 });
  }).toPass();
  await expect(card(page)).toContainText("The last 3 requests from Okta failed: This SCIM API key was revoked");
  await axe(page);
  await card(page).getByRole("link", { name: "View failures" }).click();
  await expect(page.locator("details.event")).toHaveCount(3);
});
