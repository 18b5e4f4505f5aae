// Words that the project replaced by the field's standard terms must not come back.
//
// `check-words.mjs identifiers`: prints every such word that is an identifier or a module.
// `check-words.mjs email`: prints every line that spells "email" with a hyphen.
// `check-words.mjs wording`: prints every sentence of a page in a test of pages.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const RUST = ["domain", "oidc", "saml", "scim", "store", "app", "frontend", "server"];

// Left: the word to avoid. Right: the word that an engineer would search for.
// Anywhere in code: words without another meaning.
const ANYWHERE = {
  Wish: "Command", Granted: "Applied", Grounds: "WriteAuthorization", Unbacked: "OrphanedInvite", Verdict: "Result",
  Shelf: "IndexCache", WayIn: "BreakGlassCandidate", Told: "Notice", Seldom: "Sampled",
  NotSet: "domain::Error", NotYours: "domain::Error", NotChanged: "domain::Error", NotInvited: "domain::Error",
  NotJoined: "domain::Error", NotMapped: "domain::Error", NotCreated: "domain::Error", NotStarted: "domain::Error",
  wish: "command", whoever: "a role or a type", somebody: "a role or a type",
  members_foresee: "prefetch_members", invites_shaken: "invites_to_recheck", has_taken: "authority_reduced",
  end_unbacked: "revoke_orphaned_invites", leave_unchanged: "rollback", take_over: "adopt", look_ahead: "prefetch",
  maybe_text: "opt_text", way_back: "form_redirects", hand_over: "key_rollover",
  MOST: "MAX_", LONGEST: "MAX_", SHORTEST: "MIN_",
};
// As the name of a type, because elsewhere they are plain English.
const TYPES = {
  Alike: "MemberCohort", Ahead: "Prefetch", Ask: "FormRequest", Asked: "QueuedCommand", Book: "MemberIndex", Claim: "TeamTransaction",
  Copied: "BodySnippet", Figures: "MappingImpact", Gate: "Admission or CenteredPage", Held: "CachedIndex", Helper: "AdminContact", Hits: "SearchResult",
  Kept: "Result", Known: "MemberCache", Made: "KeyResult", No: "ProvisioningError", Problem: "FieldError", Problems: "FieldErrors",
  Recorded: "RequestNotes", Refusal: "ApiError", Refused: "ProvisioningError", Room: "CaptureLevel", Said: "NewActivityEntry",
  Seat: "Subscription", Seen: "CapturedRequest", Sent: "SubmittedForm", Standing: "SelfServiceContext", Stop: "PageError",
  Visit: "PageRequest", Who: "ActorInfo", Work: "UnitOfWork",
};
// As the name of a variable, a parameter or a field.
const VALUES = {
  told: "notice", said: "texts", desk: "context", seat: "subscription", news: "updates", trouble: "warning",
  ceiling: "max_role", standing: "context", book: "index", shelf: "state", hits: "results", figures: "impact",
  portion: "batch", gate: "admission",
};
// As the name of a module or of a file of tests.
const MODULES = {
  attended: "background_runs", around: "request_context", at_once: "concurrency", beside: "row_details", cast: "seed", claim: "team_transaction",
  copies: "copy_field", desk: "command_context", ended: "session_expired", erased: "boxed_view", follow: "live_updates",
  gate: "authenticate or centered_page", grounds: "authorization", known: "member_cache", lane: "team_queue", line: "write_queue", moment: "local_time", news: "log_listener",
  nothing: "unchanged", plain: "field", portions: "batches", refused: "error", resume: "return_to", said: "log_entry", stage: "runner", told: "flash",
  trouble: "error_pages", way_back: "form_redirects", wish: "command",
};

// What tests of pages may say although a page says it.
const SAID_BY_TESTS = [
  // The parameter of a typed error.
  "the client ID",
  // The label of a user agent.
  "Firefox on Windows",
  // The accessible name by which the link is found.
  "Remove group filter: Few",
];

const command = process.argv[2];
if (command === "identifiers") identifiers();
else if (command === "email") email();
else if (command === "wording") wording();
else throw new Error("usage: check-words.mjs identifiers | email | wording");

function* files(folder, wanted) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (["node_modules", "target", "test-results", "playwright-report"].includes(name)) continue;
    if (statSync(path).isDirectory()) yield* files(path, wanted);
    else if (wanted.test(name)) yield path;
  }
}

// Rust without comments and string contents. Lines keep their numbers.
function code(file) {
  const blank = (text) => text.replace(/[^\n]/g, " ");
  return readFileSync(file, "utf8").replace(/\/\/[^\n]*|r#"[^]*?"#|b?"(?:[^"\\]|\\[^])*"|'(?:[^'\\\n]|\\.)'/g, blank);
}

// The texts of a Rust file, without comments, by their position.
function texts(source) {
  const found = source.matchAll(/\/\/[^\n]*|r#"([^]*?)"#|b?"((?:[^"\\]|\\[^])*)"|'(?:[^'\\\n]|\\.)'/g);
  return [...found]
    .filter((match) => (match[1] ?? match[2]) !== undefined)
    .map((match) => ({ at: match.index, end: match.index + match[0].length, text: plain(match[1] ?? match[2]) }));
}

function plain(text) {
  return text.replace(/\\\n\s*/g, "").replace(/\\"/g, '"').replace(/\s+/g, " ").trim();
}

// Where the messages of assertions and panics are: they explain a test to its reader.
function* messages(source, literals) {
  const skip = new Map(literals.map(({ at, end }) => [at, end]));
  for (const call of source.matchAll(/\b(assert|assert_eq|assert_ne|panic)!\(/g)) {
    const values = { assert: 1, assert_eq: 2, assert_ne: 2, panic: 0 }[call[1]];
    let depth = 1, commas = 0, at = call.index + call[0].length, from = values === 0 ? at : undefined;
    for (; depth > 0 && at < source.length; at += 1) {
      if (skip.has(at)) at = skip.get(at) - 1;
      else if ("([{".includes(source[at])) depth += 1;
      else if (")]}".includes(source[at])) depth -= 1;
      else if (source[at] === "," && depth === 1 && (commas += 1) === values) from = at;
    }
    if (from !== undefined) yield { from, to: at };
  }
}

// Wording is asserted only by `server/tests/web/wording`. Elsewhere no text is a sentence (four words or more and a final
// mark) or has three words in a row that a page has.
function wording() {
  const shown = ["app/src", "domain/src"]
    .flatMap((folder) => [...files(folder, /\.rs$/)])
    .flatMap((file) => texts(readFileSync(file, "utf8").split("#[cfg(test)]")[0]))
    .map(({ text }) => text)
    .filter((text) => text.split(" ").length > 2)
    .join("\n");
  const isShown = (words) => words.some((_, index) => {
    const run = words.slice(index, index + 3);
    return run.length === 3 && /[a-z]{2}/.test(run.join("")) && !/[{}<>="/]/.test(run.join("")) && shown.includes(run.join(" "));
  });
  for (const file of files("server/tests/web", /\.rs$/)) {
    if (file.startsWith(join("server/tests/web", "wording"))) continue;
    const source = readFileSync(file, "utf8");
    const literals = texts(source);
    const excluded = [...messages(source, literals)];
    for (const { at, text } of literals) {
      if (SAID_BY_TESTS.includes(text) || excluded.some(({ from, to }) => from <= at && at < to)) continue;
      const words = text.split(" ");
      const isSentence = words.length > 3 && /[.?!…]$/.test(text) && !/[{}<>=/]/.test(text);
      if (isSentence || isShown(words)) console.log(`${file}:${source.slice(0, at).split("\n").length}: ${text}`);
    }
  }
}

function identifiers() {
  const anywhere = new RegExp(`\\b(${Object.keys(ANYWHERE).join("|")})\\b`, "g");
  const types = new RegExp(`\\b(?:struct|enum|trait|type|union)\\s+(${Object.keys(TYPES).join("|")})\\b`, "g");
  const values = new RegExp(`(?:\\blet\\s+(?:mut\\s+)?|^\\s*(?:pub(?:\\([a-z: ]+\\))?\\s+)?|[(|,]\\s*)(${Object.keys(VALUES).join("|")})\\b(?=\\s*(?::[^:]|=[^>=]|[|,)]))`, "gm");
  for (const file of RUST.flatMap((folder) => [...files(folder, /\.rs$/)])) {
    const module = basename(file) === "mod.rs" ? basename(dirname(file)) : basename(file, ".rs");
    if (Object.hasOwn(MODULES, module)) console.log(`${file}: no module ${module}; elsewhere it became ${MODULES[module]}`);
    const text = code(file);
    const reported = new Set();
    for (const [pattern, words] of [[anywhere, ANYWHERE], [types, TYPES], [values, VALUES]]) {
      for (const match of text.matchAll(pattern)) {
        if (reported.has(match[1])) continue;
        reported.add(match[1]);
        console.log(`${file}:${text.slice(0, match.index).split("\n").length}: not ${match[1]}; elsewhere it became ${words[match[1]]}`);
      }
    }
  }
}

function email() {
  const folders = [...RUST, "docs", "end2end", "migrations", "public", "scripts", "style"].filter((folder) => existsSync(folder));
  const all = folders.flatMap((folder) => [...files(folder, /\.(rs|sql|md|ts|mjs|js|css|html|svg|txt|snap|sh|toml|yml|yaml)$|^[a-z-]+$/)]);
  for (const file of [...all, ...["Makefile", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].filter((name) => existsSync(name))]) {
    readFileSync(file, "utf8").split("\n").forEach((line, index) => {
      if (/\be[-]mail/i.test(line)) console.log(`${file}:${index + 1}: ${line.trim()}`);
    });
  }
}
