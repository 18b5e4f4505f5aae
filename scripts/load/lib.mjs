// Shared parts of the benchmarks: a throw-away folder with a database, servers, loads, and the printed table.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const here = path.dirname(new URL(import.meta.url).pathname);
const root = path.resolve(here, "../..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");

/** The length of one load. */
export const seconds = Number(process.env.BENCH_SECONDS ?? 5);
/** The program to measure. */
export const rollcall = process.env.ROLLCALL_BIN ?? path.join(root, "target/release/rollcall");
/** A yardstick from `server/examples`. */
export const example = (name) => path.join(target, "release/examples", name);
/** A file of this folder. */
export const beside = (name) => path.join(here, name);
/** The folder of this run. */
export const work = mkdtempSync(path.join(tmpdir(), "rollcall-bench-"));

const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("ROLLCALL_"));
/** The environment of every started program, without settings of the caller. */
export const env = { ...Object.fromEntries(inherited), ROLLCALL_DATABASE_URL: `sqlite://${work}/bench.db`, ROLLCALL_LOG: "error" };
const running = new Set();

/** Starts a program that ends with the measurement at the latest. */
export function launch(program, args, options) {
  const child = spawn(program, args, { cwd: work, env, ...options });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Runs a command of the operator. Returns its output. */
export function run(...words) {
  return execFileSync(rollcall, words, { cwd: work, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Starts a server and waits for the line with its address. `stderr`: a file instead of the measurement's own. */
export function start(program, args, stderr = "inherit") {
  const child = launch(program, args, { stdio: ["ignore", "pipe", stderr] });
  return new Promise((resolve, reject) => {
    let text = "";
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const url = /listening on (http:\/\/\S+)/.exec(text)?.[1];
      if (url) resolve({ child, url });
    });
  });
}

/** Starts Rollcall on a free port and waits until it is ready. */
export async function serve(...args) {
  const server = await start(rollcall, ["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off", ...args]);
  while ((await fetch(`${server.url}/readyz`)).status !== 200);
  return server;
}

export async function stop({ child }, signal = "SIGTERM") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

/** Resident memory of a process, in MB. */
export function resident({ child }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
}

/**
 * One load of `wrk`: requests per second, their count, and the 99th percentile in milliseconds. `requests`: the settings of
 * requests.lua (without `LOAD_`) that generate the requests, else `url` is requested. `limit`: ends after this many responses.
 */
export async function load(url, { headers = {}, clients = 8, length = seconds, requests, limit } = {}) {
  const flags = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  if (requests) flags.push("-s", beside("requests.lua"));
  const settings = Object.entries({ ...requests, ...(limit ? { LIMIT: String(limit) } : {}) });
  const child = launch("wrk", ["-t1", `-c${clients}`, `-d${Math.max(1, Math.round(length))}s`, "--latency", ...flags, url], {
    env: { ...env, ...Object.fromEntries(settings.map(([name, value]) => [`LOAD_${name}`, value])) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
    if (limit && /^enough$/m.test(text)) child.kill("SIGINT");
  });
  await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? /Socket errors: .*/.exec(text)?.[0];
  if (bad) throw new Error(`${requests?.METHOD ?? "GET"} ${requests?.PATH ?? url}: not every answer was good: ${bad}`);
  if (!/Requests\/sec:/.test(text)) throw new Error(`${requests?.METHOD ?? "GET"} ${requests?.PATH ?? url}: wrk failed`);
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
  return {
    rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]),
    count: Number(/(\d+) requests in/.exec(text)[1]),
    p99: Number(p99[1]) * { us: 1e-3, ms: 1, s: 1e3 }[p99[2]],
  };
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const rows = [];
/** Adds a line to the table, and prints it at once on the terminal, because a whole measurement takes minutes. */
export function row(what, reached, wanted) {
  rows.push([what, reached, wanted]);
  process.stderr.write(`  ${what}: ${reached}\n`);
}

/** Measures, prints the table, and always removes everything. */
export async function figures(title, measure) {
  try {
    await measure();
  } finally {
    const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((cells) => cells[column].length)));
    console.log(title);
    for (const cells of rows) console.log(`  ${cells.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()}`);
    for (const child of running) child.kill("SIGKILL");
    rmSync(work, { recursive: true, force: true });
  }
}
