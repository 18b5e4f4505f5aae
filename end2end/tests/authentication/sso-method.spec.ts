import { button, checkPage, clipboard, enter, expect, field, link, test } from "../../fixtures/index.ts";

test.describe("The page of an SSO method", { tag: "@no-js" }, () => {
  test("has the values for the provider, and saves how people are matched", { tag: "@narrow" }, async ({ page, team }) => {
    const acme = await team();
    const settings = await enter(page, acme);
    await expect(settings.method("Okta")).toContainText("No sign-ins yet");
    await link(page, "Okta").click();
    await expect(page.getByRole("heading", { level: 1, name: "Okta" })).toBeVisible();
    await expect(page.getByText("No failures in the last 24 hours.")).toBeVisible();
    const values = page.getByRole("region", { name: "Values for Okta" });
    await expect(values).toContainText("/oidc/callback");

    await field(page, "Identifier").fill("oid");
    await field(page, "Equals this value of a member").selectOption("email");
    await field(page, "Add people who aren't members yet").check();
    await button(page, "Save matching").click();
    await expect(settings.notice).toHaveText("Matching saved. It applies from the next sign-in on.");
    await expect(field(page, "Identifier")).toHaveValue("oid");
    await expect(field(page, "Equals this value of a member")).toHaveValue("email");
    await expect(field(page, "Add people who aren't members yet")).toBeChecked();
    await expect(field(page, "Trust every email from Okta")).not.toBeChecked();

    await link(page, "Edit").click();
    await expect(settings.dialog("Edit “Okta”")).toBeVisible();
  });

  test("keeps what was typed with the error of a field", async ({ page, team, noise }) => {
    noise.allow(/status of 422/);
    const acme = await team();
    await enter(page, acme);
    await link(page, "Okta").click();
    const claim = field(page, "Link someone whose value in Okta");
    await claim.fill("x".repeat(256));
    await field(page, "Trust every email from Okta").check();
    await button(page, "Save matching").click();
    await expect(claim).toHaveAccessibleDescription("Use 255 characters or fewer. This has 256.");
    await expect(claim).toBeFocused();
    await expect(claim).toHaveValue("x".repeat(256));
    await expect(field(page, "Trust every email from Okta")).toBeChecked();
  });
});

test("a button copies a value for the provider", async ({ page, team, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await enter(page, await team());
  await link(page, "Okta").click();
  await button(page, "Copy Sign-in redirect URIs").click();
  await expect(page.getByText("Copied.")).toHaveCount(1);
  expect(await clipboard(page)).toMatch(/\/sso\/[0-9a-f-]{36}\/oidc\/callback$/);
});

test("axe finds nothing on the page of an SSO method, and everything fits", { tag: ["@narrow-only", "@no-js-only"] }, async ({ page, team }) => {
  test.slow();
  await enter(page, await team());
  await link(page, "Okta").click();
  await expect(page.getByRole("heading", { name: "Match people" })).toBeVisible();
  await checkPage(page);
});
