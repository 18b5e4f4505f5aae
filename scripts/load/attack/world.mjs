// The databases and servers of the attacks. On each engine, one database is filled and copied for every attack, so that no
// attack finds the leftovers of another. It has two teams: `rude`, which attacks, with a group of all its members, and
// `kind`, whose responses are measured.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { beside, env, launch, rollcall, run, start, stop, work } from "../lib.mjs";
import { send } from "./probes.mjs";
import { ask } from "./sender.mjs";

const password = "violet harbour 17 lamps";
export const owner = (slug) => `ada@${slug}.test`;
const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** One SQL statement on PostgreSQL. */
const psql = (database, sql) =>
  execFileSync("psql", ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", database, "--command", sql], { env, encoding: "utf8" });

function sqlite() {
  const file = (name) => path.join(work, `${name}.db`);
  return {
    name: "sqlite",
    url: (name) => `sqlite://${file(name)}`,
    create() {},
    copy(from, to) {
      for (const part of ["", "-wal"]) if (existsSync(file(from) + part)) copyFileSync(file(from) + part, file(to) + part);
    },
    drop() {},
  };
}

function postgres(base) {
  const url = (name) => Object.assign(new URL(base), { pathname: `/${name}` }).href;
  return {
    name: "postgres",
    url,
    create: (name) => psql(base, `CREATE DATABASE ${name} TEMPLATE template0 LC_COLLATE 'C'`),
    copy: (from, to) => psql(base, `CREATE DATABASE ${to} TEMPLATE ${from}`),
    drop: (name) => psql(base, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** The engines to measure on. PostgreSQL runs where scripts/with-postgres started it. */
export function engines() {
  const base = process.env.ROLLCALL_TEST_POSTGRES_URL;
  return base ? [sqlite(), postgres(base)] : [sqlite()];
}

const secret = (engine) => path.join(work, `${engine.name}.secret`);
const settings = (engine, name) => ["--database-url", engine.url(name), "--secret-file", secret(engine)];

/** Starts a server on a database, with or without limits. `descriptors`: the soft limit that it starts with. */
export async function open(engine, name, more = [], descriptors) {
  const log = openSync(path.join(work, `${engine.name}-${name}.log`), "w");
  const words = ["serve", "--addr", "127.0.0.1:0", "--admin-addr", "off", ...more, ...settings(engine, name)];
  // `exec`: the shell becomes the server, with the same id.
  const [program, args] = descriptors ? ["sh", ["-c", `ulimit -Sn ${descriptors} && exec "$0" "$@"`, rollcall, ...words]] : [rollcall, words];
  const server = await start(program, args, log);
  while ((await send(server.url, { path: "/readyz" })).status !== 200) if (server.child.exitCode !== null) throw new Error("the server ended");
  return server;
}

/** The peak resident memory of the server since its start, in MB. The last known value if it has ended. */
export function peak(server) {
  try {
    const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
    server.peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? server.peak * 1024) / 1024;
  } catch {
    // The process has ended.
  }
  return server.peak ?? NaN;
}

export const isRunning = ({ child }) => child.exitCode === null && child.signalCode === null;

/** Sends one SCIM request. Returns the response, parsed as JSON if there is a body. */
export async function scim(server, key, method, target, body, timeout = 60_000) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/scim+json" };
  const answer = await send(server.url, { method, path: target, headers, body: body && JSON.stringify(body) }, timeout);
  const good = answer.status >= 200 && answer.status < 300;
  return { ...answer, good, json: good && answer.text ? JSON.parse(answer.text) : undefined };
}

/** As above, but ends the measurement unless the request succeeds. */
export async function must(server, key, method, target, body) {
  const answer = await scim(server, key, method, target, body);
  if (!answer.good) throw new Error(`${method} ${target}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer.json;
}

/** A User as providers send it, with more attributes. */
export const user = (userName, more = {}) => ({ schemas: [userSchema], userName, name: { givenName: "Test", familyName: "User" }, active: true, ...more });

let loads = 0;

/** Runs an action for every number below `count`, some at a time. */
export async function each(count, once, clients = 32) {
  let next = 0;
  const client = async () => {
    while (next < count) await once(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** Creates Users. `more` returns the other attributes of each by its number. */
export async function createUsers(server, key, count, more = () => ({})) {
  const load = ++loads;
  const name = (n) => `load${load}.${n}@rude.test`;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/scim+json" };
  await each(count, async (n) => {
    const body = JSON.stringify(user(name(n), { emails: [{ value: name(n), primary: true }], ...more(n) }));
    const status = await ask(server.url, "POST", "/scim/v2/Users", { headers, body });
    if (status !== 201) throw new Error(`creating Users: ${status}`);
  });
}

/** The ids of a team's Users. */
export async function userIds(server, key) {
  const ids = [];
  for (let cursor = ""; cursor !== undefined; ) {
    const page = await must(server, key, "GET", `/scim/v2/Users?attributes=userName&count=1000&cursor=${cursor}`);
    ids.push(...page.Resources.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return ids;
}

export const group = (displayName, ids) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  displayName,
  members: ids.map((value) => ({ value })),
});

function team(engine, slug) {
  const database = settings(engine, "base");
  const words = ["--name", slug, "--slug", slug, "--plan", "enterprise", "--owner-email", owner(slug), "--owner-name", "Ada"];
  execFileSync(rollcall, ["team", "create", ...words, "--owner-password-stdin", ...database], { cwd: work, env, input: password, stdio: ["pipe", "ignore", "pipe"] });
  run("sso", "add", "--team", slug, "--name", "Okta", "--provider", "okta", "--issuer", "https://idp.example.test", "--client-id", "x", "--client-secret", "x", "--enabled", ...database);
  run("scim", "on", "--team", slug, ...database);
  return run("key", "generate", "--name", "attack", "--team", slug, ...database).trim();
}

/** Fills the database that the others are copies of. Returns the facts about the two teams. */
export async function fill(engine, members) {
  engine.create("base");
  const rude = { slug: "rude", key: team(engine, "rude"), email: owner("rude"), password };
  const kind = { slug: "kind", key: team(engine, "kind"), email: owner("kind"), password };
  const server = await open(engine, "base", ["--scim-rate", "0"]);
  kind.member = (await must(server, kind.key, "POST", "/scim/v2/Users", user("grace@kind.test"))).id;
  await createUsers(server, rude.key, members, (n) => ({ displayName: `Test User ${n}`, title: `Engineer ${n}` }));
  const ids = await userIds(server, rude.key);
  // The limit of one body.
  const batch = 10_000;
  rude.group = (await must(server, rude.key, "POST", "/scim/v2/Groups", group("Everybody", ids.slice(0, batch)))).id;
  for (let n = batch; n < ids.length; n += batch) {
    const value = ids.slice(n, n + batch).map((value) => ({ value }));
    await must(server, rude.key, "PATCH", `/scim/v2/Groups/${rude.group}`, { schemas: [patchOp], Operations: [{ op: "add", path: "members", value }] });
  }
  await stop(server);
  return { rude, kind };
}

/** Signs in. Returns the cookie. */
export async function signIn(server, { email, password }) {
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: server.url };
  const answer = await send(server.url, { method: "POST", path: "/sign-in", headers, body: new URLSearchParams({ email, password }).toString() }, 30_000);
  if (answer.status !== 303) throw new Error(`signing in as ${email}: ${answer.status}`);
  return (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
}

/**
 * Starts the attack in a separate process, which cannot delay the measurement. `stop` returns its report. It yields to the
 * server, because an attacker on another machine would take none of its processors' time.
 */
export function attack(engine, name, task) {
  const child = launch("nice", ["-n", "10", process.execPath, beside("attack/attacker.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stdin.end(JSON.stringify({ ...task, rollcall, settings: settings(engine, name), database: engine.url(name) }));
  const ended = new Promise((resolve) => child.once("close", resolve));
  return {
    async stop() {
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
      return text.trim() || "was ended";
    },
  };
}
