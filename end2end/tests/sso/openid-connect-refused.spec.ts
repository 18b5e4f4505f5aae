import { generateKeyPairSync } from "node:crypto";
import { activity, begin, expect, hs256, issue, refused, rs256, secret, signedIn, test, type Token } from "../../fixtures/openid-connect.ts";
import { logIn } from "../../providers/log-in.ts";

test.describe.configure({ mode: "default" });

const seconds = (difference: number): number => Math.floor(Date.now() / 1_000) + difference;
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

test("forged, misdirected and late ID tokens are refused", async ({ page, site, provider, acme, okta, owner, client }) => {
  test.setTimeout(120_000);
  const jwk = { kty: "RSA", n: stranger.n, e: stranger.e };
  const cases: [string, string, Token][] = [
    ["O32: for another client", "not-for-us", { claims: { aud: "another-client" } }],
    ["O26: no audience", "bad-response", { claims: { aud: undefined } }],
    ["O27: two audiences without azp", "not-for-us", { claims: { aud: [client.client_id, "other"] } }],
    ["O28: azp of another client", "not-for-us", { claims: { azp: "other" } }],
    ["O25: issuer with a slash", "not-for-us", { claims: { iss: `${provider.issuer}/` } }],
    ["O11: no nonce", "bad-response", { claims: { nonce: undefined } }],
    ["O12: nonce of another sign-in", "bad-response", { claims: { nonce: "0".repeat(64) } }],
    ["O30: no subject", "bad-response", { claims: { sub: undefined } }],
    ["O29: expired 61 s ago", "clock", { claims: { exp: seconds(-62) } }],
    ["O29: issued 11 min ago", "clock", { claims: { iat: seconds(-660) } }],
    ["O13: alg none", "bad-signature", { header: { alg: "none" }, signature: () => Buffer.alloc(0) }],
    ["O14: HS256 with the client secret", "bad-signature", { header: { alg: "HS256" }, signature: hs256(secret) }],
    ["O16: RS256 with the key of EC", "bad-signature", { header: { kid: keyOf(provider.keys, "EC") } }],
    ["O17: own key in the header", "bad-signature", { header: { jwk, kid: undefined }, signature: rs256(stranger) }],
    ["O18: jku", "bad-signature", { header: { jku: `${provider.issuer}/evil`, kid: "evil" }, signature: rs256(stranger) }],
    ["O20: crit", "bad-response", { header: { crit: ["b64"], b64: false } }],
    ["O21: unknown kid", "bad-signature", { header: { kid: "'; DROP TABLE members; --" } }],
    ["signature of another key", "bad-signature", { signature: rs256(stranger) }],
    ["O33: an access token", "not-for-us", { header: { typ: "at+jwt" } }],
  ];
  for (const [name, code, token] of cases) {
    await test.step(name, async () => {
      const end = issue(page, provider, client, owner, token);
      await begin(page, acme, okta);
      if (name === cases[0]?.[0]) await logIn(page, owner);
      await refused(page, site, code);
      end();
    });
  }
  expect(provider.proxy.requests).not.toContain("GET /evil");
  // The good one, in the same browser, so that the cases above were refused for their reasons.
  issue(page, provider, client, owner, {});
  await begin(page, acme, okta);
  await signedIn(page, acme);
});

/** The id of the provider's key of this kind. */
function keyOf(keys: object[], kind: string): unknown {
  return (keys as { kty: string; kid: string }[]).find(({ kty }) => kty === kind)?.kid;
}

test("tokens of a key that the provider withdrew are refused", async ({ page, site, provider, acme, okta, owner, client }) => {
  const old = provider.keys[0] as { kid: string };
  await provider.rotateKeys();
  const end = issue(page, provider, client, owner, { header: { kid: old.kid }, signature: rs256(old) });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await refused(page, site, "bad-signature");
  end();
});

test("while the provider announces two keys, both are accepted", async ({ page, provider, acme, okta, owner, client }) => {
  const old = provider.keys[0] as { kid: string };
  await provider.rotateKeys({ keep: true });
  const end = issue(page, provider, client, owner, { header: { kid: old.kid }, signature: rs256(old) });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await signedIn(page, acme);
  end();
  await page.context().clearCookies({ name: "__Host-rollcall" });
  await begin(page, acme, okta);
  await signedIn(page, acme);
});

test("HS256 is refused, and the log says what to change at the provider", async ({ page, site, acme, okta, owner, register }) => {
  await register({ id_token_signed_response_alg: "HS256" });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await refused(page, site, "bad-signature");
  expect(await activity(page, acme)).toContain("choose a signing key in the provider");
});

test("an encrypted ID token is refused, and the log says what to change at the provider", async ({ page, site, acme, okta, owner, register }) => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), use: "enc" }] };
  await register({ id_token_encrypted_response_alg: "RSA-OAEP-256", id_token_encrypted_response_enc: "A128GCM", jwks });
  await begin(page, acme, okta);
  await logIn(page, owner);
  await refused(page, site, "bad-response");
  expect(await activity(page, acme)).toContain("turn off ID token encryption in the provider");
});

test("a token endpoint that misbehaves is a page", async ({ page, site, provider, acme, okta, owner }) => {
  test.setTimeout(60_000);
  let first = true;
  for (const [name, code, answer] of [
    ["O39: a redirect", "unreachable", { status: 302, headers: { location: `${provider.issuer}/evil` }, body: "" }],
    ["O39: HTML", "bad-response", { status: 200, headers: { "content-type": "text/html" }, body: "<html></html>" }],
    ["O39: 257 KiB", "unreachable", { status: 200, headers: {}, body: " ".repeat(257 * 1024) }],
    ["an error of the server", "unreachable", { status: 500, headers: {}, body: "" }],
    ["O39: nothing", "unreachable", undefined],
  ] as const) {
    await test.step(name, async () => {
      const end = provider.proxy.replace("/token", (_asked, response) => {
        // Without an answer, the connection stays open. Rollcall gives up after 5 seconds.
        if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
      });
      await begin(page, acme, okta);
      if (first) await logIn(page, owner);
      first = false;
      await refused(page, site, code);
      end();
    });
  }
  expect(provider.proxy.requests).not.toContain("GET /evil");
});

test("discovery that misbehaves is a page", async ({ page, site, provider, acme, okta }) => {
  const configuration = "/.well-known/openid-configuration";
  const good = { issuer: provider.issuer, authorization_endpoint: provider.signInUrl, token_endpoint: `${provider.issuer}/token`, jwks_uri: `${provider.issuer}/jwks` };
  for (const [name, code, status, body] of [
    ["F29: another issuer", "not-for-us", 200, { ...good, issuer: `${provider.issuer}/` }],
    ["O38: a redirect", "unreachable", 302, {}],
    ["O38: an endpoint without TLS", "bad-response", 200, { ...good, token_endpoint: "http://idp.test/token" }],
    ["no key set", "bad-response", 200, { ...good, jwks_uri: undefined }],
  ] as const) {
    await test.step(name, async () => {
      const end = provider.proxy.replace(configuration, (_asked, response) => {
        response.writeHead(status, { location: "https://10.0.0.1/", "content-type": "application/json" }).end(JSON.stringify(body));
      });
      await begin(page, acme, okta);
      await refused(page, site, code);
      end();
    });
  }
});

test("endpoints outside of the allowed network are not requested", async ({ page, site, provider, acme, okta, owner }) => {
  // N60: the issuer's network is allowed, that of its key set is not.
  const body = { issuer: provider.issuer, authorization_endpoint: provider.signInUrl, token_endpoint: `${provider.issuer}/token`, jwks_uri: "https://10.0.0.1/jwks" };
  const end = provider.proxy.replace("/.well-known/openid-configuration", (_asked, response) => void response.end(JSON.stringify(body)));
  await begin(page, acme, okta);
  await logIn(page, owner);
  await refused(page, site, "unreachable");
  end();
  expect(await activity(page, acme)).toContain("isn't public");
});
