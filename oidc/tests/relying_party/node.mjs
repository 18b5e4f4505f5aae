// Keys and tokens of Node's crypto, which is OpenSSL. `ring` cannot generate RSA keys.
//
// `node.mjs rsa BITS`: prints a new private key as PKCS#8 in base64.
// `node.mjs tokens CLAIMS`: prints one token for each algorithm, and the key set that verifies them.
import { constants, generateKeyPairSync, sign } from "node:crypto";

const base64url = (value) => Buffer.from(value).toString("base64url");
const [command, argument] = process.argv.slice(2);

if (command === "rsa") {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: Number(argument) });
  process.stdout.write(privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"));
} else if (command === "tokens") {
  const pss = (saltLength) => ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  const ecdsa = { dsaEncoding: "ieee-p1363" };
  const kinds = [
    ["RS256", "rsa", "sha256", {}], ["RS384", "rsa", "sha384", {}], ["RS512", "rsa", "sha512", {}],
    ["PS256", "rsa", "sha256", pss(32)], ["PS384", "rsa", "sha384", pss(48)], ["PS512", "rsa", "sha512", pss(64)],
    ["RS256", "rsa1024", "sha256", {}],
    ["ES256", "P-256", "sha256", ecdsa], ["ES384", "P-384", "sha384", ecdsa], ["EdDSA", "ed25519", null, {}],
  ];
  const pair = {
    rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
    rsa1024: generateKeyPairSync("rsa", { modulusLength: 1024 }),
    "P-256": generateKeyPairSync("ec", { namedCurve: "P-256" }),
    "P-384": generateKeyPairSync("ec", { namedCurve: "P-384" }),
    ed25519: generateKeyPairSync("ed25519"),
  };
  const keys = Object.entries(pair).map(([kid, { publicKey }]) => ({ ...publicKey.export({ format: "jwk" }), kid, use: "sig" }));
  const tokens = kinds.map(([alg, kid, hash, options]) => {
    const input = `${base64url(JSON.stringify({ alg, kid, typ: "JWT" }))}.${base64url(argument)}`;
    return { alg, kid, token: `${input}.${sign(hash, Buffer.from(input), { key: pair[kid].privateKey, ...options }).toString("base64url")}` };
  });
  process.stdout.write(JSON.stringify({ keys, tokens }));
} else {
  throw new Error("usage: node.mjs rsa BITS | tokens CLAIMS");
}
