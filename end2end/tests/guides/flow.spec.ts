import { axe, clipboard, enter, expect, hasJavaScript, hydrated, open, provision, test } from "../../fixtures/index.ts";

const providers = ["Okta", "Entra ID", "OneLogin", "JumpCloud", "Ping", "Another provider"];

test("from the page to a guide: missing prerequisites first, then the values", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("authentication/guides"));
  for (const name of providers) await expect(page.getByRole("main").getByRole("link", { name })).toBeVisible();
  await axe(page);
  await page.getByRole("main").getByRole("link", { name: "Okta" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Connect Okta");
  await expect(page.getByText("Not ready yet")).toBeVisible();
  await page.getByRole("link", { name: "Turn it on in Authentication" }).click();
  await expect(page).toHaveURL(new RegExp(`${acme.settings()}#scim$`));

  await server.run(["scim", "on", "--team", acme.slug]);
  await server.run(["key", "generate", "--team", acme.slug, "--name", "Production"]);
  await open(page, acme.settings("authentication/guides/okta"));
  await expect(page.getByText("Production, rc_scim_…")).toBeVisible();
  await expect(page.getByText("Waiting for the first request…")).toBeVisible();
  // Open steps are visible at once. Completed steps are folded, except for values to copy.
  const current = page.locator("[aria-current=step]");
  await expect(current.getByRole("heading")).toHaveText("Enable SCIM in the Okta app");
  await expect(page.locator("details.step-part:not([open])")).toHaveCount(0);
  await expect(page.getByText(/^http:\/\/localhost:\d+\/scim\/v2$/)).toBeVisible();
  await axe(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await axe(page);
});

test("every guide has its values and no error", { tag: "@narrow" }, async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  await enter(page, acme, acme.settings("authentication/guides/okta"));
  for (const name of providers) {
    await page.getByRole("navigation", { name: "Provider" }).getByRole("link", { name }).click();
    await expect(page.getByRole("navigation", { name: "Provider" }).getByRole("link", { name })).toHaveAttribute("aria-current", "page");
    await expect(page.getByText(/\/scim\/v2/).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits`).toBe(true);
    await axe(page);
  }
});

test("a button copies a value", async ({ page, team, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const acme = await team({ scim: true, keys: ["Production"] });
  await enter(page, acme, acme.settings("authentication/guides/entra"));
  await page.getByRole("button", { name: "Copy Tenant URL" }).click();
  await expect(page.getByText("Copied.")).toHaveCount(1);
  expect(await clipboard(page)).toMatch(/^http:\/\/localhost:\d+\/scim\/v2\?aadOptscim062020$/);
});

test("the first request completes the guide, and the first member is named", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, acme.settings("authentication/guides/okta"));
  const status = page.getByRole("status");
  await expect(status).toContainText("Waiting for the first request…");
  /** Without JavaScript, a link loads the new state. */
  const shows = (text: string) =>
    expect(async () => {
      if (!hasJavaScript()) await page.getByRole("link", { name: "Check again" }).click();
      await expect(status).toContainText(text, { timeout: hasJavaScript() ? 5_000 : 500 });
    }).toPass();

  await provision(server, key, "/Users?startIndex=1&count=2");
  await shows("Okta listed members");
  await expect(status).toContainText("Connected");
  await expect(status).toContainText("No members created yet");
  await provision(server, key, "/Users", { userName: "grace@acme.test", displayName: "Grace Hopper" });
  await shows("First member: Grace Hopper");
  await page.reload();
  await expect(page.locator(".step[data-state=done]")).toHaveCount(7);
  await axe(page);
});

test("a request of another provider does not complete this guide", { tag: "@no-js" }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [key = ""] = acme.keys;
  const okta = "Okta SCIM Client 1.0.0";
  await provision(server, key, "/Users", { userName: "grace@acme.test", displayName: "Grace Hopper" }, okta);
  const completedSteps = page.locator(".step[data-state=done]");
  await enter(page, acme);
  const shows = async (guide: string, text: string, steps: number) =>
    expect(async () => {
      await open(page, acme.settings(`authentication/guides/${guide}`));
      await expect(page.getByRole("status")).toContainText(text, { timeout: 500 });
      await expect(completedSteps).toHaveCount(steps, { timeout: 500 });
    }).toPass();
  await shows("okta", "First member: Grace Hopper", 7);
  await shows("entra", "This came from Okta, not Entra ID", 2);
  if (hasJavaScript()) await hydrated(page);
  await provision(server, key, "/Users?count=1", undefined, "Microsoft Azure AD SCIM provisioning 1.0.0");
  if (hasJavaScript()) await expect(page.getByRole("status")).toContainText("Entra ID listed members");
  await shows("entra", "Entra ID listed members", 7);
});

test("a rejected key and another provider are reported", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Production"] });
  const [key = ""] = acme.keys;
  await enter(page, acme, acme.settings("authentication/guides/okta"));
  await expect(page.getByRole("status")).toContainText("Waiting");
  await provision(server, `${key.slice(0, -50)}x${key.slice(-49)}`, "/Users");
  await server.run(["scim", "off", "--team", acme.slug]);
  await provision(server, key, "/Users?count=1", undefined, "Microsoft Azure AD SCIM provisioning 1.0.0");
  await expect(page.getByRole("status")).toContainText("A request arrived but was refused");
  await expect(page.getByRole("status")).toContainText("This came from Entra ID, not Okta.");
  await page.reload();
  await expect(page.locator(".step[data-state=done]"), "nothing was done in Okta").toHaveCount(0);
});
