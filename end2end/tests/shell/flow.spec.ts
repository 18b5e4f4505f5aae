import { button, enter, expect, hasJavaScript, open, reload, test } from "../../fixtures/index.ts";

test("the sidebar links to every page and marks the current one", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("general"));
  const nav = page.getByRole("navigation", { name: "Team settings" });
  for (const title of ["Members", "Groups", "Authentication", "Activity", "General"]) {
    await nav.getByRole("link", { name: new RegExp(`^${title}`) }).click();
    await expect(page).toHaveURL(acme.settings(title.toLowerCase()));
    await expect(page).toHaveTitle(`${title} · ${acme.name} · Rollcall`);
    await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
    await expect(nav.getByRole("link", { name: new RegExp(`^${title}`) })).toHaveAttribute("aria-current", "page");
  }
});

test("a narrow screen has a drawer", { tag: ["@narrow", "@narrow-only"] }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme);
  const drawer = page.getByRole("complementary", { name: "Team" });
  await expect(drawer).toBeHidden();
  await button(page, "Menu").click();
  await expect(drawer).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(button(page, "Menu")).toBeFocused();

  await button(page, "Menu").click();
  await page.mouse.click(380, 400);
  await expect(drawer).toBeHidden();

  await button(page, "Menu").click();
  await drawer.getByRole("link", { name: /^Members/ }).click();
  await expect(page).toHaveURL(acme.settings("members"));
  await expect(drawer).toBeHidden();
});

test("everything fits at every width: nothing is cut off, and no page scrolls sideways", { tag: ["@narrow", "@narrow-only"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["n".repeat(64), "Okta production"], sso: ["m".repeat(64)] });
  await enter(page, acme);
  for (const name of ["authentication", "members", "groups", "general", "activity"]) {
    await open(page, acme.settings(name));
    if (name === "activity") await page.locator("summary").first().click();
    for (const width of [1280, 768, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(tooWide), `${name} at ${width}px`).toEqual([]);
    }
  }
});

/** Elements beyond the right edge of the page, or of their card. */
function tooWide(): string[] {
  const right = (element: Element) => element.getBoundingClientRect().right;
  const visible = [...document.querySelectorAll("main *")].filter((element) => element.checkVisibility() && !element.closest(".visually-hidden"));
  return visible
    .filter((element) => right(element) > Math.min(innerWidth, ...[element.closest(".card")].map((card) => (card ? right(card) : Infinity))) + 0.5)
    .map((element) => element.outerHTML.slice(0, 120));
}

test("the appearance is selected in the account menu and is kept", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  const html = page.locator("html");
  for (const choice of ["Dark", "Light", "System"]) {
    await page.getByRole("button", { name: `${acme.owner.name} Super Admin` }).click();
    await button(page, choice).click();
    await expect(page).toHaveURL(acme.settings("members"));
    if (choice === "System") await expect(html).not.toHaveAttribute("data-theme", /dark|light/);
    else await expect(html).toHaveAttribute("data-theme", choice.toLowerCase());
    await reload(page);
    await page.getByRole("button", { name: `${acme.owner.name} Super Admin` }).click();
    await expect(button(page, choice)).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("Escape");
  }
});

test("the reader's preferences are respected: dark mode, no motion", async ({ page, team }) => {
  const acme = await team();
  await page.emulateMedia({ colorScheme: "light" });
  await enter(page, acme);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await background()).not.toBe(light);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return [style.transitionDuration, style.animationDuration].some((all) => all.split(",").some((time) => parseFloat(time) > 0.001));
    }).length,
  );
  expect(moving).toBe(0);
});

test("times are in the reader's time zone", async ({ anotherBrowser, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const page = await anotherBrowser({ timezoneId: "Asia/Kolkata" });
  await enter(page, acme);
  await expect(page.getByRole("table").locator("time").first()).toHaveAttribute("title", /UTC\+05:30$/);
  await open(page, acme.settings("activity"));
  await page.getByText("generated SCIM API key").click();
  await expect(page.getByText(/UTC\+05:30$/).filter({ visible: true }).first()).toBeVisible();
});

test("without JavaScript, a page with times has one note that they are in UTC", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  await enter(page, acme);
  const note = page.getByText("Times in UTC", { exact: true }).filter({ visible: true });
  for (const path of [acme.settings(), acme.settings("members"), acme.settings("general")]) {
    await open(page, path);
    await expect(note, path).toHaveCount(hasJavaScript() ? 0 : 1);
  }
  await open(page, acme.settings("groups"));
  await expect(page.getByText("No groups yet")).toBeVisible();
  await expect(note, "a page without times").toHaveCount(0);
});
