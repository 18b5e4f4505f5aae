// The module graph of a crate, read from the `use` lines and paths of its sources.
//
// `check-modules.mjs files SRC`: prints every cycle of files, one per line.
// `check-modules.mjs siblings SRC`: prints every cycle of modules that are beside each other in one folder, at each level.
// `check-modules.mjs types SRC...`: prints every name of a component or of a type that is visible outside its module, if
// another of these has it too.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

function sources(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".rs")).map((name) => join(folder, name)).sort();
}

// The path of the module in a file: `web/pages/mod.rs` is `web::pages`.
function moduleOf(src, file) {
  const parts = relative(src, file).slice(0, -".rs".length).split(sep);
  return ["mod", "lib", "main"].includes(parts.at(-1)) ? parts.slice(0, -1) : parts;
}

// A module that is built only for tests, which may use anything.
const TEST_MODULE = /#\[cfg\((?:test|all\(test[^\n]*)\)\]\n(?:#\[[^\n]*\n)*(?:pub(?:\([^)]*\))? )?mod (\w+)(?:;|\s*\{[^]*?\n\})/g;

// Source text without comments, string contents and the modules of `pub(in ...)`.
function text(file) {
  return readFileSync(file, "utf8").replace(/\/\/[^\n]*/g, "").replace(/"(?:[^"\\]|\\.)*"/gs, '""').replace(/\bpub\(in [^)]*\)/g, "pub(super)");
}

// The modules of a crate with their source text, without those that are built only for tests.
function modulesOf(src) {
  const all = new Map(sources(src).map((file) => [moduleOf(src, file).join("::"), text(file)]));
  const tests = [...all].flatMap(([id, text]) => [...text.matchAll(TEST_MODULE)].map(([, name]) => [id, name].filter(Boolean).join("::")));
  const kept = [...all].filter(([id]) => !tests.some((test) => id === test || id.startsWith(`${test}::`)));
  return new Map(kept.map(([id, text]) => [id, text.replace(TEST_MODULE, "")]));
}

// The leaves of a use tree, each with the name that it brings: `a::{b, c::d as e, f::{self}}` is a::b, a::c::d as e and a::f.
function leaves(tree, prefix = []) {
  const text = tree.trim();
  const parts = (path) => path.split("::").map((part) => part.trim()).filter(Boolean);
  const brace = text.indexOf("{");
  if (brace === -1) {
    const [head, alias] = text.split(/\s+as\s+/);
    const path = [...prefix, ...parts(head)];
    if (["self", "*"].includes(path.at(-1)) && path.length > 1) path.pop();
    return [{ path, name: alias ?? path.at(-1) }];
  }
  const found = [];
  const head = [...prefix, ...parts(text.slice(0, brace))];
  let depth = 0, start = brace + 1;
  for (let at = brace; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if ((text[at] === "," && depth === 1) || (text[at] === "}" && depth === 0)) {
      const part = text.slice(start, at).trim();
      if (part) found.push(...leaves(part, head));
      start = at + 1;
    }
  }
  return found;
}

// The absolute path of a path in a module names, or null where it leads out of the crate. `names` are the module's own imports.
function absolute(path, module, modules, names) {
  let [first, ...rest] = path;
  if (first === "crate") return rest;
  if (first === "self") return [...module, ...rest];
  if (first === "super") {
    let base = module.slice(0, -1);
    for (; rest[0] === "super"; rest = rest.slice(1)) base = base.slice(0, -1);
    return [...base, ...rest];
  }
  if (modules.has([...module, first].join("::"))) return [...module, first, ...rest];
  const imported = names.get(first);
  return imported ? [...imported, ...rest] : null;
}

// What a file imports, each with the name that it has there and whether others can reach it by that name.
function imports(text, module, modules) {
  const found = [];
  for (const [, visibility, tree] of text.matchAll(/(\bpub(?:\([^)]*\))?\s+)?\buse\s+([^;]+);/g)) {
    for (const { path, name } of leaves(tree)) {
      const target = absolute(path, module, modules, new Map());
      if (target) found.push({ target, name, exported: visibility !== undefined });
    }
  }
  return found;
}

// The modules of a crate, and for each the modules whose own items it names. A name that a module only re-exports leads to
// the module that defines it.
function graph(src) {
  const modules = modulesOf(src);
  const imported = new Map(), exports = new Map();
  for (const [id, text] of modules) {
    const module = id === "" ? [] : id.split("::");
    const all = imports(text, module, modules);
    imported.set(id, all);
    for (const { target, name, exported } of all) if (exported) exports.set([...module, name].join("::"), target);
  }
  const definition = (path) => {
    const passed = new Set();
    for (let at = path; ;) {
      let length = at.length;
      while (length > 0 && !modules.has(at.slice(0, length).join("::"))) length -= 1;
      const name = at.slice(0, length + 1).join("::");
      const target = exports.get(name);
      if (!target || passed.has(name)) return at.slice(0, length).join("::");
      passed.add(name);
      at = [...target, ...at.slice(length + 1)];
    }
  };
  const edges = new Map();
  for (const [id, text] of modules) {
    const module = id === "" ? [] : id.split("::");
    const all = imported.get(id);
    const names = new Map(all.map(({ name, target }) => [name, target]));
    const body = text.replace(/\buse\s+[^;]+;/g, "");
    // To re-export a name is not to use it.
    const named = all.filter(({ name, exported }) => !exported || new RegExp(`\\b${name}\\b`).test(body)).map(({ target }) => target);
    for (const [path] of body.matchAll(/(?<![\w:])\$?\w+(?:::\w+)+/g)) {
      const target = absolute(path.replace("$", "").split("::"), module, modules, names);
      if (target) named.push(target);
    }
    const used = new Set(named.map(definition));
    used.delete(id);
    edges.set(id, used);
  }
  return edges;
}

// Prints the cycles of files, the file of a folder and the files in it among them.
function files(src) {
  for (const ring of rings(graph(src))) report(src, graph(src), ring);
}

// Prints the cycles of the modules that are beside each other, at each level: a folder is one module there.
function siblings(src) {
  const edges = graph(src);
  const folders = new Set([...edges.keys()].flatMap((id) => id.split("::").map((_, length, parts) => parts.slice(0, length).join("::"))));
  for (const folder of folders) {
    const depth = folder === "" ? 0 : folder.split("::").length;
    const within = (id) => id !== "" && id !== folder && (folder === "" || id.startsWith(`${folder}::`));
    const child = (id) => id.split("::").slice(0, depth + 1).join("::");
    const level = new Map();
    for (const [from, used] of edges) {
      for (const to of used) {
        if (!within(from) || !within(to) || child(from) === child(to)) continue;
        level.set(child(from), (level.get(child(from)) ?? new Set()).add(child(to)));
      }
    }
    for (const ring of rings(level)) report(src, level, ring);
  }
}

function report(src, edges, ring) {
  const arrows = ring.flatMap((from) => [...(edges.get(from) ?? [])].filter((to) => ring.includes(to)).map((to) => `${from || "crate"} -> ${to || "crate"}`));
  console.log(`${src}: ${arrows.join(", ")}`);
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

// A component is a function with the name of a type, and `#[component]` adds a type with the suffix `Props`. Both count, even if
// only their file can use them, and no private type has the name of a component.
const TYPE = /^[ \t]*(pub(?:\([^)]*\))? )?(?:struct|enum|trait|type|union) (\w+)/gm;
const COMPONENT = /#\[component\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))? )?fn (\w+)/g;

function types(folders) {
  const visible = new Map(), hidden = new Map();
  const add = (places, name, file) => places.set(name, [...(places.get(name) ?? []), file]);
  const components = new Set();
  for (const file of folders.flatMap(sources)) {
    const source = text(file).replace(TEST_MODULE, "");
    for (const [, visibility, name] of source.matchAll(TYPE)) add(visibility ? visible : hidden, name, file);
    for (const [, component] of source.matchAll(COMPONENT)) {
      for (const name of [component, `${component}Props`]) {
        add(visible, name, file);
        components.add(name);
      }
    }
  }
  // No component at all would mean that this script searches for the wrong text.
  if (components.size === 0) console.log(`${folders.join(", ")}: no component was found`);
  for (const [name, files] of [...visible].sort()) {
    const all = components.has(name) ? [...files, ...(hidden.get(name) ?? [])] : files;
    if (all.length > 1) console.log(`${name}: ${all.join(", ")}`);
  }
}

const [command, ...args] = process.argv.slice(2);
if (command === "files") files(args[0]);
else if (command === "siblings") siblings(args[0]);
else if (command === "types") types(args);
else throw new Error("usage: check-modules.mjs files SRC | siblings SRC | types SRC...");
