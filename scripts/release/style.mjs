// The style sheet: one minified file.

import { bundle } from "lightningcss";
import { settings } from "./settings.mjs";

/** `style-file` of Cargo.toml with all that it imports. */
export function style() {
  const { "style-file": filename, browserquery } = settings();
  const { code, warnings } = bundle({ filename, minify: true, targets: browserTargets(browserquery) });
  if (warnings.length > 0) throw new Error(`${filename}: ${warnings.map((warning) => warning.message).join("; ")}`);
  return code;
}

/**
 * Browsers in the notation of Lightning CSS: `chrome 123, safari 17.5`.
 * @param {string} query
 * @returns {Record<string, number>}
 */
function browserTargets(query) {
  const versions = query.split(",").map((browser) => {
    const match = /^\s*([a-z_]+) (\d+)(?:\.(\d+))?\s*$/.exec(browser);
    if (!match) throw new Error(`browserquery in Cargo.toml has to be a list of names with a version, not ${JSON.stringify(browser)}`);
    const [, name, major, minor = "0"] = match;
    return [name, (Number(major) << 16) | (Number(minor) << 8)];
  });
  return Object.fromEntries(versions);
}
