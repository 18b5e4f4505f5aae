import { enter, expect, inDemo, test } from "../../fixtures/index.ts";

// The demo has a sign-in in each role.
test.use({ baseURL: async ({ demo }, use) => use(demo.server.url) });

for (const [who, role] of [["luca", "Billing"], ["alan", "Developer"]] as const) {
  for (const title of ["Authentication", "Activity"]) {
    test(`${role}: the ${title} page names the members who can help`, async ({ page, demo }) => {
      const acme = inDemo(demo, "acme", who);
      await enter(page, acme, acme.settings("general"));
      const link = page.getByRole("navigation", { name: "Team settings" }).getByRole("link", { name: title });
      await expect(link).toContainText("Admins only");

      const answer = await page.goto(acme.settings(title.toLowerCase()));
      expect(answer?.status()).toBe(403);
      await expect(page.getByRole("heading", { name: `Only admins can open ${title}` })).toBeVisible();
      await expect(page.getByText(`Your role is ${role}.`)).toBeVisible();
      const helpers = page.getByRole("region", { name: "Who can help" }).getByRole("listitem");
      await expect(helpers.getByRole("heading")).toHaveText(["Ada Lindgren", "Grace Owusu", "Katrin Vogel"]);
      await expect(page.getByRole("link", { name: "Email Grace Owusu" })).toHaveAttribute("href", /^mailto:grace@acme\.test\?/);
    });
  }

  test(`${role}: the response contains no settings`, async ({ page, demo }) => {
    const live = inDemo(demo, "live", who);
    await enter(page, live, live.settings("general"));
    const html = await (await page.request.get(live.settings())).text();
    expect(html).not.toMatch(/okta/i);
    expect(html).not.toContain("rc_scim");
  });

  test(`${role}: the team's address redirects to an allowed page`, async ({ page, demo }) => {
    const acme = inDemo(demo, "acme", who);
    await enter(page, acme, "/teams/acme");
    await expect(page).toHaveURL(`/teams/${acme.slug}/account`);
    for (const title of ["Members", "Groups"]) {
      await page.getByRole("navigation", { name: "Team settings" }).getByRole("link", { name: title }).click();
      await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
    }
  });
}

test("Admin: the Authentication page opens", async ({ page, demo }) => {
  const acme = inDemo(demo, "acme", "grace");
  const settings = await enter(page, acme);
  await expect(settings.scim).toBeEnabled();
  await expect(page.getByText("You are an Admin")).toBeVisible();
});
