// `node --test scripts/release/jobs.test.mjs`

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { share } from "./jobs.mjs";

const jobs = fileURLToPath(new URL("./jobs.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rollcall-jobs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program that runs these jobs of shell commands. */
function start(name, commands) {
  const program = join(folder, `${name}.mjs`);
  const steps = Object.fromEntries(
    Object.entries(commands).map(([job, list]) => [job, list.map((script) => ({ name: script, command: ["bash", "-c", script], seconds: 1 }))]),
  );
  writeFileSync(program, `
    import { StepFailed, run } from ${JSON.stringify(jobs)};
    try { await run(${JSON.stringify(steps)}, ${JSON.stringify(join(folder, name))}); }
    catch (error) { if (error instanceof StepFailed) process.exit(1); throw error; }`);
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "ignore", "pipe"] });
  const state = { child, text: "" };
  child.stderr.setEncoding("utf8").on("data", (text) => (state.text += text));
  state.ended = new Promise((resolve) => child.on("close", (status) => resolve(status)));
  return state;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the file exists. If it never does, the test fails by the runner's time limit. */
async function read(path) {
  for (;;) {
    try {
      const text = readFileSync(path, "utf8").trim();
      if (text) return text;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function isGone(pid) {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

const limit = { timeout: 60_000 };

test("the steps of a job follow each other, and every one leaves a log", limit, async () => {
  const made = start("success", { one: [`echo first >>${folder}/order`, `echo second >>${folder}/order; cat ${folder}/order`], two: ["true"] });
  assert.equal(await made.ended, 0);
  assert.match(readFileSync(join(folder, "success", "one-2.log"), "utf8"), /first\nsecond\n/);
  assert.match(made.text, /two 1 of 1: done/);
});

test("a step that fails ends the other jobs, and is named with its log", limit, async () => {
  const pid = join(folder, "other.pid");
  const made = start("failure", { one: [`until [ -s ${pid} ]; do :; done; echo the cause; exit 3`, "echo never"], two: [`sleep 600 & echo $! >${pid}; wait`] });
  assert.equal(await made.ended, 1);
  await isGone(Number(await read(pid)));
  assert.match(made.text, /the cause\n/);
  assert.match(made.text, /step one 1 of 2 failed: .*\(exit status 3\)/);
  assert.match(made.text, /failure\/one-1\.log/);
  assert.doesNotMatch(made.text, /one 2 of 2|step two/);
});

test("an interrupt ends what the steps have started", limit, async () => {
  const pid = join(folder, "interrupted.pid");
  const made = start("interrupt", { one: [`sleep 600 & echo $! >${pid}; wait`] });
  const sleeper = Number(await read(pid));
  made.child.kill("SIGINT");
  assert.equal(await made.ended, 130);
  await isGone(sleeper);
  assert.match(made.text, /the same command goes on from here/);
});

test("the crates at the end of a build count for their share of the time", () => {
  const steps = [{ seconds: 100, lastCrates: 4, lastShare: 0.4 }];
  const at = (done) => share({ steps, at: 0, crates: { done, all: 104 } });
  assert.equal(at(0), 0);
  assert.equal(at(50), 0.3);
  assert.equal(at(100), 0.6);
  assert.ok(at(103) < 1 && at(103) > at(101));
  assert.equal(share({ steps, at: 0, crates: null, stepBegan: Date.now() }), 0);
});
