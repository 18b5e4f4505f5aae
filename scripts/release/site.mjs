// Builds the folder of the browser's files, as `cargo leptos build --release --precompress` would:
// `node scripts/release/site.mjs frontend.wasm SITE-FOLDER HASH-FILE`.
//
// The name of each file of the package contains the hash of its content, so that browsers may cache it permanently. HASH-FILE
// lists the hashes for the server. Each file is also stored compressed, because compression takes longer than a response may.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { minify } from "terser";
import { settings } from "./settings.mjs";
import { style } from "./style.mjs";

const [wasmFile, site, hashFile] = process.argv.slice(2);
if (!hashFile) throw new Error("usage: site.mjs frontend.wasm SITE-FOLDER HASH-FILE");
const config = settings();
const name = config["output-name"];
const packageFolder = join(site, config["site-pkg-dir"]);

rmSync(site, { recursive: true, force: true });
cpSync(config["assets-dir"], site, { recursive: true });
mkdirSync(packageFolder, { recursive: true });

const { js, wasm } = await bind();
const files = { js, wasm, css: style() };
const hashes = Object.entries(files).map(([kind, content]) => {
  // The server accepts any hash. This is the hash of cargo-leptos. It detects changes and does not protect against attacks.
  const hash = createHash("md5").update(content).digest("base64url");
  writeFileSync(join(packageFolder, `${name}.${hash}.${kind}`), content);
  return `${kind}: ${hash}\n`;
});
compress(site);
writeFileSync(hashFile, hashes.join(""));

/** The module and the JavaScript that loads it, both minified. */
async function bind() {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-site-"));
  try {
    // The document contains the module's address itself, and nothing reads the types.
    const options = ["--target=web", "--no-typescript", "--omit-default-module-path"];
    command("wasm-bindgen", [...options, `--out-name=${name}`, `--out-dir=${folder}`, wasmFile]);
    const module = join(folder, `${name}_bg.wasm`);
    command("wasm-opt", [...config["wasm-opt-features"], module, "-o", module]);
    const script = readFileSync(join(folder, `${name}.js`), "utf8");
    const { code } = await minify(script, { module: true, compress: { passes: 2 } });
    const snippets = join(folder, "snippets");
    if (existsSync(snippets)) cpSync(snippets, join(packageFolder, "snippets"), { recursive: true });
    return { js: Buffer.from(code), wasm: readFileSync(module) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      compress(path);
      continue;
    }
    const content = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  }
}

function command(program, args) {
  execFileSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
}
