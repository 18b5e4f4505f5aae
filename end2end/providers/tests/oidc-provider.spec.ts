import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { promisify } from "node:util";
import { missing, OidcProvider, people, type OidcClient } from "../index.ts";
import { logIn, loginPage } from "../log-in.ts";
import { send } from "../request.ts";
import { expect, test as base } from "./fixture.ts";
import { authorize, redeem, verified, type Attempt, type Client } from "./openid-connect.ts";

const [ada] = people as [(typeof people)[0]];
const client: Client = { id: "rollcall", secret: "a+b/c%d=" };

const test = base.extend<{ metadata: OidcClient }, { provider: OidcProvider }>({
  provider: [
    async ({ network }, use) => {
      const provider = await OidcProvider.start(network);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
  metadata: async ({ party, provider }, use) => {
    const metadata = { client_id: client.id, client_secret: client.secret, redirect_uris: [party.callback] };
    await provider.configure({ clients: [metadata], people, consent: false, claimsInIdToken: true });
    await use(metadata);
  },
});
test.describe.configure({ mode: "serial" });

test("signs a person in after a wrong password", async ({ page, network, party, provider, metadata: _ }) => {
  const attempt = await authorize(network, party, provider.issuer, client, { login_hint: "ada" });
  await page.goto(attempt.url);
  await logIn(page, { userName: "ada", password: "wrong" });
  await expect(page.getByRole("alert")).toBeVisible();
  await logIn(page, ada);
  const { values } = await party.visit(page);
  expect(values).toMatchObject({ state: "state", iss: provider.issuer });
  const token = await verified(network, attempt, (await redeem(network, party, attempt, client, values.code ?? "")).id_token);
  expect(token.header.alg).toBe("RS256");
  expect(token.claims).toMatchObject({ iss: provider.issuer, aud: client.id, sub: "5f0c-ada", nonce: attempt.nonce, email: ada.email, email_verified: true });
});

for (const alg of ["RS512", "PS256", "ES256", "ES384", "EdDSA"]) {
  test(`signs with ${alg}`, async ({ page, network, party, provider, metadata }) => {
    await provider.configure({ clients: [{ ...metadata, id_token_signed_response_alg: alg, token_endpoint_auth_method: "client_secret_post" }] });
    const attempt = await authorize(network, party, provider.issuer, client);
    await page.goto(attempt.url);
    await logIn(page, ada);
    const tokens = await redeem(network, party, attempt, { ...client, post: true }, (await party.visit(page)).values.code ?? "");
    expect((await verified(network, attempt, tokens.id_token)).header.alg).toBe(alg);
  });
}

test("asks again for max_age=0 and prompt=login, and sends the new auth_time", async ({ page, network, party, provider, metadata }) => {
  await provider.configure({ clients: [{ ...metadata, require_auth_time: true }] });
  const times: unknown[] = [];
  for (const more of [{}, {}, { prompt: "login", max_age: "0" }] as Record<string, string>[]) {
    const attempt = await authorize(network, party, provider.issuer, client, more);
    await page.goto(attempt.url);
    if (times.length !== 1) await logIn(page, ada);
    const tokens = await redeem(network, party, attempt, client, (await party.visit(page)).values.code ?? "");
    times.push((await verified(network, attempt, tokens.id_token)).claims.auth_time);
  }
  expect(times[1]).toBe(times[0]);
  expect(times[2]).toBeGreaterThanOrEqual(times[0] as number);
});

test("asks for consent, and reports that the person cancelled", async ({ page, network, party, provider, metadata: _ }) => {
  await provider.configure({ consent: true });
  const attempt = await authorize(network, party, provider.issuer, client);
  await page.goto(attempt.url);
  await logIn(page, ada);
  await page.getByRole("link", { name: "Cancel" }).click();
  expect((await party.visit(page)).values).toMatchObject({ error: "access_denied", state: "state", iss: provider.issuer });
  await page.goto((await authorize(network, party, provider.issuer, client)).url);
  await page.getByRole("button", { name: "Allow" }).click();
  expect((await party.visit(page)).values.code).toBeTruthy();
});

test("rotates its keys, with and without the old ones", async ({ network, provider, metadata: _ }) => {
  const published = async (): Promise<string[]> => {
    const { keys } = JSON.parse((await send(network, `${provider.proxy.origin}/jwks`)).text) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  const first = await published();
  await provider.rotateKeys({ keep: true });
  const both = await published();
  expect(both).toEqual(expect.arrayContaining(first));
  expect(both.length).toBe(2 * first.length);
  await provider.rotateKeys();
  expect((await published()).filter((kid) => both.includes(kid))).toEqual([]);
});

test("sends claims at userinfo, plain and signed, without or with a false email_verified", async ({ page, network, party, provider, metadata }) => {
  const unverified = [{ ...ada, emailVerified: undefined, attributes: { groups: ["engineering"] } }] as typeof people;
  await provider.configure({ claimsInIdToken: false, people: unverified });
  let attempt = await authorize(network, party, provider.issuer, client);
  await page.goto(attempt.url);
  await logIn(page, ada);
  let tokens = await redeem(network, party, attempt, client, (await party.visit(page)).values.code ?? "");
  expect((await verified(network, attempt, tokens.id_token)).claims.email).toBeUndefined();
  const plain = await send(network, attempt.discovery.userinfo_endpoint, { authorization: `Bearer ${tokens.access_token}` });
  expect(JSON.parse(plain.text)).toEqual({ sub: "5f0c-ada", email: ada.email, name: ada.name, preferred_username: "ada", groups: ["engineering"] });

  await provider.configure({ people: [{ ...ada, emailVerified: "false" }], clients: [{ ...metadata, userinfo_signed_response_alg: "ES256" }] });
  attempt = await authorize(network, party, provider.issuer, client);
  await page.goto(attempt.url);
  tokens = await redeem(network, party, attempt, client, (await party.visit(page)).values.code ?? "");
  const signed = await send(network, attempt.discovery.userinfo_endpoint, { authorization: `Bearer ${tokens.access_token}` });
  expect(signed.headers["content-type"]).toContain("application/jwt");
  expect((await verified(network, attempt, signed.text)).claims).toMatchObject({ sub: "5f0c-ada", aud: client.id, email_verified: "false" });
});

test("encrypts the ID token", async ({ page, network, party, provider, metadata }) => {
  const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
  const encrypted = { id_token_encrypted_response_alg: "RSA-OAEP", id_token_encrypted_response_enc: "A128CBC-HS256" };
  await provider.configure({ clients: [{ ...metadata, ...encrypted, jwks: { keys: [{ ...jwk, use: "enc" }] } }] });
  const attempt = await authorize(network, party, provider.issuer, client);
  await page.goto(attempt.url);
  await logIn(page, ada);
  const tokens = await redeem(network, party, attempt, client, (await party.visit(page)).values.code ?? "");
  expect(tokens.id_token.split(".").length).toBe(5);
});

test("signs a person out, and notifies the back channel", async ({ page, network, party, provider, metadata }) => {
  const logout = { post_logout_redirect_uris: [party.url("/signed-out")], backchannel_logout_uri: party.url("/back-channel"), backchannel_logout_session_required: true };
  await provider.configure({ clients: [{ ...metadata, ...logout }] });
  const attempt = await authorize(network, party, provider.issuer, client);
  await page.goto(attempt.url);
  await logIn(page, ada);
  const { id_token } = await redeem(network, party, attempt, client, (await party.visit(page)).values.code ?? "");
  const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: party.url("/signed-out"), state: "out" });
  await page.goto(`${attempt.discovery.end_session_endpoint}?${query}`);
  await page.getByRole("button", { name: "Sign out" }).click();
  const received = [await party.next(), await party.next()];
  expect(received).toContainEqual({ path: "/signed-out", values: { state: "out" } });
  const token = received.find(({ path }) => path === "/back-channel")?.values.logout_token ?? "";
  const { sid } = (await verified(network, attempt, id_token)).claims;
  expect((await verified(network, attempt, token)).claims).toMatchObject({ sub: "5f0c-ada", sid, events: { "http://schemas.openid.net/event/backchannel-logout": {} } });
  await page.goto(attempt.url);
  await loginPage(page);
});

test("another program resolves its host, and trusts its certificate", async ({ network, provider, metadata: _ }) => {
  test.skip(Boolean(missing("host names")), missing("host names"));
  const script = "fetch(process.argv[1]).then(async (response) => console.log((await response.json()).issuer))";
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, `${provider.issuer}/.well-known/openid-configuration`], {
    env: { ...process.env, ...network.environment() },
  });
  expect(stdout.trim()).toBe(provider.issuer);
});

test("its clock moves, and it can be slow, broken and down", async ({ page, network, party, provider, metadata: _ }) => {
  test.skip(Boolean(missing("faketime")), missing("faketime"));
  await provider.setClock("+10m");
  const attempt = await authorize(network, party, provider.issuer, client);
  await page.goto(attempt.url);
  await logIn(page, ada);
  const { id_token } = await redeem(network, party, attempt, client, (await party.visit(page)).values.code ?? "");
  const ahead = Number((await verified(network, attempt, id_token)).claims.iat) - Date.now() / 1_000;
  expect(Math.abs(ahead - 600)).toBeLessThan(10);
  await provider.setClock(undefined);
  await isSlowBrokenAndDown(attempt);

  async function isSlowBrokenAndDown({ discovery }: Attempt): Promise<void> {
    const restore = provider.proxy.replace("/jwks", (_, response) => response.writeHead(200).end("<html>"));
    expect((await send(network, discovery.jwks_uri)).text).toBe("<html>");
    restore();
    provider.proxy.delay = 400;
    const began = Date.now();
    expect((await send(network, discovery.jwks_uri)).status).toBe(200);
    expect(Date.now() - began).toBeGreaterThanOrEqual(390);
    provider.proxy.delay = 0;
    await provider.proxy.down();
    await expect(send(network, discovery.jwks_uri)).rejects.toThrow("ECONNREFUSED");
    await provider.proxy.up();
    expect((await send(network, discovery.jwks_uri)).status).toBe(200);
  }
});
