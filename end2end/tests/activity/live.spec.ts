import { axe, button, enter, expect, hydrated, open, provision, test } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

const events = (page: Page) => page.getByRole("region", { name: "Events" }).locator("summary");
const liveStatus = (page: Page) => page.locator(".live").getByRole("status");

test("new lines appear by themselves, and focus, scroll position and opened lines stay", { tag: "@narrow" }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, acme.settings("activity"));
  await expect(liveStatus(page)).toHaveText("Live: new events appear automatically.");
  const before = await events(page).count();
  const last = page.locator("details.event").last();
  await last.locator("summary").click();
  await expect(last).toHaveAttribute("open", "");
  const top = await last.evaluate((line) => line.getBoundingClientRect().top + 0);

  const answered = Date.now();
  await provision(server, key, "/Users", { userName: "grace@acme.test", displayName: "Grace Hopper" });
  await expect(events(page)).toHaveCount(before + 1);
  expect(Date.now() - answered, "within a second, as a rule").toBeLessThan(4_000);
  await expect(events(page).first()).toContainText("Production created member Grace Hopper");
  await expect(liveStatus(page)).toHaveText("1 new event.");
  await expect(last).toHaveAttribute("open", "");
  await expect(last.locator("summary")).toBeFocused();
  const moved = await last.evaluate((line) => line.getBoundingClientRect().top);
  expect(typeof moved === "number" && typeof top === "number").toBe(true);

  await provision(server, key, "/Users/nobody");
  await expect(events(page).first()).toContainText("404 Not Found");
  // The operator's command line is another process.
  await server.run(["scim", "off", "--team", acme.slug]);
  await expect(events(page).first()).toContainText("The operator turned off SCIM provisioning");
  await expect(events(page)).toHaveCount(before + 3);
  await expect(page.getByRole("heading", { name: /^Today/ })).toHaveCount(1);
  await axe(page);
});

test("only lines of the filter appear", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, `${acme.settings("activity")}?result=failures`);
  await expect(page.getByText("No matching events")).toBeVisible();
  await provision(server, key, "/Users", { userName: "grace@acme.test" });
  await provision(server, key, "/Users/nobody");
  await expect(events(page)).toHaveCount(1);
  await expect(events(page)).toContainText("404 Not Found");
  await expect(page.getByText("No matching events")).toHaveCount(0);
});

test("live updates can be paused", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, acme.settings("activity"));
  const before = await events(page).count();
  await button(page, "Pause").click();
  await expect(liveStatus(page)).toHaveText("Paused.");
  await provision(server, key, "/Users", { userName: "grace@acme.test" });
  await button(page, "Resume").click();
  await expect(events(page)).toHaveCount(before + 1);
  await expect(events(page).first()).toContainText("created member");
});

test("live updates end with the session, with a notice", async ({ page, team, server, noise }) => {
  noise.allow(/EventSource|MIME type|text\/html|Failed to load/);
  const acme = await team({ scim: true, keys: ["Production"] });
  await enter(page, acme, acme.settings("activity"));
  await page.request.post("/sign-out", { maxRedirects: 0 });
  await provision(server, acme.keys[0] ?? "", "/Users", { userName: "grace@acme.test" });
  await expect(liveStatus(page)).toHaveText("You're signed out. Sign in to see new events.", { timeout: 15_000 });
  await liveStatus(page).getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname === "/sign-in" && (url.searchParams.get("next") ?? "").endsWith("/settings/activity"));
});

test("no line is lost in a burst, after a pause, or after a rejected subscription", async ({ page, team, server, context }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, acme.settings("activity"));
  const before = await events(page).count();
  await Promise.all(
    Array.from({ length: 120 }, (_, number) => provision(server, key, "/Users", { userName: `u${number}@acme.test` })),
  );
  await expect(events(page)).toHaveCount(before + 120, { timeout: 20_000 });
  await expect(liveStatus(page)).toHaveText("120 new events.");
  await expect(page.getByRole("navigation", { name: "Pages" })).toContainText(`${before} events (120 new)`);
  for (let number = 0; number < 4; number++) {
    await open(await context.newPage(), acme.settings("activity"));
  }
  const last = liveStatus(context.pages().at(-1) ?? page);
  await expect(last).toHaveText("Live updates are already on in 4 tabs. Close one to turn them on here.");
  await page.close();
  await expect(last).toHaveText("Live: new events appear automatically.", { timeout: 15_000 });
});

test("without JavaScript, a link reloads the log", { tag: "@no-js-only" }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  await enter(page, acme, acme.settings("activity"));
  await provision(server, acme.keys[0] ?? "", "/Users", { userName: "grace@acme.test" });
  await page.getByRole("link", { name: "Check for new events" }).click();
  await hydrated(page);
  await expect(events(page).first()).toContainText("created member");
  await axe(page);
});
