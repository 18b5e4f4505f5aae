import { button, enter, expect, field, open, test } from "../../fixtures/index.ts";

test("the password is required again, then the change continues", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme);
  const next = `${acme.settings()}?dialog=generate-key&name=CI`;
  await open(page, `/teams/${acme.slug}/verify?next=${encodeURIComponent(next)}`);
  await expect(page.getByRole("heading", { name: "Confirm it's you" })).toBeVisible();
  await expect(page.getByText(`Signed in as ${acme.owner.email}`)).toBeVisible();

  await field(page, "Password").fill("not the password at all");
  await button(page, "Continue").click();
  await expect(page.getByRole("alert")).toBeVisible();

  await field(page, "Password").fill(acme.owner.password);
  await button(page, "Continue").click();
  await expect(page).toHaveURL(next);
});

test("Cancel returns without the change", async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme);
  await open(page, `/teams/${acme.slug}/verify?next=${encodeURIComponent(`${acme.settings()}?dialog=turn-on`)}`);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page).toHaveURL(acme.settings());
});
