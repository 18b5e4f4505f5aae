import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fakeTime, preload } from "./libraries.ts";

const execute = promisify(execFile);
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];

/** A private key and its certificate, both PEM. */
export interface Certified {
  key: string;
  cert: string;
}

/** A certificate authority for TLS on the test hosts, in its own temporary folder. */
export class CertificateAuthority {
  private issued = 0;

  private constructor(private readonly folder: string) {}

  static async create(): Promise<CertificateAuthority> {
    const authority = new CertificateAuthority(await mkdtemp(join(tmpdir(), "rollcall-authority-")));
    const subject = ["-x509", "-days", "2", "-subj", "/CN=Rollcall test authority", "-addext", "keyUsage=critical,keyCertSign"];
    await openssl(["req", ...newKey, ...subject, "-keyout", authority.path("ca.key"), "-out", authority.file]);
    return authority;
  }

  /** The file with its certificate, for `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`. */
  get file(): string {
    return this.path("ca.crt");
  }

  /** Its certificate, PEM. */
  certificate(): Promise<string> {
    return readFile(this.file, "utf8");
  }

  /** A server's key and a certificate for these host names. */
  async issue(...hosts: string[]): Promise<Certified> {
    const [key, request, cert] = ["key", "csr", "crt"].map((end) => this.path(`${this.issued}.${end}`)) as [string, string, string];
    const extensions = this.path(`${this.issued}.ext`);
    this.issued += 1;
    const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`));
    await writeFile(extensions, `subjectAltName=${names.join(",")}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
    await openssl(["req", "-new", ...newKey, "-subj", `/CN=${hosts[0]}`, "-keyout", key, "-out", request]);
    const signer = ["-CA", this.file, "-CAkey", this.path("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", extensions];
    await openssl(["x509", "-req", "-in", request, ...signer, "-out", cert]);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  }

  /** Deletes its folder. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

/** An RSA key and a self-signed certificate, as SAML providers sign with. `days` below 0: expired. */
export async function selfSigned(name: string, days = 30): Promise<Certified> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-certificate-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", `/CN=${name}`, "-days", String(Math.abs(days))];
    await openssl([...request, "-keyout", key, "-out", cert], days < 0 ? `${days - 1}d` : undefined);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `clock` is an offset, such as `-3d`. */
async function openssl(words: string[], clock?: string): Promise<void> {
  const env = { ...process.env, ...(clock && { FAKETIME: clock, ...preload(fakeTime()) }) };
  await execute("openssl", words, { env });
}
