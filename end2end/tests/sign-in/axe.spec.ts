import { button, enter, expect, field, open, sound, test } from "../../fixtures/index.ts";

test("axe finds nothing on the pages to sign in", { tag: "@narrow" }, async ({ page, team }) => {
  test.slow();
  const one = await team();
  const two = await team({ owner: one.owner });
  await open(page, "/sign-in");
  await sound(page);
  await button(page, "Sign in").click();
  await expect(field(page, "Email")).toHaveAttribute("aria-invalid", "true");
  await sound(page);
  await enter(page, one, "/");
  await expect(page.getByRole("link", { name: two.name })).toBeVisible();
  await sound(page);
  await open(page, `/teams/${one.slug}/verify`);
  await sound(page);
});
