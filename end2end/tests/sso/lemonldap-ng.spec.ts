import { addSaml, begin, expect, logInAndPost, nextResponse, postAgain, refused, signedIn } from "../../fixtures/saml-sign-in.ts";
import { test as base } from "../../fixtures/sso.ts";
import type { Team } from "../../fixtures/index.ts";
import { logIn } from "../../providers/log-in.ts";
import { LemonLdap, missing, serviceProviderMetadata, type Person } from "../../providers/index.ts";

interface ForEachTest {
  /** Its owner is one of the provider's people. */
  acme: Team;
  owner: Person;
}

/** LemonLDAP::NG for both protocols. Its people cannot be changed, so that each test has a team of the same person. */
const test = base.extend<ForEachTest, { provider: LemonLdap }>({
  provider: [
    async ({ network }, use) => {
      const provider = await LemonLdap.start(network);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
  owner: async ({ provider }, use) => use(provider.people[0] as Person),
  acme: async ({ site, owner }, use) => use(await site.team({ owner: { name: owner.name, email: owner.email, password: "orbit lantern badwolf meadow" } })),
});
test.describe.configure({ mode: "default" });
test.skip(Boolean(missing("lemonldap-ng")), missing("lemonldap-ng"));

const secret = "a+b/c%d=";

test("OpenID Connect: a member signs in, at an issuer with a final slash", { tag: "@no-js" }, async ({ page, site, acme, owner, provider }) => {
  const id = `rollcall-${acme.slug}`;
  const words = ["--provider", "custom_oidc", "--issuer", provider.issuer, "--client-id", id, "--client-secret-stdin"];
  const company = await site.method(acme, "Company", words, secret);
  await site.server.run(["sso", "match", "--team", acme.slug, "Company", "--claim", "email", "--attribute", "userName"]);
  await provider.configure({ clients: [{ id, secret, redirectUris: [company.redirectUri] }] });
  await begin(page, acme, company);
  await logIn(page, owner);
  await signedIn(page, acme);
  await page.context().clearCookies({ name: "__Host-rollcall" });
  await provider.configure({ clients: [{ id, secret, redirectUris: [company.redirectUri], algorithm: "HS256" }] });
  await begin(page, acme, company);
  await refused(page, site, "bad-signature");
});

for (const sign of ["assertion", "both"] as const) {
  test(`SAML: a member signs in with a signed ${sign}, once`, { tag: "@no-js" }, async ({ page, site, acme, owner, provider }) => {
    const company = await addSaml(site, acme, provider, provider.certificate);
    const metadata = serviceProviderMetadata({ entityId: company.entityId, acs: company.acs });
    await provider.configure({ serviceProviders: [{ metadata, sign, nameIdFormat: "emailAddress" }] });
    await begin(page, acme, company);
    const response = nextResponse(page, company);
    await logInAndPost(page, owner);
    await signedIn(page, acme);
    await page.context().clearCookies({ name: "__Host-rollcall" });
    await postAgain(page, company, await response, provider.proxy.origin);
    await refused(page, site, "used");
  });
}

test("SAML: after the provider changed its key, its responses are refused", async ({ page, site, acme, owner, provider }) => {
  const company = await addSaml(site, acme, provider, provider.certificate);
  const metadata = serviceProviderMetadata({ entityId: company.entityId, acs: company.acs });
  await provider.configure({ serviceProviders: [{ metadata }] });
  await provider.rotateKeys();
  await begin(page, acme, company);
  await logInAndPost(page, owner);
  await refused(page, site, "bad-signature");
});

test("SAML: the provider's tile leads to a page with one link", async ({ page, site, acme, owner, provider }) => {
  const company = await addSaml(site, acme, provider, provider.certificate);
  const metadata = serviceProviderMetadata({ entityId: company.entityId, acs: company.acs });
  await provider.configure({ serviceProviders: [{ metadata }] });
  await page.goto(provider.startUrl(company.entityId));
  await logInAndPost(page, owner);
  await refused(page, site, "not-asked");
  await page.getByRole("link", { name: `Continue with ${company.name}` }).click();
  await signedIn(page, acme);
  expect(provider.proxy.requests).toContain("GET /saml/singleSignOn");
});
