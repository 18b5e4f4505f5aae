import { button, enter, expect, field, hydrated, local, open, test, type Team, signInButton } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

// What all forms have in common. Each form by itself is in its page's `forms.spec.ts`; how it works without JavaScript is
// tested with its page.

/** Collects the requests from now on, except those for files and events. */
function sentRequests(page: Page): string[] {
  const posts: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(new URL(request.url()).pathname));
  return posts;
}

/** Marks the document. Returns a function that checks whether it is still the same. */
async function marked(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", ""));
  return () => page.evaluate(() => document.documentElement.hasAttribute("data-marked"));
}

/** Submits an invalid form. Checks that nothing was sent, and that the field has the focus and the message. */
async function refused(page: Page, send: Locator, wrong: Locator, message: RegExp): Promise<void> {
  const posts = sentRequests(page);
  await send.click();
  await expect(wrong).toHaveAttribute("aria-invalid", "true");
  await expect(wrong).toHaveAccessibleDescription(message);
  await expect(wrong).toBeFocused();
  expect(posts).toEqual([]);
}

/** The message disappears while the field is being corrected. */
async function corrected(wrong: Locator, text: string): Promise<void> {
  await wrong.fill(text);
  await expect(wrong).not.toHaveAttribute("aria-invalid", "true");
}

function account(team: Team): string {
  return `/teams/${team.slug}/account`;
}

test("every route of a form is in the table of its page's forms", () => {
  const routes = readFileSync(resolve(import.meta.dirname, "../../../server/tests/web/routes.rs"), "utf8");
  const posted = [...routes.matchAll(/\("POST", "([^"]+)"/g)].map(([, route = ""]) => route);
  const folder = resolve(import.meta.dirname, "..");
  const tables = readdirSync(folder).map((page) => join(folder, page, "forms.spec.ts")).filter((path) => existsSync(path));
  const tested = tables.map((path) => readFileSync(path, "utf8")).join("\n");
  expect(posted.length, "the table of routes was read").toBeGreaterThan(30);
  expect(posted.filter((route) => !tested.includes(`"${route}"`))).toEqual([]);
});

test.describe("Checked in the browser", () => {
  test("sign-in", async ({ page, team }) => {
    await team();
    await open(page, "/sign-in");
    await refused(page, button(page, "Sign in"), field(page, "Email"), /Enter an email/);
    await expect(field(page, "Password")).toHaveAccessibleDescription(/Enter your password/);
    await corrected(field(page, "Email"), "ada@example.test");
    await corrected(field(page, "Password"), "x");
  });

  test("verification", async ({ page, team }) => {
    const acme = await team();
    await enter(page, acme, `/teams/${acme.slug}/verify`);
    await refused(page, button(page, "Continue"), field(page, "Password"), /Enter your password/);
    await corrected(field(page, "Password"), "x");
  });

  test("accepting an invite", async ({ page, team, anotherBrowser }) => {
    const acme = await team();
    await enter(page, acme, acme.settings("members"));
    await button(page, "Invite member").click();
    const dialog = page.getByRole("dialog", { name: "Invite member", exact: true });
    await refused(page, button(dialog, "Create link"), field(dialog, "Email"), /Enter/);
    await corrected(field(dialog, "Email"), `grace@${acme.slug}.test`);
    await button(dialog, "Create link").click();
    const link = (await page.getByText(/\/invite\/[0-9a-f]{64}$/).textContent()) ?? "";
    const other = await anotherBrowser();
    await open(other, local(link));
    await refused(other, other.getByRole("button", { name: /^Join / }), field(other, "Your name"), /Enter your name/);
    await field(other, "Password").fill("short");
    await expect(field(other, "Password")).toHaveAccessibleDescription(/Use 15 characters or more/);
    await field(other, "Password").fill(`grace@${acme.slug}.test`);
    await expect(field(other, "Password")).toHaveAccessibleDescription(/can't be your name or email/);
    await corrected(field(other, "Password"), "seven copper kettles sing");
  });

  test("name, email and password", async ({ page, team }) => {
    const acme = await team();
    await enter(page, acme, account(acme));
    await field(page, "Name").fill(" ");
    await refused(page, button(page, "Save name"), field(page, "Name"), /Enter your name/);
    await corrected(field(page, "Name"), "Augusta King");
    await field(page, "Email").fill("not an address");
    await refused(page, button(page, "Save email"), field(page, "Email"), /Enter a valid email/);
    await corrected(field(page, "Email"), acme.owner.email);
    await field(page, "New password").fill("short");
    await refused(page, button(page, "Change password"), field(page, "Current password"), /Enter your password/);
    await expect(field(page, "New password")).toHaveAccessibleDescription(/Use 15 characters or more/);
    await corrected(field(page, "New password"), "seven copper kettles sing");
  });

  test("the team's name and address", async ({ page, team }) => {
    const acme = await team();
    await enter(page, acme, acme.settings("general"));
    await field(page, "Name").fill("");
    await refused(page, button(page, "Save name"), field(page, "Name"), /Enter a name/);
    await corrected(field(page, "Name"), "Globex");
    await button(page, "Change URL").click();
    const dialog = page.getByRole("dialog", { name: "Change the team URL?" });
    const slug = field(dialog, "New team URL: /teams/…");
    await slug.fill("Not A Slug");
    await refused(page, button(dialog, "Change URL"), slug, /^Use 1–48/);
    await expect(field(dialog, `Type ${acme.name} to confirm`)).toHaveAccessibleDescription(/to confirm\.$/);
    await corrected(slug, "a-slug");
    await expect(slug).toHaveAccessibleDescription(/^1–48/);
    await button(dialog, "Cancel").click();
    await button(page, "Sign everyone out").click();
    const everyone = page.getByRole("dialog", { name: "Sign everyone out?" });
    await refused(page, button(everyone, "Sign everyone out"), field(everyone, `Type ${acme.name} to confirm`), /to confirm/);
  });

  test("selected members, and the roles of one", async ({ page, team }) => {
    const acme = await team();
    const settings = await enter(page, acme, acme.settings("members"));
    const posts = sentRequests(page);
    await button(page, "Assign role").click();
    await expect(settings.alert).toContainText("Select at least one member");
    await expect(button(page, "Assign role")).toBeFocused();
    await page.getByRole("link", { name: acme.owner.name, exact: true }).click();
    await hydrated(page);
    await button(page, "Change roles").click();
    const dialog = page.getByRole("dialog", { name: /^Change roles for/ });
    await expect(field(dialog, "Super Admin"), "stays, so that there is always a role").toBeDisabled();
    expect(posts).toEqual([]);
  });

  test("a key and its overlap", async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["CI"] });
    const settings = await enter(page, acme);
    await settings.button("Generate SCIM API Key").click();
    const dialog = settings.dialog("Generate SCIM API key");
    await refused(page, button(dialog, "Generate"), field(dialog, "Name"), /Enter a name/);
    await field(dialog, "Name").fill("ci");
    await expect(field(dialog, "Name")).toHaveAccessibleDescription("Another active key has this name. Choose a different one.");
    await corrected(field(dialog, "Name"), "Okta");
    await button(dialog, "Cancel").click();
    await settings.act((acme.keys[0] ?? "").slice(-4), "Revoke…");
    const revoke = settings.dialog("Revoke “CI”?");
    await refused(page, button(revoke, "Revoke key"), field(revoke, "Type CI to confirm"), /to confirm/);
  });
});

test.describe("Submitted in place", () => {
  test("the page and the focus stay, and the result is announced", async ({ page, team }) => {
    const acme = await team();
    const settings = await enter(page, acme, acme.settings("general"));
    const isSame = await marked(page);
    await field(page, "Name").fill("Globex");
    await button(page, "Save name").focus();
    await page.keyboard.press("Enter");
    await expect(settings.notice).toHaveText("Team name changed.");
    await expect(button(page, "Save name")).toBeFocused();
    await expect(page.getByRole("navigation", { name: "Team settings" })).toBeAttached();
    await expect(page.locator(".team-switcher").first()).toContainText("Globex");
    await expect(page).toHaveTitle(/Globex/);
    expect(await isSame()).toBe(true);

    await field(page, "Name").fill("Initech");
    await button(page, "Save name").click();
    await expect(field(page, "Name")).toHaveValue("Initech");
    await expect(settings.notice).toHaveText("Team name changed.");
    expect(await isSame()).toBe(true);
  });

  test("the values of another form stay", async ({ page, team }) => {
    const acme = await team();
    const settings = await enter(page, acme, account(acme));
    await field(page, "Email").fill("half@typed");
    await field(page, "Name").fill("Augusta King");
    await button(page, "Save name").click();
    await expect(settings.notice).toHaveText("Name changed.");
    await expect(field(page, "Email")).toHaveValue("half@typed");
  });

  test("an error of the server is beside its field, which has the focus", async ({ page, team, noise }) => {
    noise.allow(/status of 422/);
    const acme = await team();
    await enter(page, acme, account(acme));
    const isSame = await marked(page);
    await field(page, "Current password").fill("not the password");
    await field(page, "New password").fill("seven copper kettles sing");
    await button(page, "Change password").click();
    await expect(field(page, "Current password")).toHaveAccessibleDescription(/Incorrect password/);
    await expect(field(page, "Current password")).toBeFocused();
    await expect(page).toHaveURL(account(acme));
    expect(await isSame()).toBe(true);
  });

  test("without a connection to the server, the values stay and an error is announced", async ({ page, team, noise }) => {
    noise.allow(/ERR_FAILED/);
    const acme = await team();
    const settings = await enter(page, acme, acme.settings("general"));
    await page.route("**/settings/general/name", (route) => route.abort());
    await field(page, "Name").fill("Globex");
    await button(page, "Save name").click();
    await expect(settings.alert).toContainText("the server couldn't be reached");
    await expect(field(page, "Name")).toHaveValue("Globex");
    await expect(button(page, "Save name")).toBeEnabled();
    await page.unroute("**/settings/general/name");
    await button(page, "Save name").click();
    await expect(settings.notice).toHaveText("Team name changed.");
    await expect(settings.alert).toHaveCount(0);
  });

  test("a response of a proxy is not shown as a page", async ({ page, team, noise }) => {
    noise.allow(/status of 502/);
    const acme = await team();
    const settings = await enter(page, acme, acme.settings("general"));
    await page.route("**/settings/general/name", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }));
    await field(page, "Name").fill("Globex");
    await button(page, "Save name").click();
    await expect(settings.alert).toContainText("the server couldn't be reached");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("General");
  });

  test("a filter keeps the focus, and Back returns to the previous list", async ({ page, team }) => {
    const acme = await team();
    await enter(page, acme, acme.settings("members"));
    const isSame = await marked(page);
    await field(page, "Search by name or email").fill("nobody");
    await page.keyboard.press("Enter");
    await expect(page.getByText("No members match")).toBeVisible();
    await expect(field(page, "Search by name or email")).toBeFocused();
    await expect(page).toHaveURL(/\?q=nobody$/);
    await page.goBack();
    await expect(page.getByText("1 member", { exact: true })).toBeVisible();
    await expect(field(page, "Search by name or email")).toHaveValue("");
    expect(await isSame()).toBe(true);
  });

  test("the appearance changes in place", async ({ page, team }) => {
    const acme = await team();
    await enter(page, acme, acme.settings("general"));
    const isSame = await marked(page);
    await page.getByRole("button", { name: new RegExp(`^${acme.owner.name}`) }).click();
    await button(page, "Dark").click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await expect(button(page, "Dark")).toHaveAttribute("aria-pressed", "true");
    expect(await isSame()).toBe(true);
  });

  test("sign-in shows the first page with its address and title", async ({ page, team }) => {
    const acme = await team();
    await open(page, "/sign-in");
    const isSame = await marked(page);
    await field(page, "Email").fill(acme.owner.email);
    await field(page, "Password").fill("wrong");
    await signInButton(page).click();
    await expect(page.getByRole("alert")).toContainText("Incorrect email or password");
    await field(page, "Password").fill(acme.owner.password);
    await signInButton(page).click();
    await expect(page).toHaveURL(acme.settings());
    await expect(page).toHaveTitle(/^Authentication/);
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    expect(await isSame()).toBe(true);
  });
});
