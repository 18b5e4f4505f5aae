import { missing, people, selfSigned, serviceProviderMetadata, SimpleSaml, type Certified, type ServiceProvider } from "../index.ts";
import { logIn, loginPage, postResponse } from "../log-in.ts";
import { send } from "../request.ts";
import { expect, test as base } from "./fixture.ts";
import { authnRequest, logoutRequest, SamlResponse } from "./saml.ts";

const [ada, grace] = people as [(typeof people)[0], (typeof people)[0]];
const issuer = "https://rollcall.test/sso/metadata";

const test = base.extend<{ metadata: string }, { provider: SimpleSaml; own: Certified }>({
  own: [async ({}, use) => use(await selfSigned("Relying party")), { scope: "worker" }],
  provider: [
    async ({ network }, use) => {
      const provider = await SimpleSaml.start(network);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
  metadata: async ({ party, own }, use) => {
    await use(serviceProviderMetadata({ entityId: issuer, acs: party.url("/acs"), logout: party.url("/logout"), certificate: own.cert }));
  },
});
test.describe.configure({ mode: "serial" });
test.skip(Boolean(missing("simplesamlphp")), missing("simplesamlphp"));

const signatures: [ServiceProvider["sign"], string[]][] = [
  ["assertion", ["Assertion"]],
  ["response", ["Response"]],
  ["both", ["Assertion", "Response"]],
];
for (const [sign, signed] of signatures) {
  test(`signs: ${sign}`, async ({ page, party, provider, metadata, own }) => {
    await provider.configure({ serviceProviders: [{ metadata, sign: sign ?? "both", nameIdFormat: "emailAddress", nameId: "mail" }] });
    const request = authnRequest({ destination: provider.signInUrl, issuer, acs: party.url("/acs"), key: own.key });
    await page.goto(request.url);
    await logIn(page, { userName: "ada", password: "wrong" });
    await logIn(page, ada);
    const { path, values } = await party.visit(page);
    const response = new SamlResponse(values.SAMLResponse);
    expect({ path, relay: values.RelayState }).toEqual({ path: "/acs", relay: "relay" });
    expect(response.signed).toEqual(signed);
    expect(response.inResponseTo).toBe(request.id);
    expect(response.nameId).toBe(ada.email);
    expect(response.names(provider.certificate)).toBe(true);
  });
}

test("encrypts assertions", async ({ page, party, provider, metadata, own }) => {
  await provider.configure({ serviceProviders: [{ metadata, encrypt: true }] });
  await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: party.url("/acs"), key: own.key }).url);
  await logIn(page, grace);
  const { xml } = new SamlResponse((await party.visit(page)).values.SAMLResponse);
  expect(xml).toContain("<saml:EncryptedAssertion");
  expect(xml).toContain("xmlenc#aes128-cbc");
  expect(xml).toContain("xmlenc#rsa-oaep-mgf1p");
  expect(xml).not.toContain("grace");
});

test("refuses a request without a signature when the metadata promises one", async ({ page, party, provider, metadata }) => {
  await provider.configure({ serviceProviders: [{ metadata }] });
  await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: party.url("/acs") }).url);
  await expect(page.getByText("no signature found on message")).toBeVisible();
});

test("offers the bindings of its settings", async ({ network, provider }) => {
  await provider.configure({ bindings: ["HTTP-POST"] });
  const { text } = await send(network, provider.metadataUrl);
  expect([...text.matchAll(/SingleSignOnService Binding="[^"]*:(HTTP-\w+)"/g)].map(([, name]) => name)).toEqual(["HTTP-POST"]);
  await provider.configure({ bindings: ["HTTP-Redirect"] });
});

test("asks again for ForceAuthn, and remembers the person otherwise", async ({ page, party, provider, metadata, own }) => {
  await provider.configure({ serviceProviders: [{ metadata, nameId: "uid" }] });
  const instants: number[] = [];
  for (const forceAuthn of [false, false, true]) {
    await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: party.url("/acs"), forceAuthn, key: own.key }).url);
    if (instants.length !== 1) await logIn(page, ada);
    instants.push(new SamlResponse((await party.visit(page)).values.SAMLResponse).authnInstant);
  }
  expect(instants[1]).toBe(instants[0]);
  expect(instants[2]).toBeGreaterThanOrEqual(instants[0] as number);
});

test("signs in a person who starts at the provider, and out again", async ({ page, party, provider, metadata, own }) => {
  await provider.configure({ serviceProviders: [{ metadata, nameId: "uid" }] });
  await page.goto(provider.startUrl(issuer));
  await logIn(page, grace);
  const response = new SamlResponse((await party.visit(page)).values.SAMLResponse);
  expect(response.inResponseTo).toBeUndefined();
  const { nameIdElement: nameId, sessionIndex } = response;
  await page.goto(logoutRequest({ destination: provider.logoutUrl, issuer, nameId, sessionIndex, key: own.key }));
  const { path, values } = await party.visit(page);
  expect(path).toBe("/logout");
  expect(values.SAMLResponse).toBeTruthy();
  await page.goto(provider.startUrl(issuer));
  await loginPage(page);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signs a person in", async ({ page, party, provider, metadata, own }) => {
    await provider.configure({ serviceProviders: [{ metadata, nameId: "uid" }] });
    await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: party.url("/acs"), key: own.key }).url);
    await logIn(page, ada);
    await postResponse(page);
    expect(new SamlResponse((await party.visit(page)).values.SAMLResponse).nameId).toBe("ada");
  });
});

test("announces a second key before it signs with it", async ({ page, network, party, provider, metadata, own }) => {
  await provider.configure({ serviceProviders: [{ metadata }] });
  const first = provider.certificate;
  const second = await provider.announceKey();
  const published = new SamlResponse(Buffer.from((await send(network, provider.metadataUrl)).text).toString("base64"));
  expect([published.names(first), published.names(second)]).toEqual([true, true]);
  const signIn = async (): Promise<SamlResponse> => {
    await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: party.url("/acs"), key: own.key }).url);
    if (await page.locator('input[name="password"]').count()) await logIn(page, ada);
    return new SamlResponse((await party.visit(page)).values.SAMLResponse);
  };
  expect((await signIn()).names(first)).toBe(true);
  await provider.rotateKeys();
  expect((await signIn()).names(second)).toBe(true);
  expect(provider.certificate).toBe(second);
});

test("its clock moves", async ({ page, party, provider, metadata, own }) => {
  test.skip(Boolean(missing("faketime")), missing("faketime"));
  await provider.configure({ serviceProviders: [{ metadata }] });
  await provider.setClock("-10m");
  await page.goto(authnRequest({ destination: provider.signInUrl, issuer, acs: party.url("/acs"), key: own.key }).url);
  await logIn(page, ada);
  const response = new SamlResponse((await party.visit(page)).values.SAMLResponse);
  expect(Math.abs(Date.now() - response.issueInstant - 600_000)).toBeLessThan(10_000);
  await provider.setClock(undefined);
});
