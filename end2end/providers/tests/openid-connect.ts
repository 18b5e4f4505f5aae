import { createHash, createPublicKey, randomBytes, verify, type JsonWebKey } from "node:crypto";
import { send, type Trust } from "../request.ts";
import type { RelyingParty } from "./relying-party.ts";

export interface Client {
  id: string;
  secret: string;
  post?: boolean;
}

interface Discovery {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  userinfo_endpoint: string;
  end_session_endpoint: string;
  jwks_uri: string;
}

export interface Attempt {
  discovery: Discovery;
  /** Where the browser has to go. */
  url: string;
  verifier: string;
  nonce: string;
}

/** The claims of a token, and its header. */
export interface Token {
  header: { alg: string; kid?: string };
  claims: Record<string, unknown>;
}

/** The token endpoint's answer. */
export interface Tokens {
  id_token: string;
  access_token: string;
}

/** Reads the discovery document, and makes an authorization request with PKCE. */
export async function authorize(trust: Trust, party: RelyingParty, issuer: string, client: Client, more: Record<string, string> = {}): Promise<Attempt> {
  const document = await send(trust, `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const discovery = JSON.parse(document.text) as Discovery;
  const [verifier, nonce] = [randomBytes(32).toString("base64url"), randomBytes(16).toString("hex")];
  const url = new URL(discovery.authorization_endpoint);
  const values = {
    client_id: client.id, response_type: "code", scope: "openid email profile", redirect_uri: party.callback, state: "state", nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries({ ...values, ...more })) url.searchParams.set(name, value);
  return { discovery, url: url.href, verifier, nonce };
}

/** Exchanges the code. */
export async function redeem(trust: Trust, party: RelyingParty, { discovery, verifier }: Attempt, client: Client, code: string): Promise<Tokens> {
  const form = { grant_type: "authorization_code", code, redirect_uri: party.callback, code_verifier: verifier };
  const credentials = [client.id, client.secret].map(encodeURIComponent).join(":");
  const reply = client.post
    ? await send(trust, discovery.token_endpoint, {}, { ...form, client_id: client.id, client_secret: client.secret })
    : await send(trust, discovery.token_endpoint, { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }, form);
  if (reply.status !== 200) throw new Error(`token endpoint: ${reply.status} ${reply.text}`);
  return JSON.parse(reply.text) as Tokens;
}

/** Verifies a token's signature with the published keys. */
export async function verified(trust: Trust, { discovery }: Attempt, token: string): Promise<Token> {
  const [header, payload, signature] = token.split(".") as [string, string, string];
  const parsed = JSON.parse(Buffer.from(header, "base64url").toString()) as Token["header"];
  const { keys } = JSON.parse((await send(trust, discovery.jwks_uri)).text) as { keys: (JsonWebKey & { kid?: string })[] };
  const jwk = keys.find(({ kid }) => kid === parsed.kid);
  if (!jwk) throw new Error(`no key ${parsed.kid} among ${keys.map(({ kid }) => kid).join(", ")}`);
  const hash = parsed.alg.startsWith("Ed") ? null : `sha${parsed.alg.slice(2)}`;
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" as const, ...(parsed.alg.startsWith("PS") && { padding: 6, saltLength: -1 }) };
  if (!verify(hash, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"))) throw new Error("the signature is wrong");
  return { header: parsed, claims: JSON.parse(Buffer.from(payload, "base64url").toString()) as Token["claims"] };
}
