import { button, enter, expect, field, hydrated, open, patch, people, pick, press, provision, tabTo, test, write, type Server, type Team } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

/** A line of the log. */
const line = (page: Page, text: string) => page.locator("details.event").filter({ hasText: text });
const liveStatus = (page: Page) => page.locator(".live").getByRole("status");

/** The log of a team whose provider created Grace and changed her title, with the requests, which are recorded later. */
async function used(page: Page, team: (wishes: object) => Promise<Team>, server: Server): Promise<{ acme: Team; key: string }> {
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [key = ""] = acme.keys;
  const [grace = ""] = await people(server, key, ["Grace Hopper"]);
  await patch(server, key, `/Users/${grace}`, { op: "replace", path: "title", value: "Rear Admiral" });
  await enter(page, acme, acme.settings("activity"));
  await expect(async () => {
    await open(page, acme.settings("activity"));
    await expect(line(page, "updated member").locator("pre")).toHaveCount(2, { timeout: 500 });
  }).toPass();
  return { acme, key };
}

/** Opens a line by its summary. */
async function opened(page: Page, entry: Locator): Promise<void> {
  await press(page, entry.locator("summary"));
  await expect(entry).toHaveAttribute("open", "");
}

test("the text and the focus of the filter stay when new lines appear", { tag: "@narrow" }, async ({ page, team, server }) => {
  const { key } = await used(page, team, server);
  const member = field(page, "Person, group or request ID");
  await write(page, member, "grace hoper");
  for (let times = 0; times < "er".length; times++) await page.keyboard.press("ArrowLeft");
  await people(server, key, ["Alan Turing"]);
  await expect(line(page, "created member Alan Turing")).toHaveCount(1);
  await expect(member).toBeFocused();
  await page.keyboard.type("p");
  await expect(member).toHaveValue("grace hopper");
  await page.keyboard.press("Enter");
  await expect(line(page, "created member Alan Turing")).toHaveCount(0);
  await expect(line(page, "created member Grace Hopper")).toHaveCount(1);
});

test("the focus on and inside an opened line stays when new lines appear", { tag: "@narrow" }, async ({ page, team, server }) => {
  const { key } = await used(page, team, server);
  const entry = line(page, "updated member");
  await opened(page, entry);
  await people(server, key, ["Alan Turing"]);
  await expect(line(page, "created member Alan Turing")).toHaveCount(1);
  await expect(entry).toHaveAttribute("open", "");
  await expect(entry.locator("summary")).toBeFocused();
  await expect(entry.locator("summary")).toBeInViewport();

  const requestBody = entry.getByRole("figure", { name: /^Request/ }).locator("pre");
  await tabTo(page, requestBody);
  await people(server, key, ["Barbara Liskov"]);
  await expect(line(page, "created member Barbara Liskov")).toHaveCount(1);
  await expect(requestBody).toBeFocused();
  await expect(requestBody).toBeInViewport();
});

test("a line is opened, read and closed with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  await used(page, team, server);
  const entry = line(page, "updated member");
  await opened(page, entry);
  await expect(entry.getByRole("table", { name: "Changes" }).getByRole("row").last()).toHaveText("TitleTour GuideRear Admiral");
  await page.keyboard.press("Tab");
  await expect(entry.locator("pre").first(), "what was sent is the next stop").toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(entry).not.toHaveAttribute("open", "");
  await expect(entry.locator("summary")).toBeFocused();
});

test("the log is filtered and exported with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const { acme } = await used(page, team, server);
  await pick(page, field(page, "Actor"), "Providers");
  await pick(page, field(page, "Time"), "Last hour");
  await press(page, button(page, "Apply"));
  await page.waitForURL((url) => url.searchParams.get("actor") === "providers");
  await hydrated(page);
  await expect(line(page, "created the team")).toHaveCount(0);
  const download = page.waitForEvent("download");
  await press(page, page.getByRole("link", { name: "Export NDJSON" }));
  expect((await download).suggestedFilename()).toBe(`${acme.slug}-activity.ndjson`);
  await press(page, page.getByRole("link", { name: "Clear filters" }));
  await expect(line(page, "created the team")).toHaveCount(1);
});

test("live updates are paused and resumed with the keyboard alone", { tag: "@narrow" }, async ({ page, team, server }) => {
  const { key } = await used(page, team, server);
  await press(page, button(page, "Pause"));
  await expect(liveStatus(page)).toHaveText("Paused.");
  await expect(button(page, "Resume")).toBeFocused();
  await provision(server, key, "/Users/nobody");
  await page.keyboard.press("Enter");
  await expect(line(page, "404 Not Found")).toHaveCount(1);
  await expect(button(page, "Pause")).toBeFocused();
});
