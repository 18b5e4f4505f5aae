import { button, enter, expect, hasJavaScript, open, patch, people, provision, checkPage, test } from "../../fixtures/index.ts";

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };

test("axe finds nothing in open lines of every kind, and everything fits", everywhere, async ({ page, team, server }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [key = ""] = acme.keys;
  const [grace = ""] = await people(server, key, ["Grace Hopper"]);
  await patch(server, key, `/Users/${grace}`, { op: "replace", path: "title", value: `Rear ${"Admiral".repeat(30)}` });
  await provision(server, key, "/Users/nobody");
  await provision(server, key, "/Users", { userName: "grace.hopper@example.test", displayName: "A second Grace" });
  await provision(server, key, `/Users?filter=${encodeURIComponent(`title eq "${"unbroken".repeat(40)}`)}`);
  for (let reads = 0; reads < 3; reads++) await provision(server, key, "/Users?count=1");
  await enter(page, acme, acme.settings("activity"));
  const lines = page.locator("details.event");
  await expect(async () => {
    await open(page, acme.settings("activity"));
    for (const text of ["400 Bad Request", "404 Not Found", "409 Conflict", "read request"]) {
      await expect(lines.filter({ hasText: text })).not.toHaveCount(0, { timeout: 500 });
    }
    await expect(lines.filter({ hasText: "updated member" }).locator("pre")).toHaveCount(2, { timeout: 500 });
  }).toPass();
  for (const line of await lines.all()) await line.locator("summary").click();
  await checkPage(page);
});

test("axe finds nothing in an empty result and in a paused log, and everything fits", everywhere, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, `${acme.settings("activity")}?result=failures&member=${"nobody".repeat(20)}`);
  await expect(page.getByText("No matching events")).toBeVisible();
  await checkPage(page);
  if (!hasJavaScript()) return;
  await button(page, "Pause").click();
  await expect(button(page, "Resume")).toBeVisible();
  await checkPage(page);
});
