import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

// Both are preloaded without their wrapper programs. The wrapper of faketime would survive its parent with the program in it.

/** The library that gives a program its own hosts file (Debian: libnss-wrapper). */
export function nssWrapper(): string | undefined {
  return library("libnss_wrapper.so");
}

/** The library that moves a program's clock (Debian: libfaketime). */
export function fakeTime(): string | undefined {
  return library("faketime/libfaketimeMT.so.1");
}

/** The variable with which the loader loads the libraries that are there. */
export function preload(...libraries: (string | undefined)[]): { LD_PRELOAD?: string } {
  const paths = libraries.filter((path) => path !== undefined);
  return paths.length > 0 ? { LD_PRELOAD: paths.join(":") } : {};
}

function library(name: string): string | undefined {
  const folders = existsSync("/usr/lib") ? readdirSync("/usr/lib").map((folder) => join("/usr/lib", folder)) : [];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
