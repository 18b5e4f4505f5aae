// Prints the figures of the SCIM API, each beside its target. Reads are measured against a bare axum handler, changes against
// raw commits to an SQLite database on the same disk, each in turn with its yardstick. Nothing here passes or fails.
// Everything runs on loopback, on a throw-away database, for about two minutes.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { beside, example, figures, load, median, resident, row, run, seconds, serve, start, stop, work } from "./load/lib.mjs";

/** The length of one load. Three are measured for a line. Loads that create members have to end below 100,000. */
const short = Math.min(3, Math.max(1, Math.round(seconds * 0.4)));
const users = "/scim/v2/Users";
const owner = "ada@acme.test";
const number = (value) => Math.round(value).toLocaleString("en-US");
const percent = (part, whole) => `${((100 * part) / whole).toFixed(part / whole < 0.05 ? 2 : 0)} %`;

/** Starts a server on a new database with one team. Returns it with a key of that team. */
async function open(name) {
  const database = ["--database-url", `sqlite://${work}/${name}.db`];
  const team = ["--team", "acme", ...database];
  run("team", "create", "--name", "Acme", "--slug", "acme", "--plan", "enterprise", "--owner-email", owner, "--owner-name", "Ada", ...database);
  run("sso", "add", "--name", "Okta", "--provider", "okta", "--issuer", "https://idp.example.test", "--client-id", "x", "--client-secret", "x", "--enabled", ...team);
  run("scim", "on", ...team);
  const key = run("key", "generate", "--name", "bench", ...team).trim();
  return { ...(await serve("--scim-rate", "0", ...database)), key };
}

/** Sends one request. Returns the response, parsed as JSON if there is a body. */
async function ask(server, method, target, body) {
  const answer = await fetch(server.url + target, {
    method,
    headers: { authorization: `Bearer ${server.key}`, "content-type": "application/scim+json" },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status} ${text.slice(0, 300)}`);
  return text && JSON.parse(text);
}

/** Measures `what` three times in turn with its yardstick. Returns the medians. */
async function inTurn(yardstick, what) {
  const pairs = [];
  for (let turn = 0; turn < 3; turn++) pairs.push([await yardstick(), await what(turn)]);
  const middle = (at, field) => median(pairs.map((pair) => pair[at][field]));
  return { rate: middle(1, "rate"), p99: middle(1, "p99"), yardstick: middle(0, "rate"), yardstickP99: middle(0, "p99") };
}

async function rawCommits() {
  const rate = Number(execFileSync("python3", [beside("commits.py"), path.join(work, "commits.db"), String(short)], { encoding: "utf8" }));
  return { rate, p99: NaN };
}

/** A load of requests that differ in one value. */
const ofMany = (server, METHOD, PATH, rest, options) =>
  load(server.url, { length: short, ...options, requests: { KEY: server.key, METHOD, PATH, ...rest } });

let created = 0;

/** Creates members as Okta does, for some time or up to a count. */
function create(server, options) {
  const name = `u${++created}.%s@acme.test`;
  const body = {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: name,
    name: { givenName: "Test", familyName: "User" },
    emails: [{ primary: true, value: name, type: "work" }],
    displayName: `Test User ${created}.%s`,
    locale: "en-US",
    externalId: `00u${created}.%s`,
    groups: [],
    password: "1mz050nq",
    active: true,
  };
  return ofMany(server, "POST", users, { BODY: JSON.stringify(body) }, options);
}

/** Creates members up to a count. */
async function fill(server, wanted) {
  const missing = wanted - (await ask(server, "GET", `${users}?count=0`)).totalResults;
  if (missing > 0) await create(server, { clients: 32, length: 600, limit: missing });
  const { totalResults } = await ask(server, "GET", `${users}?count=0`);
  if (totalResults < wanted || totalResults > wanted * 1.2 + 100) throw new Error(`${totalResults} members instead of ${wanted}`);
}

/** The ids and userNames of all members. */
async function everybody(server) {
  const all = [];
  for (let cursor = ""; cursor !== undefined; ) {
    const page = await ask(server, "GET", `${users}?attributes=userName&count=1000&cursor=${cursor}`);
    all.push(...page.Resources);
    cursor = page.nextCursor;
  }
  return all;
}

/** At most 10,000 of them, evenly spread. A load requests these repeatedly. */
const spread = (members) => members.filter((_, at) => at % Math.ceil(members.length / 10_000) === 0);

/** Writes values to a file, one per line. */
function listed(name, values) {
  const file = path.join(work, name);
  writeFileSync(file, values.join("\n") + "\n");
  return { VALUES: file };
}

/** A load that requests members by their userNames. */
function byName(server, members) {
  const names = listed(`names-${members.length}`, spread(members).map(({ userName }) => encodeURIComponent(userName)));
  return () => ofMany(server, "GET", `${users}?filter=userName%20eq%20%22%s%22`, names);
}

const reads = ({ rate, yardstick }) => `${number(rate)} requests/s = ${percent(rate, yardstick)} of bare`;
const writes = ({ rate, yardstick }) => `${number(rate)} requests/s = ${percent(rate, yardstick)} of ${number(yardstick)} raw commits/s`;
const ms = (value) => `${value.toFixed(2)} ms`;

/** Adds members to a small and a large group, one at a time over one connection. Returns the 99th percentiles. */
async function growGroups(server, members) {
  const some = members.slice(-10_001).map(({ id }) => ({ value: id }));
  const joining = some.pop();
  const groups = [];
  for (const size of [10, 10_000]) {
    const group = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName: `Group of ${size}`, members: some.slice(0, size) };
    groups.push({ path: `/scim/v2/Groups/${(await ask(server, "POST", "/scim/v2/Groups", group)).id}`, times: [] });
  }
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const patch = (target, operation) => {
    const body = JSON.stringify({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [operation] });
    const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/scim+json", "content-length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const request = http.request(server.url + target, { method: "PATCH", agent, headers }, (answer) => {
        answer.on("end", () => (answer.statusCode < 300 ? resolve() : reject(new Error(`PATCH ${target}: ${answer.statusCode}`)))).resume();
      });
      request.on("error", reject).end(body);
    });
  };
  // In turn, so that other load of the machine affects both. The member leaves again, so that neither group grows.
  for (let turn = 0; turn < 500; turn++) {
    for (const { path: target, times } of groups) {
      const began = performance.now();
      await patch(target, { op: "add", path: "members", value: [joining] });
      times.push(performance.now() - began);
      await patch(target, { op: "remove", path: `members[value eq "${joining.value}"]` });
    }
  }
  agent.destroy();
  return groups.map(({ times }) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]);
}

await figures("SCIM API", async () => {
  const bare = await start(example("bare_axum"), ["127.0.0.1:0"]);
  const bareHandler = () => load(bare.url, { length: short });
  await bareHandler();

  const small = await open("small");
  await fill(small, 1_000);
  const server = await open("large");
  await fill(server, 10_000);
  const members = await everybody(server);
  const ids = listed("ids", spread(members).map(({ id }) => id));
  const one = await inTurn(bareHandler, () => ofMany(server, "GET", `${users}/%s`, ids));
  row("bare axum handler, 8 clients", `${number(one.yardstick)} requests/s, p99 ${ms(one.yardstickP99)}`, "(the yardstick)");
  row("GET /Users/{id}, 10,000 members", reads(one), "at least 20 % of bare");
  const named = await inTurn(bareHandler, byName(server, members));
  row("GET /Users?filter=userName eq, 10,000 members", reads(named), "at least 15 % of bare");
  const headers = { authorization: `Bearer ${server.key}` };
  const page = await inTurn(bareHandler, () => load(`${server.url}${users}?count=100`, { length: short, headers }));
  row("GET /Users?count=100, 10,000 members", reads(page), "at least 1.2 % of bare");
  row("p99 of reads, 8 clients", `${ms(one.p99)} by id, ${ms(named.p99)} by userName`, "at most 2 ms");
  const [few, many] = await growGroups(server, members);
  row("adding one member to a group of 10,000, p99", `${ms(many)} = ${(many / few).toFixed(1)} times that of 10`, "at most 3 times");
  row("resident memory, 10,000 members", `${resident(server).toFixed(0)} MB`, "at most 70 MB");

  const made = await inTurn(rawCommits, () => create(server, { clients: 32 }));
  row("POST /Users, 32 clients", writes(made), "at least 40 % of raw commits");
  const madeBy8 = await inTurn(rawCommits, () => create(server, { clients: 8 }));
  row("p99 of POST /Users, 8 clients", ms(madeBy8.p99), "at most 10 ms");

  await fill(server, 100_000);
  // The owner came first, and cannot be deactivated.
  const all = (await everybody(server)).filter(({ userName }) => userName !== owner);
  const namedOfAll = await inTurn(bareHandler, byName(server, all));
  row("GET /Users?filter=userName eq, 100,000 members", reads(namedOfAll), "at least 15 % of bare");
  const against = await inTurn(byName(small, await everybody(small)), byName(server, all));
  row("the same against 1,000 members", percent(against.rate, against.yardstick), "at least 80 %");
  const third = Math.floor(all.length / 3);
  const off = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "replace", value: { active: false } }] };
  const ended = await inTurn(rawCommits, async (turn) => {
    const part = all.slice(turn * third, (turn + 1) * third).map(({ id }) => id);
    const done = await ofMany(server, "PATCH", `${users}/%s`, { BODY: JSON.stringify(off), ...listed("ids", part) }, { clients: 32 });
    if (done.count > part.length) throw new Error("more changes than members: a shorter load says more");
    return done;
  });
  row("PATCH active:false, 32 clients, 100,000 members", writes(ended), "at least 40 % of raw commits");
  row("resident memory, 100,000 members", `${resident(server).toFixed(0)} MB`, "at most 120 MB");
  await Promise.all([small, server, bare].map((program) => stop(program)));
});
