// The attacks, by name. Each sends what one team can send with its SCIM key and its sign-in, at the server's own rate
// limits, and returns the results. scripts/load/attack/rows.mjs prepares them.
import { execFile, spawn } from "node:child_process";
import { address, ask, flood, hold, scim, sleep, Tally } from "./sender.mjs";

const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const json = JSON.stringify;

/** Ten requests that each remove no member a thousand times from the group of all members. Their sender leaves after 1 s. */
async function groupPatch(task) {
  const remove = { op: "remove", path: 'members[display sw "zz0"]' };
  const body = json({ schemas: [patchOp], Operations: Array.from({ length: 1_000 }, () => remove) });
  return flood(task, 10, () => scim(task, "PATCH", `/Groups/${task.rude.group}`, body, { giveUp: 1_000 }));
}

/** Bulk requests of 960 KB, in which one path names a bulkId 80,000 times. */
async function bulkPaths(task) {
  const path = '"bulkId:x"'.repeat(80_000);
  const operations = [
    { method: "POST", path: "/Users", bulkId: "x", data: { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "bulk-path@rude.test" } },
    { method: "PATCH", path: `/Groups/${task.rude.group}`, data: { schemas: [patchOp], Operations: [{ op: "remove", path }] } },
  ];
  const body = json({ schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], Operations: operations });
  return flood(task, 3, () => scim(task, "POST", "/Bulk", body));
}

/** Requests the largest pages, and reads none of the responses. */
async function bigAnswers(task) {
  const tally = new Tally();
  const get = (path, header) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`;
  const key = `Authorization: Bearer ${task.rude.key}`;
  for (let n = 0; n < 22; n++) hold(task, get("/scim/v2/Users?count=200", key), tally);
  for (let n = 0; n < 4; n++) hold(task, get("/scim/v2/Groups?count=200", key), tally);
  for (let n = 0; n < 4; n++) hold(task, get("/teams/rude/settings/members", `Cookie: ${task.rude.cookie}`), tally);
  await sleep(task.end - Date.now());
  return tally;
}

/** Filters with thirty conditions on the text of every email, four at once. */
async function filters(task) {
  const filter = Array.from({ length: 30 }, (_, n) => `not (emails.display co "zz${n} ${"x".repeat(20)}")`).join(" and ");
  const body = json({ schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], filter, count: 1 });
  return flood(task, 4, () => scim(task, "POST", "/Users/.search", body));
}

const form = { "content-type": "application/x-www-form-urlencoded" };
const signIn = (task, email, localAddress) =>
  ask(task.url, "POST", "/sign-in", { headers: { ...form, origin: task.url }, body: new URLSearchParams({ email, password: "not the password" }).toString(), localAddress });

/** Strangers try to sign in with an email that thousands of members have. There are too few attempts to close the account. */
async function manyTeamsAddress(task) {
  const tally = new Tally();
  const tries = Array.from({ length: 4 }, async (_, n) => tally.add(await signIn(task, task.kind.email, address(n))));
  await Promise.race([Promise.all(tries), sleep(task.end - Date.now())]);
  await sleep(task.end - Date.now());
  return tally;
}

/** Changes on a page while another transaction holds the row of the team. PostgreSQL only. */
async function heldRow(task) {
  const seconds = Math.ceil((task.end - Date.now()) / 1000);
  const held = `BEGIN; SELECT id FROM teams WHERE slug = 'rude' FOR UPDATE; SELECT pg_sleep(${seconds}); ROLLBACK;`;
  // Ends with its sleep. The database server ends it with the database at the latest.
  const holder = spawn("psql", ["--quiet", "--no-psqlrc", "--dbname", task.database, "--command", held], { stdio: "ignore" });
  await sleep(300);
  const change = (n) => ask(task.url, "POST", "/teams/rude/settings/general/name", { headers: { ...form, origin: task.url, cookie: task.rude.cookie }, body: `name=Rude+${n}` });
  const tally = await flood(task, 40, change);
  holder.kill();
  return tally;
}

/** Bulk requests of a thousand new Users each, eight at once. */
async function bulkFlood(task) {
  let n = 0;
  const bulk = () => {
    const create = () => ({ method: "POST", path: "/Users", bulkId: `b${++n}`, data: { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: `bulk${n}@rude.test` } });
    return json({ schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], Operations: Array.from({ length: 1_000 }, create) });
  };
  return flood(task, 8, () => scim(task, "POST", "/Bulk", bulk()));
}

/** 1,500 sign-ins at once, each from another address, repeated every five seconds. */
async function signInFlood(task) {
  const tally = new Tally();
  for (let round = 0; Date.now() < task.end; round++) {
    for (let n = 0; n < 1_500; n++) signIn(task, `nobody${n}@rude.test`, address(round * 1_500 + n)).then((status) => tally.add(status));
    await sleep(Math.min(5_000, Math.max(0, task.end - Date.now())));
  }
  return tally;
}

/** Deletes the large team with the operator's command. */
async function teamDelete(task) {
  const began = Date.now();
  const failed = await new Promise((resolve) => {
    const words = ["team", "delete", "rude", "--confirm", "rude", ...task.settings];
    execFile(task.rollcall, words, { timeout: task.end - began }, (error, _, stderr) => resolve(error && (stderr.trim() || "not done in time")));
  });
  const took = Date.now() - began;
  await sleep(task.end - Date.now());
  return failed ? `failed: ${failed}` : `done after ${(took / 1000).toFixed(1)} s`;
}

/** Thousands of half-sent headers, unread responses and unread exports. */
async function slowClients(task) {
  const tally = new Tally();
  const get = (path, header) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`;
  for (let n = 0; n < 150; n++) hold(task, get("/teams/rude/settings/members/export", `Cookie: ${task.rude.cookie}`), tally);
  for (let n = 0; n < 100; n++) hold(task, get("/scim/v2/Users?count=1000", `Authorization: Bearer ${task.rude.key}`), tally);
  for (let n = 0; n < 4_000; n++) {
    hold(task, "GET / HTTP/1.1\r\nHost: local", tally);
    if (n % 100 === 0) await sleep(10);
  }
  await sleep(task.end - Date.now());
  return tally;
}

/** Maps a role to the group of all members and removes it, repeatedly. */
async function mapping(task) {
  const headers = { ...form, origin: task.url, cookie: task.rude.cookie };
  const path = `/teams/rude/settings/groups/${task.rude.group}/role`;
  let n = 0;
  return flood(task, 1, () => ask(task.url, "POST", path, { headers, body: `role=${n++ % 2 === 0 ? "admin" : "none"}` }));
}

/** Filters that no index serves, 24 at once. */
async function unindexedFilters(task) {
  const path = (n) => `/Users?count=1&filter=${encodeURIComponent(`title co "nobody ${n}" and nickName co "x"`)}`;
  return flood(task, 24, (n) => scim(task, "GET", path(n)));
}

/** No attack: the figures of the probes by themselves. */
async function rest(task) {
  await sleep(task.end - Date.now());
  return "no attack";
}

export const attacks = {
  rest,
  "group-patch": groupPatch,
  "bulk-paths": bulkPaths,
  "big-answers": bigAnswers,
  filters,
  "many-teams-address": manyTeamsAddress,
  "held-row": heldRow,
  "bulk-flood": bulkFlood,
  "sign-in-flood": signInFlood,
  "team-delete": teamDelete,
  "slow-clients": slowClients,
  mapping,
  "unindexed-filters": unindexedFilters,
};
for (const [name, attack] of Object.entries(attacks)) attacks[name] = async (task) => String(await attack(task));
