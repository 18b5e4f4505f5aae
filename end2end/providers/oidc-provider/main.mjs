// The process of an oidc-provider: `node main.mjs PORT`. The parent sends settings (OidcSettings in ../oidc-provider.ts) as
// messages. Each message replaces the provider. Sessions stay, because the storage and the cookies' keys are this process's.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { grantWithoutConsent, interactions } from "./interactions.mjs";
import * as pages from "./pages.mjs";
import { Storage } from "./storage.mjs";

const SIGNING = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519", "HS256", "HS384", "HS512"];
const ENCRYPTION = ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "A256KW", "dir"];
const CONTENT_ENCRYPTION = ["A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM"];

const cookieKeys = [randomBytes(24).toString("hex")];
let listener = (_request, response) => response.writeHead(503).end();
let keys = [];

/** One key for each family of algorithms, as private JWKs. */
function newKeys() {
  const pairs = [
    ["rsa", { modulusLength: 2048 }], ["ec", { namedCurve: "P-256" }], ["ec", { namedCurve: "P-384" }], ["ec", { namedCurve: "P-521" }], ["ed25519"],
  ];
  return pairs.map(([type, options]) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }), use: "sig", kid: randomBytes(8).toString("hex"),
  }));
}

function claims({ name, email, emailVerified, userName, attributes }) {
  return { name, email, email_verified: emailVerified, preferred_username: userName, ...attributes };
}

function start(settings) {
  const { issuer, clients, people, consent, claimsInIdToken, requirePkce } = settings;
  const configuration = {
    adapter: Storage,
    clients,
    jwks: { keys },
    cookies: { keys: cookieKeys },
    findAccount(_ctx, id) {
      const person = people.find(({ subject, userName }) => (subject ?? userName) === id);
      return person && { accountId: id, claims: () => ({ sub: id, ...claims(person) }) };
    },
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name", "preferred_username", ...people.flatMap(({ attributes = {} }) => Object.keys(attributes))],
    },
    conformIdTokenClaims: !claimsInIdToken,
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    ...(!consent && { loadExistingGrant: grantWithoutConsent }),
    pkce: { required: () => requirePkce },
    enabledJWA: {
      idTokenSigningAlgValues: SIGNING,
      userinfoSigningAlgValues: SIGNING,
      idTokenEncryptionAlgValues: ENCRYPTION,
      userinfoEncryptionAlgValues: ENCRYPTION,
      idTokenEncryptionEncValues: CONTENT_ENCRYPTION,
      userinfoEncryptionEncValues: CONTENT_ENCRYPTION,
    },
    features: {
      devInteractions: { enabled: false },
      encryption: { enabled: true },
      jwtUserinfo: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => void (ctx.body = pages.logout(form)),
        postLogoutSuccessSource: (ctx) => void (ctx.body = pages.message("Signed out")),
      },
    },
    renderError(ctx, { error, error_description: description }) {
      ctx.type = "html";
      ctx.body = pages.message(error, description);
    },
    // oidc-provider's own dispatcher refuses loopback addresses, where Rollcall listens for back-channel logout.
    fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
  };
  const provider = new Provider(issuer, configuration);
  // The TLS proxy is trusted.
  provider.proxy = true;
  provider.use(interactions(provider, settings));
  for (const event of ["server_error", "authorization.error", "grant.error", "userinfo.error", "backchannel.error"]) {
    provider.on(event, (_ctx, error, client) => console.log(event, error?.error_detail ?? error?.error_description ?? error ?? client));
  }
  listener = provider.callback();
}

process.on("message", ({ settings, replaceKeys, addKeys, useKeys }) => {
  try {
    if (useKeys) keys = useKeys;
    if (replaceKeys || keys.length === 0) keys = newKeys();
    // The first fitting key signs.
    if (addKeys) keys = [...newKeys(), ...keys];
    start(settings);
    process.send({ keys });
  } catch (error) {
    process.send({ error: String(error.stack ?? error) });
  }
});
process.on("disconnect", () => process.exit());
createServer((request, response) => listener(request, response)).listen(Number(process.argv[2]), "127.0.0.1");
