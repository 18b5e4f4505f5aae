// The keys of the provider: all that it keeps on disk. They survive a restart, because Rollcall's database knows the client
// secret, and a person may have trusted the authority.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Signing key, client secret and cookie key, from `keys.json` in the folder. */
export function keys(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "keys.json");
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    const signing = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
    const secret = () => randomBytes(32).toString("base64url");
    const made = { signing: { ...signing, use: "sig", kid: randomBytes(8).toString("hex") }, clientSecret: secret(), cookie: secret() };
    writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return made;
  }
}

/** The certificate of localhost and its key. `ca.crt` in the folder is the authority's certificate. */
export function certificate(folder) {
  const [key, cert] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  if (!isValid(cert)) issue(folder);
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

function isValid(cert) {
  try {
    execFileSync("openssl", ["x509", "-in", cert, "-noout", "-checkend", "86400"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

// The authority's key is deleted at once, so that nobody who trusts the authority trusts more than this certificate.
function issue(folder) {
  const work = mkdtempSync(join(folder, "new-"));
  const path = (name) => join(work, name);
  const openssl = (...words) => execFileSync("openssl", words, { stdio: "ignore" });
  const key = (name) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", path(name)];
  try {
    const authority = ["-subj", "/CN=Rollcall demo provider", "-addext", "keyUsage=critical,keyCertSign", "-days", "365"];
    openssl("req", "-x509", ...key("ca.key"), ...authority, "-out", path("ca.crt"));
    openssl("req", ...key("tls.key"), "-subj", "/CN=localhost", "-out", path("tls.csr"));
    writeFileSync(path("extensions"), "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n");
    const signer = ["-CA", path("ca.crt"), "-CAkey", path("ca.key"), "-CAcreateserial", "-days", "364", "-extfile", path("extensions")];
    openssl("x509", "-req", "-in", path("tls.csr"), ...signer, "-out", path("tls.crt"));
    for (const name of ["ca.crt", "tls.key", "tls.crt"]) renameSync(path(name), join(folder, name));
  } finally {
    rmSync(work, { recursive: true });
  }
}
