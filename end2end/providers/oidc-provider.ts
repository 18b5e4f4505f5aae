import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonWebKey } from "node:crypto";
import { Child } from "./child.ts";
import type { Network, Place } from "./network.ts";
import { people, type Person } from "./people.ts";
import type { TlsProxy } from "./tls-proxy.ts";

/** A client's metadata, by the names of OpenID Connect Dynamic Client Registration. */
export interface OidcClient {
  client_id: string;
  client_secret: string;
  redirect_uris: string[];
  /** `client_secret_basic` by default. */
  token_endpoint_auth_method?: "client_secret_basic" | "client_secret_post";
  /** `RS256` by default; every algorithm of RFC 7518 but `none`, and `EdDSA`. */
  id_token_signed_response_alg?: string;
  /** Needs `jwks` for the asymmetric ones. */
  id_token_encrypted_response_alg?: string;
  id_token_encrypted_response_enc?: string;
  /** Userinfo as a JWT. */
  userinfo_signed_response_alg?: string;
  jwks?: { keys: JsonWebKey[] };
  /** Whether ID tokens contain `auth_time` even if the request has no `max_age`. */
  require_auth_time?: boolean;
  post_logout_redirect_uris?: string[];
  backchannel_logout_uri?: string;
  backchannel_logout_session_required?: boolean;
}

export interface OidcSettings {
  clients: OidcClient[];
  people: Person[];
  /** Whether a person is asked for consent at the first sign-in to a client. */
  consent: boolean;
  /** Whether email and name are in the ID token. Otherwise they are only at userinfo, as the specification has it. */
  claimsInIdToken: boolean;
  requirePkce: boolean;
  /** Whether the issuer ends with a slash. */
  trailingSlash: boolean;
}

interface Request {
  settings: OidcSettings & { issuer: string };
  replaceKeys?: boolean;
  addKeys?: boolean;
  useKeys?: JsonWebKey[];
}

/** oidc-provider from npm, a certified OpenID Connect provider. */
export class OidcProvider {
  /** Its private signing keys. The first of a family signs. */
  keys: JsonWebKey[] = [];

  private constructor(
    private readonly network: Network,
    private readonly folder: string,
    /** Can delay, replace and refuse requests. */
    readonly proxy: TlsProxy,
    private child: Child,
    private settings: OidcSettings,
  ) {}

  static async start(network: Network, settings: Partial<OidcSettings> = {}, place: Place = {}): Promise<OidcProvider> {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-oidc-provider-"));
    const proxy = await network.proxy(place);
    const defaults = { clients: [], people, consent: false, claimsInIdToken: true, requirePkce: false, trailingSlash: false };
    const child = await launch(network, folder, place.clock);
    const provider = new OidcProvider(network, folder, proxy, child, { ...defaults, ...settings });
    await provider.send({});
    proxy.forward(child.port);
    return provider;
  }

  get issuer(): string {
    return this.proxy.origin + (this.settings.trailingSlash ? "/" : "");
  }

  /** The authorization endpoint, where the sign-in begins. */
  get signInUrl(): string {
    return `${this.proxy.origin}/auth`;
  }

  /** The output of the program. */
  get log(): string {
    return join(this.folder, "log");
  }

  /** Changes settings while it runs. Sessions stay. */
  async configure(settings: Partial<OidcSettings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.send({});
  }

  /** New signing keys. `keep`: the old keys stay published. Without: their tokens no longer verify. */
  async rotateKeys({ keep = false } = {}): Promise<void> {
    await this.send(keep ? { addKeys: true } : { replaceKeys: true });
  }

  /** Starts it again with another clock and the same keys. Sessions are lost. */
  async setClock(clock: string | undefined): Promise<void> {
    this.proxy.hold();
    await this.child.stop();
    this.child = await launch(this.network, this.folder, clock);
    await this.send({ useKeys: this.keys });
    this.proxy.forward(this.child.port);
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.child.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async send(keys: Omit<Request, "settings">): Promise<void> {
    const request: Request = { settings: { ...this.settings, issuer: this.issuer }, ...keys };
    const { process } = this.child;
    const reply = await new Promise<{ keys?: JsonWebKey[]; error?: string }>((received, failed) => {
      process.once("message", received);
      process.send(request, (error) => error && failed(error));
    });
    if (!reply.keys) throw new Error(reply.error);
    this.keys = reply.keys;
  }
}

function launch(network: Network, folder: string, clock: string | undefined): Promise<Child> {
  const main = join(import.meta.dirname, "oidc-provider/main.mjs");
  return Child.start({
    command: (port) => [process.execPath, main, String(port)],
    env: { ...process.env, ...network.environment(clock), NODE_NO_WARNINGS: "1" },
    log: join(folder, "log"),
    messages: true,
  });
}
