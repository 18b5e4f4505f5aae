// Checks of the documents. Each command prints the problems, one per line, and nothing if there are none.
//
// `check-documents.mjs words FILE MAX`: a file has at most MAX words, as `wc -w` counts them.
// `check-documents.mjs names FILE...`: the files, folders, modules and items that the documents name exist. Names are inline
// code such as `server/src/web/` or `domain::role::Role`. Where code blocks draw modules as `web/`, these count too.
// `check-documents.mjs index FOLDER`: the folder's README.md links each page of the folder, and each of its links has a target.
// `check-documents.mjs links FILE...`: the targets of relative links exist.
// `check-documents.mjs decisions FOLDER`: each page of the folder has the sections Context, Decision and Consequence, in this order,
// each once and with text.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const CRATES = ["domain", "oidc", "saml", "scim", "store", "app", "frontend", "server"];
const SECTIONS = ["Context", "Decision", "Consequence"];
const FOLDERS = [...CRATES, "docs", "end2end", "migrations", "public", "scripts", "style"];

const [command, ...args] = process.argv.slice(2);
if (command === "words") words(args[0], Number(args[1]));
else if (command === "names") names(args);
else if (command === "index") index(args[0]);
else if (command === "links") args.forEach(links);
else if (command === "decisions") decisions(args[0]);
else throw new Error("usage: check-documents.mjs words FILE MAX | names FILE... | index FOLDER | links FILE... | decisions FOLDER");

function words(file, max) {
  const count = readFileSync(file, "utf8").split(/\s+/).filter(Boolean).length;
  if (count > max) console.log(`${file}: ${count} words, ${max} at most`);
}

// A document's code blocks, and its text without them.
function parts(file) {
  const text = readFileSync(file, "utf8");
  const blocks = [];
  const prose = text.replace(/^```[^\n]*\n([^]*?)^```/gm, (_, block) => { blocks.push(block); return ""; });
  return { blocks, prose };
}

function names(files) {
  // No name at all would mean that this script searches for the wrong text.
  const found = files.reduce((count, file) => count + namesOf(file), 0);
  if (found === 0) console.log(`${files.join(", ")}: no name was found`);
}

function namesOf(file) {
  const { blocks, prose } = parts(file);
  let found = 0;
  const check = (name, exists) => {
    found += 1;
    if (!exists) console.log(`${file}: ${name} does not exist`);
  };
  for (const [, code] of prose.matchAll(/`([^`\n]+)`/g)) {
    if (isPath(code)) check(code, pathExists(code));
    else if (CRATES.includes(code.split("::")[0]) && /^\w+(::\w+)+$/.test(code)) check(code, itemExists(code));
  }
  for (const [name] of blocks.join("\n").matchAll(/(?<![\w/.])[a-z_]+\/(?![\w/.])/g)) {
    check(name, existsSync(name) || existsSync(join("server/src", name)));
  }
  return found;
}

// A path from the project's root. Other texts with a slash (`target/release`, `application/json`) are not paths of ours.
function isPath(code) {
  return /^[\w.\-/{},]+$/.test(code) && code.includes("/") && FOLDERS.includes(code.split("/")[0]);
}

// `a/{b,c}.rs` names two files.
function pathExists(path) {
  const [all, head, list, tail] = path.match(/^(.*?)\{([^}]*)\}(.*)$/) ?? [];
  if (all !== undefined) return list.split(",").every((part) => pathExists(head + part.trim() + tail));
  return existsSync(path) && (!path.endsWith("/") || statSync(path).isDirectory());
}

// `domain::role::Role`: the longest prefix that is a module, which declares or re-exports what follows.
function itemExists(path) {
  const [crate, ...rest] = path.split("::");
  let folder = join(crate, "src"), files = [join(folder, "lib.rs")];
  while (rest.length > 0) {
    const next = [join(folder, `${rest[0]}.rs`), join(folder, rest[0], "mod.rs")].filter((file) => existsSync(file));
    if (next.length === 0) break;
    folder = join(folder, rest.shift());
    files = next;
  }
  if (rest.length === 0) return files.length > 0;
  if (rest.length > 2) return false;
  const text = files.map((file) => readFileSync(file, "utf8").replace(/\/\/[^\n]*/g, "")).join("\n");
  const declares = (name) => new RegExp(`\\b(?:fn|struct|enum|trait|type|const|static|union|macro_rules!)\\s+${name}\\b`).test(text)
    || [...text.matchAll(/\bpub(?:\([^)]*\))? use\s+([^;]+);/g)].some(([, tree]) => new RegExp(`\\b${name}\\b`).test(tree));
  // The second of two is a variant, a method or a constant of the first.
  return declares(rest[0]) && (rest.length === 1 || new RegExp(`\\b${rest[1]}\\b`).test(text));
}

// The pages of a folder, without its index.
function pages(folder) {
  return readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md").sort();
}

function decisions(folder) {
  const all = pages(folder);
  // No page at all would mean that this script searches in the wrong place.
  if (all.length === 0) console.log(`${folder}: no page was found`);
  for (const page of all) {
    const file = join(folder, page);
    const sections = parts(file).prose.split(/^## /m).slice(1).map((section) => section.split("\n"));
    const found = sections.map(([title]) => title.trim()).filter((title) => SECTIONS.includes(title));
    if (found.join() !== SECTIONS.join()) console.log(`${file}: its sections are ${found.join(", ") || "missing"}, not ${SECTIONS.join(", ")}`);
    for (const [title, ...text] of sections) {
      if (text.join("").trim() === "") console.log(`${file}: ${title} has no text`);
    }
  }
}

// Each page is linked once, so that the reader finds it under one heading.
function index(folder) {
  const readme = join(folder, "README.md");
  const linked = targets(readme).map((target) => target.split("#")[0]);
  for (const page of pages(folder)) {
    const count = linked.filter((target) => target === page).length;
    if (count !== 1) console.log(`${readme}: ${page} is ${count === 0 ? "missing" : `linked ${count} times`}`);
  }
  links(readme);
}

function targets(file) {
  return [...parts(file).prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
}

function links(file) {
  for (const target of targets(file)) {
    if (/^[a-z]+:/.test(target) || target.startsWith("#")) continue;
    if (!existsSync(join(dirname(file), target.split("#")[0]))) console.log(`${file}: ${target} does not exist`);
  }
}
