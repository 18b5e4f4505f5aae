import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { selfSigned, type Certified } from "./certificate-authority.ts";
import { Child } from "./child.ts";
import { unpacked } from "./installed.ts";
import { configuration, type LemonClient } from "./lemonldap-ng/configuration.ts";
import type { Network, Place } from "./network.ts";
import { demonstration } from "./people.ts";
import type { ServiceProvider } from "./service-provider.ts";
import type { TlsProxy } from "./tls-proxy.ts";

export interface LemonSettings {
  clients: LemonClient[];
  serviceProviders: ServiceProvider[];
}

/** LemonLDAP::NG, an identity provider for OpenID Connect and for SAML 2.0. */
export class LemonLdap {
  readonly people = demonstration;
  private keyId = randomUUID();

  private constructor(
    private readonly network: Network,
    private readonly folder: string,
    /** Can delay, replace and refuse requests. */
    readonly proxy: TlsProxy,
    private settings: LemonSettings,
    private signing: Certified,
    private clock: string | undefined,
    private child: Child | undefined,
  ) {}

  static async start(network: Network, settings: Partial<LemonSettings> = {}, place: Place = {}): Promise<LemonLdap> {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-lemonldap-"));
    const [proxy, signing] = [await network.proxy(place), await selfSigned("LemonLDAP::NG")];
    const all = { clients: [], serviceProviders: [], ...settings };
    const provider = new LemonLdap(network, folder, proxy, all, signing, place.clock, undefined);
    await provider.restart();
    return provider;
  }

  /** Its issuer ends with a slash. */
  get issuer(): string {
    return `${this.proxy.origin}/`;
  }

  get entityId(): string {
    return `${this.proxy.origin}/saml/metadata`;
  }

  get metadataUrl(): string {
    return this.entityId;
  }

  /** Where SAML sign-ins begin. */
  get signInUrl(): string {
    return `${this.proxy.origin}/saml/singleSignOn`;
  }

  get logoutUrl(): string {
    return `${this.proxy.origin}/saml/singleLogout`;
  }

  /** The certificate that signs SAML messages. */
  get certificate(): string {
    return this.signing.cert;
  }

  /** A link that starts a SAML sign-in at the provider, as from its list of applications. */
  startUrl(entityId: string): string {
    return `${this.signInUrl}?IDPInitiated=1&sp=${encodeURIComponent(entityId)}`;
  }

  /** The output of the program. */
  get log(): string {
    return join(this.folder, "log");
  }

  /** Changes settings. The program starts again, and sessions stay. */
  async configure(settings: Partial<LemonSettings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.restart();
  }

  /** Signs everything with a new key. The old one is published no longer. */
  async rotateKeys(): Promise<void> {
    this.signing = await selfSigned("LemonLDAP::NG");
    this.keyId = randomUUID();
    await this.restart();
  }

  /** Starts it again with another clock. */
  async setClock(clock: string | undefined): Promise<void> {
    this.clock = clock;
    await this.restart();
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.child?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async restart(): Promise<void> {
    this.proxy.hold();
    await this.child?.stop();
    await this.write();
    this.child = await launch(this.network, this.folder, this.clock);
    this.proxy.forward(this.child.port);
  }

  private async write(): Promise<void> {
    // Its cache knows the previous configuration.
    await rm(join(this.folder, "cache"), { recursive: true, force: true });
    for (const name of ["cache", "sessions/lock", "persistent/lock"]) await mkdir(join(this.folder, name), { recursive: true });
    const { folder, signing, keyId } = this;
    const content = configuration({ origin: this.proxy.origin, folder, signing, keyId, ...this.settings });
    await writeFile(join(folder, "lmConf-1.json"), JSON.stringify(content));
    await writeFile(join(folder, "lemonldap-ng.ini"), ini(folder));
  }
}

function ini(folder: string): string {
  return `[all]
logger = Lemonldap::NG::Common::Logger::Std
logLevel = notice
[configuration]
type = File
dirName = ${folder}
localStorage = Cache::FileCache
localStorageOptions = { 'namespace' => 'configuration', 'default_expires_in' => 600, 'cache_root' => '${folder}/cache', 'cache_depth' => 3 }
[portal]
staticPrefix = /static
templateDir = ${unpacked("lemonldap-ng")}/lemonldap-ng/portal/templates
languages = en
requireToken = 0
`;
}

function launch(network: Network, folder: string, clock: string | undefined): Promise<Child> {
  const { PATH } = process.env;
  const share = unpacked("lemonldap-ng");
  return Child.start({
    command: (port) => ["plackup", "-E", "deployment", "-o", "127.0.0.1", "-p", String(port), join(import.meta.dirname, "lemonldap-ng/portal.psgi")],
    env: {
      PATH,
      ...network.environment(clock),
      PERL5LIB: `${share}/perl5`,
      LEMONLDAP_SHARE: share,
      LLNG_DEFAULTCONFFILE: join(folder, "lemonldap-ng.ini"),
      PERL_LWP_SSL_CA_FILE: network.authority.file,
      TMPDIR: folder,
    },
    log: join(folder, "log"),
  });
}
