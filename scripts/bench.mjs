// Prints Rollcall's figures, each beside what it is meant to reach. Times are ratios against a bare page measured in the
// same run; nothing here passes or fails. Everything runs on loopback, on a throw-away database, for about a minute.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const rollcall = path.join(root, "target/release/rollcall");
const bare = path.join(target, "release/examples/bare_page");
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const work = mkdtempSync(path.join(tmpdir(), "rollcall-bench-"));
const env = { ...process.env, ROLLCALL_DATABASE_URL: `sqlite://${work}/bench.db`, ROLLCALL_LOG: "error" };
const running = new Set();

/** Starts a server and waits for the line that says where it listens. */
function start(program, args) {
  const child = spawn(program, args, { cwd: work, env, stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const url = /listening on (http:\/\/\S+)/.exec(text)?.[1];
      if (url) resolve({ child, url });
    });
  });
}

async function stop({ child }) {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  running.delete(child);
}

/** Resident memory of a process, in MB. */
function resident({ child }) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024;
}

/** One load of `wrk`: requests a second and the 99th percentile in milliseconds. */
function load(url, headers = {}, clients = 8) {
  const flags = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const text = execFileSync("wrk", ["-t1", `-c${clients}`, `-d${seconds}s`, "--latency", ...flags, url], { encoding: "utf8" });
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1];
  if (bad) throw new Error(`${url}: ${bad} answers were not 200`);
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]), p99: Number(p99[1]) * { us: 1e-3, ms: 1, s: 1e3 }[p99[2]] };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rows = [];
const row = (what, reached, wanted) => rows.push([what, reached, wanted]);

/** What a browser receives for one address, in bytes as sent (brotli where the server has it). */
async function sent(url, headers) {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    request(url, { headers: { ...headers, "accept-encoding": "br" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => (bytes += chunk.length)).on("end", () => resolve(bytes));
    }).on("error", reject).end();
  });
}

async function main() {
  const demo = execFileSync(rollcall, ["demo"], { cwd: work, env, encoding: "utf8" });
  const password = /^Password for everybody: (.+)$/m.exec(demo)?.[1];
  const starts = [];
  let server;
  for (let i = 0; i < 5; i++) {
    if (server) await stop(server);
    const from = performance.now();
    server = await start(rollcall, ["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off"]);
    while ((await fetch(`${server.url}/readyz`)).status !== 200);
    starts.push(performance.now() - from);
  }
  row("start to ready, migrated database", `${median(starts).toFixed(0)} ms`, "under 300 ms");
  row("resident memory after start", `${resident(server).toFixed(1)} MB`, "under 30 MB");

  const signIn = await fetch(`${server.url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: server.url },
    body: new URLSearchParams({ email: "ada@live.test", password }),
  });
  const cookie = signIn.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const page = `${server.url}/teams/live/settings/authentication`;
  const html = await (await fetch(page, { headers: { cookie } })).text();
  if (!html.includes("SCIM provisioning")) throw new Error("the Authentication page did not come");

  const files = [...new Set([...html.matchAll(/\/pkg\/[\w.]+\.(?:js|wasm|css)/g)].map(([file]) => file))];
  const sizes = { html: await sent(page, { cookie }) };
  for (const file of files) sizes[path.extname(file).slice(1)] = await sent(server.url + file, {});
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  row("first load, everything, as sent", `${kb(total)} (html ${kb(sizes.html)}, js ${kb(sizes.js)})`, "at most 240 KB");
  row("wasm, brotli", kb(sizes.wasm), "at most 205 KB");
  row("CSS, brotli", kb(sizes.css), "at most 12 KB");

  const yardstick = await start(bare, ["127.0.0.1:0"]);
  const pairs = [];
  load(page, { cookie });
  for (let i = 0; i < 3; i++) pairs.push({ bare: load(yardstick.url), page: load(page, { cookie }) });
  const rate = (which) => median(pairs.map((pair) => pair[which].rate));
  row("bare Leptos page, 8 clients", `${rate("bare").toFixed(0)} requests/s`, "(the yardstick)");
  row("Authentication page, 8 clients", `${rate("page").toFixed(0)} requests/s = ${((100 * rate("page")) / rate("bare")).toFixed(1)} % of bare`, "at least 12 %");
  row("Authentication page, p99", `${median(pairs.map((pair) => pair.page.p99)).toFixed(2)} ms`, "under 10 ms");
  row("resident memory after 10,000 page loads and more", `${resident(server).toFixed(1)} MB`, "under 50 MB");
  await Promise.all([stop(server), stop(yardstick)]);
}

try {
  await main();
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column].length)));
  for (const cells of rows) console.log(cells.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
} finally {
  for (const child of running) child.kill("SIGKILL");
  rmSync(work, { recursive: true, force: true });
}
