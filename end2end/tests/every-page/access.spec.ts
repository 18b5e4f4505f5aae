import { enter, expect, open, test } from "../../fixtures/index.ts";

test("another team's pages are not found", async ({ page, team }) => {
  const [mine, other] = [await team(), await team()];
  await enter(page, mine);
  for (const path of [other.settings(), other.settings("members"), `/teams/${other.slug}`, "/teams/no-such-team", "/nothing"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "This page doesn't exist" })).toBeVisible();
    expect(await page.content()).not.toContain(other.name);
  }
});

test("a signed-out visitor signs in and returns to the page", async ({ page, team }) => {
  const acme = await team();
  for (const name of ["authentication", "members", "groups", "general", "activity"]) {
    await open(page, acme.settings(name));
    await expect(page).toHaveURL(`/sign-in?next=${encodeURIComponent(acme.settings(name))}`);
  }
});
