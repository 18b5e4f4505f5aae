import { readFile } from "node:fs/promises";
import { axe, button, enter, expect, hasJavaScript, hydrated, open, press, test, type Server, type Team } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

const events = (page: Page) => page.locator("details.event > summary");
const choice = (page: Page, name: string) => page.getByRole("search", { name: "Activity" }).getByLabel(name, { exact: true });

async function provision(server: Server, key: string, path: string, user?: object): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/scim+json" };
  await fetch(`${server.url}/scim/v2${path}`, user ? { method: "POST", headers, body: JSON.stringify(user) } : { headers });
}

/** A team whose provider created one person and searched for another who does not exist. */
async function used(team: (wishes: object) => Promise<Team>, server: Server): Promise<Team> {
  const acme = await team({ scim: true, keys: ["Okta production"] });
  await provision(server, acme.keys[0] ?? "", "/Users", { userName: "grace@acme.test", displayName: "Grace Hopper" });
  await provision(server, acme.keys[0] ?? "", "/Users/nobody");
  return acme;
}

/** Selects a value of a filter, which applies at once if scripts run. */
async function choose(page: Page, name: string, option: string): Promise<void> {
  const value = await choice(page, name).locator("option", { hasText: option }).first().getAttribute("value");
  await choice(page, name).selectOption(option);
  if (!hasJavaScript()) await button(page, "Apply").click();
  await page.waitForURL((url) => [...url.searchParams.values()].includes(value ?? ""));
  await hydrated(page);
}

test("the log is filtered by actor, result and time, and the address has the filter", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await used(team, server);
  await enter(page, acme, acme.settings("activity"));
  // A failure is recorded a moment later.
  await expect(async () => {
    await open(page, acme.settings("activity"));
    await expect(events(page).filter({ hasText: "tried to look up member" })).toHaveCount(1, { timeout: 500 });
  }).toPass();
  const total = await events(page).count();

  await choose(page, "Actor", "Providers");
  await choose(page, "Time", "Last hour");
  await expect(events(page)).toHaveCount(2);
  await expect(choice(page, "Actor")).toHaveValue("providers");
  await expect(choice(page, "Time")).toHaveValue("hour");

  await choose(page, "Result", "Failures");
  await expect(page.getByText("1 event matches")).toBeVisible();
  await expect(events(page)).toContainText("404 Not Found");

  await page.goBack();
  await expect(events(page)).toHaveCount(2);
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(events(page)).toHaveCount(total);

  await choose(page, "Actor", "The operator");
  await choose(page, "Result", "Failures");
  await expect(page.getByText("No matching events")).toBeVisible();
});

test("the filtered log is exported without secrets", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await used(team, server);
  await enter(page, acme, `${acme.settings("activity")}?actor=providers&result=changes`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export NDJSON" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`${acme.slug}-activity.ndjson`);
  const text = await readFile(await file.path(), "utf8");
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ kind: "change", change: { what: "member_provisioned", name: "Grace Hopper" } }]);
  expect(text).not.toContain(acme.keys[0] ?? "no key");
});

test("the filters work with the keyboard, and axe finds nothing", { tag: "@narrow" }, async ({ page, team, server }) => {
  const acme = await used(team, server);
  await enter(page, acme, acme.settings("activity"));
  await choice(page, "Actor").focus();
  await page.keyboard.type("People");
  await expect(choice(page, "Actor"), "whoever chooses by keys stays there").toBeFocused();
  await press(page, button(page, "Apply"));
  await page.waitForURL((url) => url.searchParams.get("actor") === "people");
  await hydrated(page);
  await events(page).first().press("Enter");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await axe(page);
  }
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
