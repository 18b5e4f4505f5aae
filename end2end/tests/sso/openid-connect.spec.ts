import { expect, activity, begin, refused, secret, signedIn, test } from "../../fixtures/openid-connect.ts";
import { checkPage } from "../../fixtures/index.ts";
import { missing } from "../../providers/index.ts";
import { logIn, loginPage } from "../../providers/log-in.ts";

test.describe.configure({ mode: "default" });

test("a member signs in at the provider, and comes back signed in", { tag: "@no-js" }, async ({ page, acme, okta, owner }) => {
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
  await expect(page.getByRole("main")).toBeVisible();
});

test("the sign-in page offers the method above the password", { tag: ["@narrow", "@no-js"] }, async ({ page, acme, okta }) => {
  await page.goto(`/teams/${acme.slug}/sign-in`);
  await expect(page.getByRole("link", { name: `Continue with ${okta.name}` })).toHaveAttribute("href", okta.start);
  await checkPage(page);
});

test("a person who cancels at the provider can start again", { tag: ["@narrow", "@no-js"] }, async ({ page, site, acme, okta, owner }) => {
  await begin(page, acme, okta);
  await page.getByRole("link", { name: "Cancel" }).click();
  await refused(page, site, "refused");
  await expect(page.getByText("access_denied")).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(`/sso/${okta.id}/oidc/callback`);
  await checkPage(page);
  await page.getByRole("link", { name: "Try again" }).click();
  await logIn(page, owner);
  await signedIn(page, acme);
});

for (const method of ["client_secret_basic", "client_secret_post"] as const) {
  test(`a secret with special characters is sent with ${method}`, async ({ page, acme, okta, owner, register }) => {
    await register({ token_endpoint_auth_method: method });
    await begin(page, acme, okta);
    await logIn(page, owner);
    await signedIn(page, acme);
  });
}

test("a wrong client secret is named as such", async ({ page, site, acme, okta, owner, register }) => {
  await register({ client_secret: `${secret}-new` });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await refused(page, site, "bad-client");
});

test("claims that are only at userinfo are read there", async ({ page, provider, acme, okta, owner }) => {
  await provider.configure({ claimsInIdToken: false });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
  expect(provider.proxy.requests).toContain("GET /me");
});

test("userinfo is read as a signed JWT, too", async ({ page, provider, acme, okta, owner, register }) => {
  await register({ userinfo_signed_response_alg: "ES256" });
  await provider.configure({ claimsInIdToken: false });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
});

for (const alg of ["PS256", "ES256", "ES384", "EdDSA", "RS512"]) {
  test(`an ID token signed with ${alg} is accepted`, async ({ page, acme, okta, owner, register }) => {
    await register({ id_token_signed_response_alg: alg });
    await begin(page, acme, okta);
    await logIn(page, owner);
    await signedIn(page, acme);
  });
}

for (const { what, emailVerified } of [
  { what: "absent", emailVerified: undefined },
  { what: "false", emailVerified: false },
  { what: "the text false", emailVerified: "false" },
]) {
  test(`an email does not match a member if email_verified is ${what}`, async ({ page, site, acme, okta, owner, register }) => {
    await register({}, { emailVerified });
    await begin(page, acme, okta);
    await logIn(page, owner);
    await refused(page, site, "email-unverified");
    await expect(page.getByTestId("sso-failure")).toContainText(`Okta says you are ${owner.userName}`);
  });
}

test("the text true counts as a verified email", async ({ page, acme, okta, owner, register }) => {
  await register({}, { emailVerified: "true" });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
});

test("a person without a member is refused, and may use another account", async ({ page, site, acme, okta, owner, register }) => {
  await register({}, { email: `eve-${owner.subject}@example.test` });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await refused(page, site, "no-match");
  await checkPage(page);
  expect(await activity(page, acme)).toContain(`eve-${owner.subject}@example.test`);
});

test("two tabs sign in independently", async ({ page, context, acme, okta, owner }) => {
  const second = await context.newPage();
  await begin(page, acme, okta);
  await begin(second, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
  // The provider has a session by now, so that its older login page only leads on.
  await logIn(second, owner);
  await signedIn(second, acme);
});

test("Back after signing in leads to the team, and not into the callback", async ({ page, acme, okta, owner }) => {
  await begin(page, acme, okta);
  const callback = page.waitForRequest((request) => request.url().startsWith(okta.redirectUri));
  await logIn(page, owner);
  await signedIn(page, acme);
  await page.goto((await callback).url());
  await signedIn(page, acme);
  await page.goBack();
  await expect(page.getByTestId("sso-failure")).toHaveCount(0);
});

test("a callback in another browser is refused there, and works in its own", async ({ page, site, acme, okta, owner, browser }) => {
  await begin(page, acme, okta);
  let address = "";
  const end = site.proxy.replace(new URL(okta.redirectUri).pathname, (request, response) => {
    address = request.url ?? "";
    response.writeHead(200, { "content-type": "text/html" }).end('<!doctype html><html lang="en"><title>Stopped</title></html>');
  });
  await logIn(page, owner);
  await expect(page).toHaveTitle("Stopped");
  end();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: site.url });
  const other = await context.newPage();
  await other.goto(address);
  await refused(other, site, "other-browser");
  await expect(other.getByRole("link", { name: "Start again" })).toBeVisible();
  await context.close();
  await page.goto(address);
  await signedIn(page, acme);
});

test("a session that ended is started again through the method, and leads to the page", async ({ page, context, acme, okta, owner }) => {
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
  await context.clearCookies({ name: "__Host-rollcall" });
  await page.goto(acme.settings("members"));
  await page.getByRole("link", { name: `Continue with ${okta.name}` }).click();
  await expect(page).toHaveURL(new RegExp(`${acme.settings("members")}$`));
});

test("a provider that is down is a page, and not an error", async ({ page, site, provider, acme, okta }) => {
  await provider.proxy.down();
  try {
    await begin(page, acme, okta);
    await refused(page, site, "unreachable");
    await checkPage(page);
  } finally {
    await provider.proxy.up();
  }
  await page.getByRole("link", { name: "Try again" }).click();
  await loginPage(page);
});

test.describe("a provider whose clock differs", () => {
  test.skip(Boolean(missing("faketime")), missing("faketime"));
  test.afterAll(async ({ provider }) => provider.setClock(undefined));

  for (const { clock, words } of [
    { clock: "+50s", words: undefined },
    { clock: "+65s", words: /ahead of/ },
    { clock: "+10m", words: /ahead of/ },
    { clock: "-11m", words: /behind/ },
  ]) {
    test(`by ${clock} ${words ? "is refused with the difference" : "is accepted"}`, async ({ page, site, provider, acme, okta, owner }) => {
      await provider.setClock(clock);
      await begin(page, acme, okta);
      await logIn(page, owner);
      if (!words) return signedIn(page, acme);
      await refused(page, site, "clock");
      await expect(page.getByTestId("sso-failure")).toContainText(words);
    });
  }
});
