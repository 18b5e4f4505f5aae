// The identity provider of the demo: a real OpenID Connect provider on localhost, for trying out single sign-on.
//
// Start: `scripts/install/npm-packages scripts/demo-provider`, then `node scripts/demo-provider/server.mjs` with
//   --port 3100                       its port on 127.0.0.1 and ::1
//   --rollcall http://localhost:3000  the public URL of Rollcall, to whose pages it sends people back
//   --people FILE                     a JSON list of { "name", "email" }; the default is people.json beside this file
//   --http                            HTTP instead of HTTPS
//   --folder .tools/demo-provider     where it keeps its keys
//
// Once it is ready, it prints one line with a JSON object:
//   {"issuer":"https://localhost:3100","clientId":"rollcall-demo","clientSecret":"...","authority":".../ca.crt"}
// With HTTPS, Rollcall has to trust `authority` (SSL_CERT_FILE), and a browser shows its warning once.
//
// The client may use each redirect URI of the form ROLLCALL/sso/METHOD/oidc/callback. It ends with the process that started it.
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import * as keyStore from "./keys.mjs";
import { folder, http, issuer, people, port, rollcall } from "./options.mjs";
import * as pages from "./pages.mjs";

// oidc-provider warns of everything that only a demo may do.
console.info = console.warn = () => undefined;
const { Provider } = await import("oidc-provider");

const { signing, clientSecret, cookie } = keyStore.keys(folder);
const client = {
  client_id: "rollcall-demo",
  client_secret: clientSecret,
  client_name: "Rollcall",
  redirect_uris: [`${rollcall}/sso/demo/oidc/callback`],
  require_auth_time: true,
};

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [signing] },
  cookies: { keys: [cookie], names: { session: "demo_provider", interaction: "demo_provider_login", resume: "demo_provider_resume" } },
  findAccount(_ctx, id) {
    const person = people.find(({ subject }) => subject === id);
    if (!person) return undefined;
    const { name, email } = person;
    return { accountId: id, claims: () => ({ sub: id, name, email, email_verified: true, preferred_username: email }) };
  },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
  conformIdTokenClaims: false,
  interactions: { url: (_ctx, { uid }) => `/login/${uid}` },
  loadExistingGrant: grant,
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => void (ctx.body = pages.logout(form)),
      postLogoutSuccessSource: (ctx) => void (ctx.body = pages.message("Signed out", "You are signed out of the demo provider.")),
    },
  },
  renderError(ctx, { error, error_description: description }) {
    ctx.type = "html";
    ctx.body = pages.message("The demo provider cannot do this", description ?? error);
  },
});

// Each method of Rollcall has its own callback, which is unknown before an administrator creates the method.
provider.Client.prototype.redirectUriAllowed = (uri) => isOnRollcall(uri) && /^\/sso\/[\w-]+\/oidc\/callback$/.test(new URL(uri).pathname);
provider.Client.prototype.postLogoutRedirectUriAllowed = isOnRollcall;

provider.use(async (ctx, next) => {
  if (!/^\/login\/[\w-]+$/.test(ctx.path)) return next();
  ctx.set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  ctx.type = "html";
  try {
    await login(ctx);
  } catch {
    ctx.status = 400;
    ctx.body = pages.message("This sign-in has expired", "Go back to Rollcall and start again.");
  }
});

async function login(ctx) {
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === "GET" && ctx.querystring !== "cancel") return void (ctx.body = pages.login(people, params.login_hint));
  let result = { error: "access_denied", error_description: "The person cancelled" };
  if (ctx.method === "POST") {
    const subject = new URLSearchParams(await body(ctx.req)).get("subject");
    if (!people.some((person) => person.subject === subject)) throw new Error("unknown person");
    result = { login: { accountId: subject } };
  }
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
}

/** Nobody is asked for consent. */
async function grant(ctx) {
  const made = new provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
  made.addOIDCScope(ctx.oidc.params.scope);
  await made.save();
  return made;
}

function isOnRollcall(uri) {
  return URL.canParse(uri) && new URL(uri).origin === rollcall;
}

async function body(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 4_096) throw new Error("the form is too long");
  }
  return text;
}

// A browser may resolve localhost to either address.
function listen(address) {
  const server = http ? createHttpServer() : createHttpsServer(keyStore.certificate(folder));
  server.on("request", provider.callback());
  return new Promise((ready, failed) => server.once("error", failed).listen(port, address, ready));
}

try {
  await listen("127.0.0.1");
  // A machine may have no IPv6.
  await listen("::1").catch((error) => {
    if (error.code !== "EADDRNOTAVAIL" && error.code !== "EAFNOSUPPORT") throw error;
  });
} catch (error) {
  console.error(`demo provider: ${error.message}`);
  process.exit(1);
}
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 500).unref();
const authority = http ? undefined : join(folder, "ca.crt");
console.log(JSON.stringify({ issuer, clientId: client.client_id, clientSecret, authority }));
