import { begin, expect, signedIn, test } from "../../fixtures/openid-connect.ts";
import { checkPage } from "../../fixtures/index.ts";
import { logIn, loginPage } from "../../providers/log-in.ts";

test.describe.configure({ mode: "default" });

test("signing out here offers the sign-out at the provider", { tag: ["@narrow", "@no-js"] }, async ({ page, acme, okta, owner, register }) => {
  await register({ post_logout_redirect_uris: [new URL("/sign-in", okta.redirectUri).href] });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
  await page.goto(`/teams/${acme.slug}/account`);
  await page.locator('form[action="/sign-out"]').first().evaluate((form: HTMLFormElement) => form.submit());
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You're signed out of Rollcall");
  await checkPage(page);
  await page.getByRole("link", { name: `Sign out of ${okta.name}` }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/rollcall\.test.*\/sign-in/);
  await begin(page, acme, okta);
  await loginPage(page);
});

test("a sign-out at the provider ends the sessions here", async ({ page, anotherBrowser, acme, okta, owner, provider, register }) => {
  const logout = new URL(`/sso/${okta.id}/oidc/back-channel-logout`, okta.redirectUri).href;
  await register({ backchannel_logout_uri: logout, backchannel_logout_session_required: true });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
  const other = await anotherBrowser();
  await begin(other, acme, okta);
  await logIn(other, owner);
  await signedIn(other, acme);
  await page.goto(`${provider.issuer}/session/end`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect
    .poll(async () => {
      await page.goto(acme.settings("general"));
      return new URL(page.url()).pathname;
    })
    .toBe("/sign-in");
  await other.goto(acme.settings("general"));
  await expect(other).toHaveURL(new RegExp(acme.settings("general")));
});
