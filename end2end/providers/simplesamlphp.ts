import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned, type Certified } from "./certificate-authority.ts";
import { Child } from "./child.ts";
import { unpacked } from "./installed.ts";
import type { Network, Place } from "./network.ts";
import { people, type Person } from "./people.ts";
import type { ServiceProvider } from "./service-provider.ts";
import type { TlsProxy } from "./tls-proxy.ts";

export interface SimpleSamlSettings {
  serviceProviders: ServiceProvider[];
  people: Person[];
  /** `rsa-sha256` by default. */
  signatureAlgorithm: "rsa-sha1" | "rsa-sha256" | "rsa-sha384" | "rsa-sha512";
  /** The bindings of its sign-in URL. */
  bindings: ("HTTP-Redirect" | "HTTP-POST")[];
}

/** SimpleSAMLphp, a SAML 2.0 identity provider. */
export class SimpleSaml {
  /** The certificate that signs now. */
  certificate = "";
  private next: Certified | undefined;

  private constructor(
    private readonly network: Network,
    private readonly folder: string,
    /** Can delay, replace and refuse requests. */
    readonly proxy: TlsProxy,
    private child: Child,
    private settings: SimpleSamlSettings,
  ) {}

  static async start(network: Network, settings: Partial<SimpleSamlSettings> = {}, place: Place = {}): Promise<SimpleSaml> {
    const folder = await makeFolder();
    const proxy = await network.proxy(place);
    const child = await launch(network, folder, place.clock);
    const defaults: SimpleSamlSettings = { serviceProviders: [], people, signatureAlgorithm: "rsa-sha256", bindings: ["HTTP-Redirect"] };
    const provider = new SimpleSaml(network, folder, proxy, child, { ...defaults, ...settings });
    await provider.use(await selfSigned("SimpleSAMLphp"));
    proxy.forward(child.port);
    return provider;
  }

  get entityId(): string {
    return `${this.proxy.origin}/saml2/idp/metadata.php`;
  }

  get metadataUrl(): string {
    return this.entityId;
  }

  get signInUrl(): string {
    return `${this.proxy.origin}/saml2/idp/SSOService.php`;
  }

  get logoutUrl(): string {
    return `${this.proxy.origin}/saml2/idp/SingleLogoutService.php`;
  }

  /** A link that starts a sign-in at the provider, as from its list of applications. */
  startUrl(entityId: string): string {
    return `${this.signInUrl}?spentityid=${encodeURIComponent(entityId)}`;
  }

  /** The output of the program. */
  get log(): string {
    return join(this.folder, "log");
  }

  /** Changes settings while it runs. Sessions stay. */
  async configure(settings: Partial<SimpleSamlSettings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.write();
  }

  /** Adds a second certificate to the metadata, with which it does not sign yet. Returns it. */
  async announceKey(): Promise<string> {
    this.next = await selfSigned("SimpleSAMLphp, next");
    await this.save("next", this.next);
    await this.write();
    return this.next.cert;
  }

  /** Signs with the announced key from now on, or with a new one that nobody knows. The old certificate leaves the metadata. */
  async rotateKeys(): Promise<void> {
    const next = this.next ?? (await selfSigned("SimpleSAMLphp"));
    this.next = undefined;
    await this.use(next);
  }

  /** Starts it again with another clock. Sessions stay. */
  async setClock(clock: string | undefined): Promise<void> {
    this.proxy.hold();
    await this.child.stop();
    this.child = await launch(this.network, this.folder, clock);
    this.proxy.forward(this.child.port);
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.child.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async use(certified: Certified): Promise<void> {
    this.certificate = certified.cert;
    await this.save("signing", certified);
    await this.write();
  }

  private async save(name: string, { key, cert }: Certified): Promise<void> {
    await writeFile(join(this.folder, `${name}.key`), key);
    await writeFile(join(this.folder, `${name}.crt`), cert);
  }

  /** PHP reads this file with each request. */
  private async write(): Promise<void> {
    const { serviceProviders, people, signatureAlgorithm, bindings } = this.settings;
    const settings = {
      origin: this.proxy.origin,
      entityId: this.entityId,
      salt: "end2end",
      announced: this.next !== undefined,
      people: Object.fromEntries(people.map((person) => [`${person.userName}:${person.password}`, attributes(person)])),
      serviceProviders: serviceProviders.map((provider) => ({ metadata: provider.metadata, options: options(provider) })),
      signatureAlgorithm: `http://www.w3.org/${signatureAlgorithm === "rsa-sha1" ? "2000/09/xmldsig" : "2001/04/xmldsig-more"}#${signatureAlgorithm}`,
      bindings: bindings.map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`),
    };
    await writeFile(join(this.folder, "settings.json"), JSON.stringify(settings));
  }
}

function attributes(person: Person): Record<string, string[]> {
  const values = { uid: person.userName, mail: person.email, displayName: person.name, ...person.attributes };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
}

/** The names of SimpleSAMLphp's settings. */
function options({ sign = "assertion", encrypt = false, nameIdFormat = "persistent", nameId }: ServiceProvider): object {
  const version = nameIdFormat === "persistent" || nameIdFormat === "transient" ? "2.0" : "1.1";
  return {
    "saml20.sign.response": sign !== "assertion",
    "saml20.sign.assertion": sign !== "response",
    "assertion.encryption": encrypt,
    NameIDFormat: `urn:oasis:names:tc:SAML:${version}:nameid-format:${nameIdFormat}`,
    ...(nameId && { "simplesaml.nameidattribute": nameId }),
  };
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-simplesamlphp-"));
  for (const name of ["metadata", "data", "temporary", "sessions"]) await mkdir(join(folder, name));
  const templates = join(import.meta.dirname, "simplesamlphp");
  for (const name of ["config.php", "authsources.php"]) await cp(join(templates, name), join(folder, name));
  for (const name of ["saml20-idp-hosted.php", "saml20-sp-remote.php"]) await cp(join(templates, name), join(folder, "metadata", name));
  return folder;
}

function launch(network: Network, folder: string, clock: string | undefined): Promise<Child> {
  const { PATH } = process.env;
  return Child.start({
    command: (port) => ["php", "-S", `127.0.0.1:${port}`, "-t", join(unpacked("simplesamlphp"), "simplesamlphp/www")],
    env: { PATH, ...network.environment(clock), SIMPLESAMLPHP_CONFIG_DIR: folder, TMPDIR: folder },
    log: join(folder, "log"),
  });
}
