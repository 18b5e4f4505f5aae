// Attacks a server as one team, with its SCIM key and at the usual rate limits, and prints the figures of another team
// meanwhile: health, a page, a SCIM read, a SCIM write and a sign-in. Each row is one attack, on a fresh copy of a database
// and with a fresh server. Nothing here passes or fails. Everything runs on loopback. All rows on both engines take about
// eight minutes. Arguments: the rows, and the engines, each as a list with commas.
import { figures, row, stop } from "./load/lib.mjs";
import { LIMIT, holds, measure } from "./load/attack/probes.mjs";
import { members, rows } from "./load/attack/rows.mjs";
import { attack, engines, fill, isRunning, open, peak, signIn } from "./load/attack/world.mjs";

/** The duration of each attack, in seconds. */
const seconds = Number(process.env.ATTACK_SECONDS ?? 10);
/** The probes are measured for this much longer, in ms, because work may continue after its sender has left. */
const AFTER = 2_000;
/** Upper bound of a server's memory, in MB. */
const MEMORY = 512;
/** Beyond this much memory, in MB, the server is ended, because the machine also runs other programs. */
const ENDED = 6_144;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ms = (value) => `${Math.round(value).toLocaleString("en-US")} ms`;
const list = (word, all) => {
  const names = word && word !== "all" ? word.split(",") : all;
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(", ")}; there are ${all.join(", ")}`);
  return names;
};

/** One attack: the figures of each probe, the server's memory, and the attacker's report. */
async function attacked(engine, name, known) {
  const { prepare, descriptors } = rows[name];
  const database = name.replaceAll("-", "_");
  engine.copy("base", database);
  let found = "";
  if (prepare) {
    const server = await open(engine, database, ["--scim-rate", "0"]);
    found = await prepare(server, known);
    await stop(server);
  }
  const server = await open(engine, database, [], descriptors);
  const rude = { ...known.rude, cookie: await signIn(server, known.rude) };
  const kind = { ...known.kind, cookie: name === "many-teams-address" ? await signedIn(server, known.kind) : await signIn(server, known.kind) };
  const memory = setInterval(() => peak(server) > ENDED && server.child.kill("SIGKILL"), 100);

  const attacker = attack(engine, database, { attack: name, seconds, url: server.url, rude, kind: { email: kind.email } });
  const probes = measure(server.url, kind);
  await sleep(seconds * 1000);
  const said = await attacker.stop();
  await sleep(AFTER);
  const measured = await probes.stop();

  clearInterval(memory);
  const result = { measured, memory: peak(server), said: [found, said].filter(Boolean).join("; "), ended: !isRunning(server) };
  await stop(server, "SIGKILL");
  engine.drop(database);
  return result;
}

/** A member whose sign-in the attack prevents. If possible, the member signs in before the attack. */
async function signedIn(server, who) {
  return signIn(server, who).catch(() => "");
}

function verdict({ measured, memory, ended }) {
  const broken = measured.filter((probe) => !holds(probe)).map(({ name }) => name);
  if (ended) broken.unshift("the server has ended");
  if (!(memory <= MEMORY)) broken.push("memory");
  return broken.length === 0 ? "holds" : `does not hold: ${broken.join(", ")}`;
}

function print(engine, name, result) {
  console.log(`${engine.name}, ${name}: ${verdict(result)}; ${Math.round(result.memory)} MB`);
  console.log(`  the attack: ${result.said}`);
  for (const { name: probe, count, p50, p99, max, errors, unanswered, refused } of result.measured) {
    const bad = [`${errors} times 5xx`, `${unanswered} without an answer`, `${refused} refused`].join(", ");
    console.log(`  ${probe.padEnd(13)}  p50 ${ms(p50).padStart(8)}  p99 ${ms(p99).padStart(8)}  max ${ms(max).padStart(8)}  ${bad}, of ${count}`);
  }
}

const wanted = list(process.argv[2], Object.keys(rows));
const available = engines();
const names = list(process.argv[3], available.map(({ name }) => name));

await figures(`What one team gets while another attacks (p99 up to ${ms(LIMIT)} without an error, memory up to ${MEMORY} MB)`, async () => {
  for (const engine of available.filter(({ name }) => names.includes(name))) {
    const known = await fill(engine, members);
    for (const name of wanted) {
      const { only = engine.name } = rows[name];
      if (only !== engine.name) continue;
      const result = await attacked(engine, name, known);
      print(engine, name, result);
      const slowest = result.measured.toSorted((a, b) => b.p99 - a.p99)[0];
      row(`${engine.name}, ${name}`, verdict(result), `slowest p99: ${ms(slowest.p99)} (${slowest.name}); ${Math.round(result.memory)} MB`);
    }
  }
});
