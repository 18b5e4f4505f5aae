// Builds the server and the browser's files side by side. scripts/build calls it when something has changed.

import { copyFileSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StepFailed, run } from "./jobs.mjs";
import { settings } from "./settings.mjs";

const config = settings();
const release = "target/release";
const madeSite = "target/site.new";
const madeHashes = "target/hash.txt.new";
const program = config["bin-exe-name"];
const front = join(config.targetDirectory, "front");
const profile = config["lib-profile-release"];
const library = config["lib-package"];

// Its progress bar shows the count of crates.
const cargo = { CARGO_TERM_PROGRESS_WHEN: "always", CARGO_TERM_PROGRESS_WIDTH: "200", CARGO_TERM_COLOR: "never" };

const jobs = {
  server: [
    {
      name: "compile the server",
      command: ["cargo", "build", "--release", "--locked", "--package", config["bin-package"], "--bin", config["bin-target"]],
      env: cargo,
      seconds: 600,
      lastCrates: 4,
      lastShare: 0.3,
    },
  ],
  browser: [
    { name: "Rust's standard library for WebAssembly", command: ["scripts/install/wasm-target"], seconds: 20 },
    { name: "the npm packages that the build uses", command: ["scripts/install/npm-packages", "scripts/release"], seconds: 10 },
    { name: "the wasm-bindgen command", command: ["scripts/install/wasm-bindgen-cli"], env: cargo, seconds: 100, lastCrates: 4, lastShare: 0.6 },
    {
      name: "compile the browser's part",
      command: [
        ...["cargo", "build", "--locked", "--package", library, "--lib", "--target", "wasm32-unknown-unknown"],
        ...["--profile", profile, "--target-dir", front],
      ],
      env: cargo,
      seconds: 200,
      lastCrates: 3,
      lastShare: 0.4,
    },
    {
      name: "make the site: bind, shrink and compress the files",
      command: [
        ...["node", "scripts/release/site.mjs", join(front, "wasm32-unknown-unknown", profile, `${library.replaceAll("-", "_")}.wasm`)],
        ...[madeSite, madeHashes],
      ],
      seconds: 45,
    },
  ],
};

try {
  await run(jobs, "target/build-logs");
} catch (error) {
  if (error instanceof StepFailed) process.exit(1);
  throw error;
}

// The output in `CARGO_TARGET_DIR` belongs beside the site. A running server keeps the file that it started from.
mkdirSync(release, { recursive: true });
const built = join(config.targetDirectory, "release", program);
const place = join(release, program);
if (!existsSync(place) || realpathSync(built) !== realpathSync(place)) {
  copyFileSync(built, `${place}.new`);
  renameSync(`${place}.new`, place);
}
rmSync(config["site-root"], { recursive: true, force: true });
renameSync(madeSite, config["site-root"]);
renameSync(madeHashes, join(release, "hash.txt"));
