import { enter, expect, field, open, checkPage, test, signInButton } from "../../fixtures/index.ts";

test("axe finds nothing on the pages to sign in", { tag: "@narrow" }, async ({ page, team }) => {
  test.slow();
  const one = await team();
  const two = await team({ owner: one.owner });
  await open(page, "/sign-in");
  await checkPage(page);
  await signInButton(page).click();
  await expect(field(page, "Email")).toHaveAttribute("aria-invalid", "true");
  await checkPage(page);
  await enter(page, one, "/");
  await expect(page.getByRole("link", { name: two.name })).toBeVisible();
  await checkPage(page);
  await open(page, `/teams/${one.slug}/verify`);
  await checkPage(page);
});
