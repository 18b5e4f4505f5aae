import { button, enter, expect, field, hasJavaScript, open, signIn, test, type Credentials, signInButton } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

const wrong = "Incorrect email or password. Try again.";

/** Fills in the form and submits it. Returns the status of the response. */
async function attempt(page: Page, who: Credentials): Promise<number> {
  await field(page, "Email").fill(who.email);
  await field(page, "Password").fill(who.password);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await signInButton(page).click();
  return (await answer).status();
}

test("sign-in leads to the team's page", { tag: "@no-js" }, async ({ page, team }) => {
  const { owner, settings } = await team();
  await open(page, "/sign-in");
  await expect(page).toHaveTitle("Sign in · Rollcall");
  await attempt(page, owner);
  await expect(page).toHaveURL(settings());
  await expect(page.getByRole("heading", { name: "Authentication", exact: true, level: 1 })).toBeVisible();
});

test("the start page redirects to the sign-in page", async ({ page }) => {
  await open(page, "/");
  await expect(page).toHaveURL("/sign-in");
  await expect(field(page, "Email")).toBeFocused();
});

test("after sign-in, the requested page opens", { tag: "@no-js" }, async ({ page, team }) => {
  const { owner, settings } = await team();
  await open(page, settings("members"));
  await expect(field(page, "Email")).toBeVisible();
  await attempt(page, owner);
  await expect(page).toHaveURL(settings("members"));
});

test("an address of another site is not followed", async ({ page, team }) => {
  const acme = await team();
  for (const next of ["https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test", "/%2felsewhere.test"]) {
    await page.context().clearCookies();
    await open(page, `/sign-in?next=${encodeURIComponent(next)}`);
    await attempt(page, acme.owner);
    await expect(page).toHaveURL(acme.settings());
  }
});

test("an unknown person and a wrong password have the same message", { tag: "@no-js" }, async ({ page, team }) => {
  const { owner } = await team();
  await open(page, "/sign-in");

  expect(await attempt(page, { email: "nobody@example.test", password: owner.password })).toBe(401);
  await expect(page.getByRole("alert")).toHaveText(wrong);
  await expect(field(page, "Email")).toHaveValue("nobody@example.test");

  expect(await attempt(page, { email: owner.email, password: "not the password at all" })).toBe(401);
  await expect(page.getByRole("alert")).toHaveText(wrong);
  await expect(field(page, "Email")).toHaveValue(owner.email);
  await expect(field(page, "Password")).toHaveValue("");
});

test("errors of empty fields are beside the fields", { tag: "@no-js" }, async ({ page }) => {
  await open(page, "/sign-in");
  if (!hasJavaScript()) {
    expect(await attempt(page, { email: "not an address", password: "" })).toBe(422);
  } else {
    // The browser validates it before submitting.
    await field(page, "Email").fill("not an address");
    await signInButton(page).click();
  }
  await expect(field(page, "Email")).toHaveAccessibleDescription("Enter a valid email, such as ada@example.com.");
  await expect(field(page, "Password")).toHaveAccessibleDescription("Enter your password.");
  await expect(field(page, "Email")).toHaveValue("not an address");
});

test("a team has its own sign-in page", async ({ page, team }) => {
  const [acme, other] = [await team(), await team()];
  await open(page, `/teams/${acme.slug}/sign-in`);
  await expect(page.getByRole("heading", { name: `Sign in to ${acme.name}` })).toBeVisible();
  expect(await attempt(page, other.owner)).toBe(401);
  await expect(page.getByRole("alert")).toHaveText(wrong);
  await attempt(page, acme.owner);
  await expect(page).toHaveURL(acme.settings());
});

test("a missing team has a sign-in page that looks the same", async ({ page }) => {
  await open(page, "/teams/no-such-team/sign-in");
  await expect(page.getByRole("heading", { name: "Sign in to no-such-team" })).toBeVisible();
  expect(await attempt(page, { email: "ada@example.test", password: "not the password at all" })).toBe(401);
  await expect(page.getByRole("alert")).toHaveText(wrong);
});

test("with one email and password in several teams, the person chooses one", { tag: "@no-js" }, async ({ page, team }) => {
  const one = await team();
  const two = await team({ owner: one.owner });
  await open(page, "/sign-in");
  await attempt(page, one.owner);
  await expect(page.getByRole("heading", { name: "Choose a team" })).toBeVisible();
  await page.getByRole("link", { name: two.name }).click();
  await expect(page).toHaveURL(two.settings());
});

test("the team switcher lists the signed-in teams of this browser", { tag: "@no-js" }, async ({ page, team }) => {
  const [one, two] = [await team(), await team()];
  await enter(page, one);
  await page.getByRole("button", { name: one.name }).click();
  await page.getByRole("link", { name: "Sign in to another team" }).click();
  await attempt(page, two.owner);
  await expect(page).toHaveURL(two.settings());

  await page.getByRole("button", { name: two.name }).click();
  await expect(page.getByRole("link", { name: two.name })).toHaveAttribute("aria-current", "true");
  await page.getByRole("link", { name: one.name }).click();
  await expect(page).toHaveURL(one.settings());
});

test("signing out ends the session", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team();
  await signIn(page, acme);
  await page.getByRole("button", { name: acme.owner.name }).click();
  await button(page, "Sign out").click();
  await expect(page).toHaveURL("/sign-in");
  await page.goto(acme.settings());
  await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(acme.settings())}`);
});

test("after five failures, a wait is required", async ({ page, team }) => {
  const { owner } = await team();
  const guess = { email: owner.email, password: "not the password at all" };
  await open(page, "/sign-in");
  await field(page, "Email").fill(guess.email);
  await field(page, "Password").fill(guess.password);
  for (let tries = 0; tries < 5; tries++) await page.request.post("/sign-in", { form: { ...guess } });

  // If the second is already over, the next wait is two seconds, then four.
  let status = 0;
  for (let tries = 0; tries < 4 && status !== 429; tries++) status = await attempt(page, guess);
  expect(status).toBe(429);
  await expect(page.getByRole("alert")).toHaveText(/^Too many attempts\. Try again in \d+ seconds?\.$/);
});

test("guesses of strangers do not lock out a browser that signed in before", { tag: "@no-js" }, async ({ page, team, browser }) => {
  const acme = await team();
  await open(page, "/sign-in");
  await attempt(page, acme.owner);
  await expect(page).toHaveURL(acme.settings());
  await page.request.post("/sign-out");

  const stranger = await browser.newContext();
  const guess = { email: acme.owner.email, password: "not the password at all" };
  let status = 0;
  for (let tries = 0; tries < 9 && status !== 429; tries++) {
    status = (await stranger.request.post(new URL("/sign-in", page.url()).href, { form: guess })).status();
  }
  await stranger.close();
  expect(status).toBe(429);

  await open(page, "/sign-in");
  await attempt(page, acme.owner);
  await expect(page).toHaveURL(acme.settings());
});
