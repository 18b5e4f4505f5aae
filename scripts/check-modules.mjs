// The module graph of a crate, read from the `use` lines and paths of its sources.
//
// `check-modules.mjs cycles SRC DEPTH`: prints every cycle of modules, one per line. DEPTH 1 takes the top-level modules
// (folders), DEPTH 0 each file by itself.
// `check-modules.mjs types SRC...`: prints every type name that is visible outside its module more than once.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const [command, ...args] = process.argv.slice(2);
if (command === "cycles") cycles(args[0], Number(args[1]));
else if (command === "types") types(args);
else throw new Error("usage: check-modules.mjs cycles SRC DEPTH | types SRC...");

function sources(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".rs")).map((name) => join(folder, name)).sort();
}

// The path of the module in a file: `web/pages/mod.rs` is `web::pages`.
function moduleOf(src, file) {
  const parts = relative(src, file).slice(0, -".rs".length).split(sep);
  return ["mod", "lib", "main"].includes(parts.at(-1)) ? parts.slice(0, -1) : parts;
}

// Source text without comments, string contents and test modules, which may use any module.
function code(file) {
  const text = readFileSync(file, "utf8").replace(/\/\/[^\n]*/g, "").replace(/"(?:[^"\\]|\\.)*"/gs, '""');
  return text.replace(/#\[cfg\((?:test|all\(test[^\n]*)\)\]\n(?:#\[[^\n]*\n)*mod \w+(?:;|\s*\{[^]*?\n\})/g, "");
}

// The leaves of a use tree: `a::{b, c::d}` is a::b and a::c::d.
function leaves(tree, prefix = []) {
  const found = [];
  const text = tree.trim();
  const brace = text.indexOf("{");
  if (brace === -1) return [[...prefix, ...text.replace(/\s+as\s+\w+$/, "").split("::").map((part) => part.trim()).filter(Boolean)]];
  const head = text.slice(0, brace).split("::").map((part) => part.trim()).filter(Boolean);
  let depth = 0, start = brace + 1;
  for (let at = brace; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if ((text[at] === "," && depth === 1) || (text[at] === "}" && depth === 0)) {
      const part = text.slice(start, at).trim();
      if (part) found.push(...leaves(part, [...prefix, ...head]));
      start = at + 1;
    }
  }
  return found;
}

// All paths in a file, as absolute paths of modules.
function paths(text, module, children) {
  const named = [];
  for (const [, tree] of text.matchAll(/\buse\s+([^;]+);/g)) named.push(...leaves(tree));
  for (const [path] of text.replace(/\buse\s+[^;]+;/g, "").matchAll(/\b(?:crate|super|self|[a-z_]\w*)(?:::\w+)+/g)) named.push(path.split("::"));
  return named.flatMap((path) => {
    let base = module;
    const rest = [...path];
    if (rest[0] === "crate") { base = []; rest.shift(); }
    else if (rest[0] === "self") rest.shift();
    else if (rest[0] === "super") while (rest[0] === "super") { base = base.slice(0, -1); rest.shift(); }
    else if (!children.has([...module, rest[0]].join("::"))) return [];
    return [[...base, ...rest]];
  });
}

function cycles(src, depth) {
  const files = sources(src);
  const modules = new Map(files.map((file) => [moduleOf(src, file).join("::"), file]));
  const node = (path) => {
    // The longest prefix that is a module.
    for (let length = path.length; length > 0; length -= 1) {
      const name = path.slice(0, length).join("::");
      if (modules.has(name)) return depth === 0 ? name : path.slice(0, depth).join("::");
    }
    return null;
  };
  const edges = new Map();
  for (const [name, file] of modules) {
    const module = name === "" ? [] : name.split("::");
    const from = node(module);
    if (from === null) continue;
    for (const path of paths(code(file), module, modules)) {
      const to = node(path);
      // A folder and its own files belong together: `mod.rs` combines them.
      if (to === null || to === from || (depth === 0 && (to.startsWith(`${from}::`) || from.startsWith(`${to}::`)))) continue;
      if (!edges.has(from)) edges.set(from, new Set());
      edges.get(from).add(to);
    }
  }
  for (const ring of rings(edges)) {
    const within = new Set(ring);
    const arrows = ring.flatMap((from) => [...(edges.get(from) ?? [])].filter((to) => within.has(to)).map((to) => `${from} -> ${to}`));
    console.log(`${src}: ${arrows.join(", ")}`);
  }
}

// Tarjan's strongly connected components of more than one node.
function rings(edges) {
  const index = new Map(), low = new Map(), stack = [], on = new Set(), found = [];
  const visit = (at) => {
    index.set(at, index.size); low.set(at, index.get(at)); stack.push(at); on.add(at);
    for (const to of edges.get(at) ?? []) {
      if (!index.has(to)) { visit(to); low.set(at, Math.min(low.get(at), low.get(to))); }
      else if (on.has(to)) low.set(at, Math.min(low.get(at), index.get(to)));
    }
    if (low.get(at) !== index.get(at)) return;
    const ring = [];
    let popped;
    do { popped = stack.pop(); on.delete(popped); ring.push(popped); } while (popped !== at);
    if (ring.length > 1) found.push(ring.sort());
  };
  for (const at of edges.keys()) if (!index.has(at)) visit(at);
  return found;
}

function types(folders) {
  const places = new Map();
  for (const file of folders.flatMap(sources)) {
    for (const [, name] of code(file).matchAll(/^\s*pub(?:\([^)]*\))? (?:struct|enum|trait|type|union) (\w+)/gm)) {
      places.set(name, [...(places.get(name) ?? []), file]);
    }
  }
  for (const [name, files] of [...places].sort()) if (files.length > 1) console.log(`${name}: ${files.join(", ")}`);
}
