// The settings of the build, from the same places that cargo and cargo-leptos read. Nothing of them is repeated here.

import { execFileSync } from "node:child_process";

/** `[[workspace.metadata.leptos]]` of Cargo.toml, and cargo's output folder. */
export function settings() {
  const json = execFileSync("cargo", ["metadata", "--no-deps", "--offline", "--locked", "--format-version", "1"], {
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { metadata, target_directory: targetDirectory } = JSON.parse(json);
  return { ...metadata.leptos[0], targetDirectory };
}
