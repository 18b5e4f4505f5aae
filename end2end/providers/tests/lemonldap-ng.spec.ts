import { demonstration, LemonLdap, missing, selfSigned, serviceProviderMetadata, type Certified } from "../index.ts";
import { logIn, postResponse } from "../log-in.ts";
import { expect, test as base } from "./fixture.ts";
import { authorize, redeem, verified } from "./openid-connect.ts";
import { RelyingParty } from "./relying-party.ts";
import { authnRequest, logoutRequest, SamlResponse } from "./saml.ts";

const [dwho, rtyler, msmith] = demonstration as [(typeof demonstration)[0], (typeof demonstration)[0], (typeof demonstration)[0]];
const issuer = "https://rollcall.test/sso/metadata";
const client = { id: "rollcall", secret: "secret" };

const test = base.extend<object, { site: RelyingParty; own: Certified; provider: LemonLdap }>({
  own: [async ({}, use) => use(await selfSigned("Relying party")), { scope: "worker" }],
  // One for all tests, because a change of settings starts the provider again.
  site: [
    async ({ network }, use) => {
      const site = await RelyingParty.start(network);
      await use(site);
      await site.stop();
    },
    { scope: "worker" },
  ],
  provider: [
    async ({ network, site, own }, use) => {
      const metadata = serviceProviderMetadata({ entityId: issuer, acs: site.url("/acs"), logout: site.url("/logout"), certificate: own.cert });
      const registration = { ...client, redirectUris: [site.callback], postLogoutRedirectUris: [site.url("/signed-out")] };
      const provider = await LemonLdap.start(network, { clients: [registration], serviceProviders: [{ metadata, sign: "both", nameIdFormat: "emailAddress" }] });
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
});
test.describe.configure({ mode: "serial" });
test.skip(Boolean(missing("lemonldap-ng")), missing("lemonldap-ng"));

test("OpenID Connect: signs a person in and out", async ({ page, network, site, provider }) => {
  const attempt = await authorize(network, site, provider.issuer, client);
  await page.goto(attempt.url);
  await logIn(page, { userName: "dwho", password: "wrong" });
  await logIn(page, dwho);
  const { values } = await site.visit(page);
  expect(values).toMatchObject({ state: "state", session_state: expect.any(String) });
  expect(values.iss).toBeUndefined();
  const { id_token } = await redeem(network, site, attempt, client, values.code ?? "");
  expect((await verified(network, attempt, id_token)).claims).toMatchObject({ iss: provider.issuer, sub: "dwho", email: dwho.email, name: dwho.name, nonce: attempt.nonce });
  const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: site.url("/signed-out"), state: "out" });
  await page.goto(`${attempt.discovery.end_session_endpoint}?${query}`);
  await page.getByRole("button").first().click();
  expect(await site.visit(page)).toMatchObject({ path: "/signed-out", values: { state: "out" } });
});

test("OpenID Connect: asks again for prompt=login, and sends auth_time", async ({ page, network, site, provider }) => {
  const attempt = await authorize(network, site, provider.issuer, client, { prompt: "login", max_age: "0" });
  await page.goto(attempt.url);
  await logIn(page, rtyler);
  const { id_token } = await redeem(network, site, attempt, client, (await site.visit(page)).values.code ?? "");
  const { auth_time } = (await verified(network, attempt, id_token)).claims;
  expect(Math.abs(Number(auth_time) - Date.now() / 1_000)).toBeLessThan(30);
});

test("SAML: signs a person in and out", async ({ page, site, provider, own }) => {
  const request = authnRequest({ destination: provider.signInUrl, issuer, acs: site.url("/acs"), key: own.key });
  await page.goto(request.url);
  await logIn(page, msmith);
  const { path, values } = await site.visit(page);
  const response = new SamlResponse(values.SAMLResponse);
  expect(path).toBe("/acs");
  expect(response.signed).toEqual(["Assertion", "Response"]);
  expect(response.inResponseTo).toBe(request.id);
  expect(response.nameId).toBe(msmith.email);
  expect(response.names(provider.certificate)).toBe(true);
  const { nameIdElement: nameId, sessionIndex } = response;
  await page.goto(logoutRequest({ destination: provider.logoutUrl, issuer, nameId, sessionIndex, key: own.key }));
  expect((await site.visit(page)).path).toBe("/logout");
});

test("SAML: signs in a person who starts at the provider", async ({ page, site, provider }) => {
  await page.goto(provider.startUrl(issuer));
  await logIn(page, rtyler);
  expect(new SamlResponse((await site.visit(page)).values.SAMLResponse).nameId).toBe(rtyler.email);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("SAML: signs a person in", async ({ page, site, provider, own }) => {
    await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: site.url("/acs"), key: own.key }).url);
    await logIn(page, dwho);
    await postResponse(page);
    expect(new SamlResponse((await site.visit(page)).values.SAMLResponse).nameId).toBe(dwho.email);
  });

  test("OpenID Connect: signs a person in", async ({ page, network, site, provider }) => {
    await page.goto((await authorize(network, site, provider.issuer, client)).url);
    await logIn(page, dwho);
    expect((await site.visit(page)).values.code).toBeTruthy();
  });
});

test("rotates its keys, signs the assertion alone, and encrypts", async ({ page, site, provider, own }) => {
  const before = provider.certificate;
  await provider.rotateKeys();
  const metadata = serviceProviderMetadata({ entityId: issuer, acs: site.url("/acs"), certificate: own.cert });
  const signIn = async (): Promise<SamlResponse> => {
    await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: site.url("/acs"), key: own.key }).url);
    return new SamlResponse((await site.visit(page)).values.SAMLResponse);
  };
  await provider.configure({ serviceProviders: [{ metadata }] });
  await page.goto(`${provider.proxy.origin}/`);
  await logIn(page, dwho);
  const response = await signIn();
  expect(response.signed).toEqual(["Assertion"]);
  expect(response.nameId).toBe("dwho");
  expect([response.names(before), response.names(provider.certificate)]).toEqual([false, true]);
  await provider.configure({ serviceProviders: [{ metadata, encrypt: true }] });
  const { xml } = await signIn();
  expect(xml).toContain("EncryptedAssertion");
  expect(xml).not.toContain("dwho");
});

test("its clock moves, and the session survives", async ({ page, network, site, provider }) => {
  test.skip(Boolean(missing("faketime")), missing("faketime"));
  await page.goto(`${provider.proxy.origin}/`);
  await logIn(page, dwho);
  await provider.setClock("+10m");
  const attempt = await authorize(network, site, provider.issuer, client);
  await page.goto(attempt.url);
  const { id_token } = await redeem(network, site, attempt, client, (await site.visit(page)).values.code ?? "");
  const ahead = Number((await verified(network, attempt, id_token)).claims.iat) - Date.now() / 1_000;
  expect(Math.abs(ahead - 600)).toBeLessThan(10);
  await provider.setClock(undefined);
});
