import { enter, expect, inDemo, open, test } from "../../fixtures/index.ts";

// `rollcall demo`: one team for each situation of the page.
test.use({ baseURL: async ({ demo }, use) => use(demo.server.url) });

test("a team that is ready", async ({ page, demo }) => {
  const settings = await enter(page, inDemo(demo, "acme", "ada"));
  await expect(page.getByText("Ready to turn on")).toBeVisible();
  await expect(settings.scim).toBeEnabled();
});

for (const [slug, shows, reason] of [
  ["twin", "two SSO methods", "This team has 2: Okta and Google Workspace."],
  ["solo", "no SSO method", "Set up single sign-on first."],
  ["basic", "the Professional plan", "This team is on Professional."],
] as const) {
  test(`a team with ${shows}`, async ({ page, demo }) => {
    const settings = await enter(page, inDemo(demo, slug, "ada"));
    await expect(settings.scim).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("list", { name: "Requirements" })).toContainText(reason);
  });
}

test("a team with provisioning on, and keys of every kind", async ({ page, demo }) => {
  const settings = await enter(page, inDemo(demo, "live", "ada"));
  await expect(settings.scim).toBeChecked();
  await expect(page.getByText("“Directory sync” expires in 14 days. Roll it and update your provider before then.")).toBeVisible();
  await expect(page.getByText("Replacing “Okta production”.")).toBeVisible();
  const [rolled, old] = [settings.key("Okta production").first(), settings.key("Okta production").last()];
  await expect(rolled).toContainText("Active");
  await expect(rolled).toContainText(/\d min ago/);
  await expect(old).toContainText("Expires in 22 hours");
  await expect(settings.key("Build server")).toContainText("Revoked");
  await expect(settings.key("Pilot")).toContainText("Expired");
});

test("its history is in order, newest first", async ({ page, demo }) => {
  const live = inDemo(demo, "live", "ada");
  await enter(page, live);
  await open(page, live.settings("activity"));
  const times = await page.locator("summary time").evaluateAll((all) => all.map((time) => time.getAttribute("datetime") ?? ""));
  expect(times.length).toBeGreaterThan(4);
  expect(times).toEqual(times.toSorted().reverse());
});

test("the people of its provider, and its one failed request", async ({ page, demo }) => {
  const live = inDemo(demo, "live", "ada");
  await enter(page, live, live.settings("members"));
  await expect(page.getByText("Okta manages 48 of 55 members.")).toBeVisible();
  await expect(page.getByRole("row", { name: "Chinedu Hansen" })).toContainText("from IT");
  await open(page, live.settings("groups"));
  await expect(page.getByRole("row", { name: "Finance" })).toContainText("Billing");

  await open(page, live.settings());
  await page.getByRole("link", { name: "1 failed" }).click();
  await expect(page.locator("summary")).toHaveCount(1);
  await page.locator("summary").click();
  await expect(page.locator("summary")).toContainText("409 Conflict");
  await expect(page.getByText("Another member or group already uses this value")).toBeVisible();
});
