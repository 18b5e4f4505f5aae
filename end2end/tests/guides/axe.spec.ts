import { enter, expect, open, people, provision, checkPage, test } from "../../fixtures/index.ts";

// axe is slow, so each test runs once in a phone's window and once without JavaScript in a large one.
const everywhere = { tag: ["@narrow-only", "@no-js-only"] };

test("axe finds nothing in a guide from its prerequisites to success, and everything fits", everywhere, async ({ page, team, server }) => {
  test.slow();
  const acme = await team();
  const guide = acme.settings("authentication/guides/okta");
  const status = page.locator("[data-after]");
  await enter(page, acme, guide);
  await expect(status).toContainText("Not ready yet");
  await checkPage(page);
  await server.run(["scim", "on", "--team", acme.slug]);
  await open(page, guide);
  await expect(page.getByRole("link", { name: "Generate a key in Authentication" })).toBeVisible();
  await checkPage(page);
  const key = (await server.run(["key", "generate", "--team", acme.slug, "--name", "Production"])).trim();
  await open(page, guide);
  await expect(status).toContainText("Waiting for the first request…");
  await page.getByText("Nothing after a minute?").click();
  await checkPage(page);

  /** Waits for requests that are recorded a moment later. */
  const shows = (text: string) =>
    expect(async () => {
      await open(page, guide);
      await expect(status).toContainText(text, { timeout: 500 });
    }).toPass();
  await provision(server, key, "/Users?filter=nonsense", undefined, "Microsoft Azure AD SCIM provisioning 1.0.0");
  await shows("A request arrived but was refused");
  await checkPage(page);
  await provision(server, key, "/Users?count=1");
  await shows("Connected");
  await checkPage(page);
  await people(server, key, ["Grace Hopper"]);
  await shows("First member: Grace Hopper");
  await checkPage(page);
});
