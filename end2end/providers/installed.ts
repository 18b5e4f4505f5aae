import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fakeTime, nssWrapper } from "./libraries.ts";

const folder = resolve(import.meta.dirname, "../../.tools/identity-providers");

/** The folder with the unpacked package, as scripts/install/identity-providers leaves it. */
export function unpacked(name: "simplesamlphp" | "lemonldap-ng"): string {
  return `${folder}/${name}/usr/share`;
}

/** What a test needs. */
export type Need = "simplesamlphp" | "lemonldap-ng" | "faketime" | "host names";

/** Why a test cannot run here, or undefined: `test.skip(Boolean(missing("faketime")), missing("faketime"))`. */
export function missing(...needs: Need[]): string | undefined {
  const absent = needs.filter((need) => !isThere(need));
  return absent.length > 0 ? `not installed: ${absent.join(", ")} (scripts/install/identity-providers)` : undefined;
}

function isThere(need: Need): boolean {
  if (need === "host names") return nssWrapper() !== undefined;
  if (need === "faketime") return fakeTime() !== undefined;
  return existsSync(`${folder}/${need}/complete`);
}
