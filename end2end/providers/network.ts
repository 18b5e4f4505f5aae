import { writeFile } from "node:fs/promises";
import { CertificateAuthority, type Certified } from "./certificate-authority.ts";
import { fakeTime, nssWrapper, preload } from "./libraries.ts";
import { TlsProxy } from "./tls-proxy.ts";

/**
 * Host names of this machine. All are other sites than 127.0.0.1, where Rollcall listens. Cookies ignore ports, so two providers of
 * one kind need two names.
 */
export const hostNames = ["idp.test", "second.idp.test", "third.idp.test", "rollcall.test"] as const;
export type HostName = (typeof hostNames)[number];

/** The argument with which Chromium resolves them. The browser's context also needs `ignoreHTTPSErrors`. */
export const hostResolverRules = `--host-resolver-rules=${hostNames.map((name) => `MAP ${name} 127.0.0.1`).join(",")}`;

/** Where a provider listens, and its clock. */
export interface Place {
  /** `idp.test` by default. */
  host?: HostName;
  /** The port of its TLS proxy, by default a free one. */
  port?: number;
  /** An offset of its clock, such as `+10m` or `-61s`. */
  clock?: string;
}

/** What the providers of a worker share: a certificate authority, one certificate, and the host names. */
export class Network {
  private constructor(
    readonly authority: CertificateAuthority,
    private readonly certified: Certified,
  ) {}

  static async create(): Promise<Network> {
    const authority = await CertificateAuthority.create();
    const network = new Network(authority, await authority.issue(...hostNames, "localhost"));
    await writeFile(network.hostsFile, hostNames.map((name) => `127.0.0.1 ${name}\n`).join(""));
    return network;
  }

  /** Starts TLS for a provider. */
  proxy({ host = "idp.test", port = 0 }: Place): Promise<TlsProxy> {
    return TlsProxy.listen(host, this.certified, port);
  }

  /**
   * Variables with which a program trusts the authority and resolves the host names. Other names resolve as before. `clock` is an
   * offset of its clock, such as `+10m` or `-61s`.
   */
  environment(clock?: string): NodeJS.ProcessEnv {
    return {
      SSL_CERT_FILE: this.authority.file,
      NODE_EXTRA_CA_CERTS: this.authority.file,
      NSS_WRAPPER_HOSTS: this.hostsFile,
      ...(clock && { FAKETIME: clock }),
      ...preload(nssWrapper(), clock ? fakeTime() : undefined),
    };
  }

  async remove(): Promise<void> {
    await this.authority.remove();
  }

  private get hostsFile(): string {
    return `${this.authority.file}.hosts`;
  }
}
