import { activity, addSaml, begin, expect, logInAndPost, nextResponse, postAgain, refused, signedIn, test } from "../../fixtures/saml-sign-in.ts";
import { checkPage, hasJavaScript } from "../../fixtures/index.ts";
import { missing, selfSigned, serviceProviderMetadata } from "../../providers/index.ts";
import { logIn, postResponse } from "../../providers/log-in.ts";

test.describe.configure({ mode: "default" });
test.skip(Boolean(missing("simplesamlphp")), missing("simplesamlphp"));

for (const sign of ["assertion", "response", "both"] as const) {
  test(`a member signs in with a signed ${sign}`, { tag: "@no-js" }, async ({ page, acme, company, owner, register }) => {
    await register({ sign });
    await begin(page, acme, company);
    await logInAndPost(page, owner);
    await signedIn(page, acme);
  });
}

test("a certificate that is not the provider's is refused", { tag: ["@narrow", "@no-js"] }, async ({ page, site, owner, provider }) => {
  const team = await site.team({ owner: { name: "Ada Lovelace", email: owner.email, password: `orbit lantern ${owner.userName} meadow` } });
  const company = await addSaml(site, team, provider, (await selfSigned("Another")).cert);
  await provider.configure({ serviceProviders: [{ metadata: serviceProviderMetadata({ entityId: company.entityId, acs: company.acs }) }], people: [owner] });
  await begin(page, team, company);
  await logInAndPost(page, owner);
  await refused(page, site, "bad-signature");
  await checkPage(page);
});

test("after the provider changed its key, its responses are refused until an admin trusts it", async ({ page, site, acme, company, owner, provider, register }) => {
  await register();
  await provider.announceKey();
  await begin(page, acme, company);
  await logInAndPost(page, owner);
  await signedIn(page, acme);
  await provider.rotateKeys();
  await page.context().clearCookies({ name: "__Host-rollcall" });
  await begin(page, acme, company);
  await refused(page, site, "bad-signature");
});

test("a response that was posted before is refused", async ({ page, site, acme, company, owner, provider, register }) => {
  await register();
  await begin(page, acme, company);
  const response = nextResponse(page, company);
  await logInAndPost(page, owner);
  await signedIn(page, acme);
  await page.context().clearCookies({ name: "__Host-rollcall" });
  await postAgain(page, company, await response, provider.proxy.origin);
  await refused(page, site, "used");
  await checkPage(page);
  await page.getByRole("link", { name: "Start again" }).click();
  await signedIn(page, acme);
});

test("a response that is posted in another browser signs no one in", async ({ page, site, acme, company, owner, provider, register, browser }) => {
  await register();
  await begin(page, acme, company);
  const end = site.proxy.replace(new URL(company.acs).pathname, (_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end('<!doctype html><html lang="en"><title>Stopped</title></html>');
  });
  const response = nextResponse(page, company);
  await logInAndPost(page, owner);
  const form = await response;
  await expect(page).toHaveTitle("Stopped");
  end();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: site.url });
  const other = await context.newPage();
  await postAgain(other, company, form, provider.proxy.origin);
  await refused(other, site, "other-browser");
  await context.close();
});

test("the provider's tile leads to a page with one link, which signs in", { tag: ["@narrow", "@no-js"] }, async ({ page, site, acme, company, owner, provider, register }) => {
  await register();
  await page.goto(provider.startUrl(company.entityId));
  await logInAndPost(page, owner);
  await refused(page, site, "not-asked");
  await expect(page.getByRole("main").getByRole("link")).toHaveCount(1);
  await checkPage(page);
  await page.getByRole("link", { name: `Continue with ${company.name}` }).click();
  if (!hasJavaScript()) await postResponse(page);
  await signedIn(page, acme);
});

test("a tile with the start URL signs in at once", async ({ page, acme, company, owner, register }) => {
  await register();
  await page.goto(company.start);
  await logIn(page, owner);
  await signedIn(page, acme);
});

test("an encrypted assertion is refused, and the log says what to turn off", async ({ page, site, acme, company, owner, provider }) => {
  const { cert } = await selfSigned("Rollcall");
  const metadata = serviceProviderMetadata({ entityId: company.entityId, acs: company.acs, certificate: cert }).replace('AuthnRequestsSigned="true"', 'AuthnRequestsSigned="false"');
  await provider.configure({ serviceProviders: [{ metadata, encrypt: true }], people: [owner] });
  await begin(page, acme, company);
  await logInAndPost(page, owner);
  await refused(page, site, "bad-response");
  expect(await activity(page, acme)).toContain("turn off assertion encryption in the provider");
});

test("a transient name identifies no one, unless an attribute does", async ({ page, site, acme, company, owner, register }) => {
  await register({ nameIdFormat: "transient" });
  await begin(page, acme, company);
  await logInAndPost(page, owner);
  await signedIn(page, acme);
  await page.context().clearCookies({ name: "__Host-rollcall" });
  await site.server.run(["sso", "match", "--team", acme.slug, company.name, "--identifier", "", "--remove-links"]);
  await begin(page, acme, company);
  await refused(page, site, "bad-response");
  expect(await activity(page, acme)).toContain("transient");
});

test("SHA-1 is refused, and the log says what to choose", async ({ page, site, acme, company, owner, provider, register }) => {
  await register();
  await provider.configure({ signatureAlgorithm: "rsa-sha1" });
  try {
    await begin(page, acme, company);
    await logInAndPost(page, owner);
    await refused(page, site, "bad-signature");
    expect(await activity(page, acme)).toContain("SHA-256");
  } finally {
    await provider.configure({ signatureAlgorithm: "rsa-sha256" });
  }
});

test.describe("a provider whose clock differs", () => {
  test.skip(Boolean(missing("faketime")), missing("faketime"));
  test.afterAll(async ({ provider }) => provider.setClock(undefined));

  for (const { clock, words } of [
    { clock: "+50s", words: undefined },
    { clock: "+95s", words: /ahead of/ },
    { clock: "+10m", words: /ahead of/ },
    { clock: "-11m", words: /behind/ },
  ]) {
    test(`by ${clock} ${words ? "is refused with the difference" : "is accepted"}`, async ({ page, site, provider, acme, company, owner, register }) => {
      await register();
      await provider.setClock(clock);
      await begin(page, acme, company);
      await logInAndPost(page, owner);
      if (!words) return signedIn(page, acme);
      await refused(page, site, "clock");
      await expect(page.getByTestId("sso-failure")).toContainText(words);
    });
  }
});
