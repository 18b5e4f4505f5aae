// What the build has to know, from the places that cargo and cargo-leptos read too: nothing of it is written here again.

import { execFileSync } from "node:child_process";

/** `[[workspace.metadata.leptos]]` of Cargo.toml, and the folder that cargo builds in. */
export function settings() {
  const json = execFileSync("cargo", ["metadata", "--no-deps", "--offline", "--locked", "--format-version", "1"], {
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { metadata, target_directory: targetDirectory } = JSON.parse(json);
  return { ...metadata.leptos[0], targetDirectory };
}
