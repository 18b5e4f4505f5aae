// Runs jobs of steps side by side. The steps of a job run one after the other, each a command whose output goes to a log.
// stderr shows the current steps, the progress and the estimated remaining time.

import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join, relative } from "node:path";

const ANSI = /\x1b\[[0-9;?]*[A-Za-z]/g;
/** Cargo's progress bar, such as `Building [====>   ] 120/391: syn, serde`. */
const CARGO_BAR = /^\s*Building \[.*?\] (\d+)\/(\d+)/;
const LINES_ON_FAILURE = 40;
/** Without a terminal, one line of progress in this time is enough. */
const QUIET_SECONDS = 30;

/**
 * @typedef {object} Step
 * @property {string} name what it does
 * @property {string[]} command
 * @property {Record<string, string>} [env]
 * @property {number} seconds how long it takes from nothing on two cores, beside the other jobs
 * @property {number} [lastCrates] of a build by cargo: how many crates at the end are slow...
 * @property {number} [lastShare] ...and their share of the time
 */

/** The result of a failed job: the failed step, already reported. */
export class StepFailed extends Error {}

/**
 * Runs the jobs. Ends all of them as soon as one fails or the user interrupts.
 * @param {Record<string, Step[]>} jobs
 * @param {string} logs the folder of the logs
 */
export async function run(jobs, logs) {
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  const running = new Set();
  const states = Object.entries(jobs).map(([name, steps]) => ({ name, steps, at: 0, began: Date.now(), crates: null }));
  const progress = new Progress(states);
  let ended = null;

  const endAll = (reason) => {
    ended ??= reason;
    for (const child of running) signal(child, "SIGTERM");
  };
  const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"].map((name) => [name, () => endAll({ signal: name })]);
  for (const [name, handler] of interrupts) process.on(name, handler);
  progress.start();

  const job = async (state) => {
    for (const [index, step] of state.steps.entries()) {
      if (ended) return;
      Object.assign(state, { at: index, stepBegan: Date.now(), crates: null });
      const label = `${state.name} ${index + 1} of ${state.steps.length}`;
      const log = join(logs, `${state.name}-${index + 1}.log`);
      progress.line(`${label}: ${step.name}`);
      const failure = await runStep(step, log, running, (done, all) => (state.crates = { done, all }));
      if (ended) return;
      if (failure) {
        endAll({ failed: { label, step, log, failure } });
        return;
      }
      progress.line(`${label}: done (${duration(Date.now() - state.stepBegan)})`);
    }
    state.at = state.steps.length;
  };
  await Promise.all(states.map(job));

  progress.stop();
  for (const [name, handler] of interrupts) process.off(name, handler);
  if (ended?.signal) {
    console.error("\nrollcall: interrupted. What is finished is kept: the same command goes on from here.");
    process.exit(128 + constants.signals[ended.signal]);
  }
  if (ended) {
    report(ended.failed);
    throw new StepFailed(ended.failed.label);
  }
}

/** @returns {Promise<string | null>} the reason of the failure */
function runStep(step, log, running, onCrates) {
  return new Promise((resolve) => {
    const [program, ...args] = step.command;
    const out = createWriteStream(log);
    out.write(`$ ${step.command.join(" ")}\n`);
    // A separate process group, so that its child processes end with it.
    const child = spawn(program, args, { env: { ...process.env, ...step.env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (text) => {
        const lines = (rest + text).split(/[\r\n]+/);
        rest = lines.pop();
        for (const raw of lines) {
          const line = raw.replace(ANSI, "");
          const bar = CARGO_BAR.exec(line);
          if (bar) onCrates(Number(bar[1]), Number(bar[2]));
          else if (line.trim()) out.write(`${line}\n`);
        }
      });
      stream.on("end", () => rest.trim() && out.write(`${rest.replace(ANSI, "")}\n`));
    }
    let failure = null;
    child.on("error", (error) => (failure = `${program}: ${error.message}`));
    child.on("close", (status, signalName) => {
      running.delete(child);
      if (!failure && status !== 0) failure = signalName ? `ended by ${signalName}` : `exit status ${status}`;
      out.end(() => resolve(failure));
    });
  });
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has already ended.
  }
}

function report({ label, step, log, failure }) {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-LINES_ON_FAILURE);
  console.error(lines.map((line) => `    ${line}`).join("\n"));
  console.error(`rollcall: step ${label} failed: ${step.name} (${failure}).`);
  console.error(`Its last lines stand above, all of them in ${relative(process.cwd(), log)}.`);
  console.error("What is finished is kept: once the cause is gone, the same command goes on from there.");
}

/** The lines on stderr. On a terminal, the last one is rewritten every second. */
class Progress {
  constructor(states) {
    this.states = states;
    this.began = Date.now();
    this.terminal = Boolean(process.stderr.isTTY);
    this.shown = "";
  }

  start() {
    const pause = (this.terminal ? 1 : QUIET_SECONDS) * 1000;
    this.timer = setInterval(() => this.tick(), pause);
  }

  stop() {
    clearInterval(this.timer);
    this.clear();
  }

  line(text) {
    this.clear();
    console.error(`    ${text}`);
  }

  clear() {
    if (this.terminal) process.stderr.write("\r\x1b[K");
  }

  tick() {
    const busy = this.states.filter((state) => state.at < state.steps.length);
    const parts = busy.map((state) => {
      const where = `${state.name} ${state.at + 1} of ${state.steps.length}`;
      return state.crates ? `${where} (crate ${state.crates.done} of ${state.crates.all})` : where;
    });
    const text = `${clock(Date.now() - this.began)}, ${this.left()}: ${parts.join(", ")}`;
    if (this.terminal) process.stderr.write(`\r\x1b[K    ${text.slice(0, (process.stderr.columns || 80) - 5)}`);
    else console.error(`    ${text}`);
  }

  /** The estimate from the usual times of the remaining steps, at the current pace. */
  left() {
    const seconds = this.states.map((state) => {
      const done = state.steps.slice(0, state.at).reduce((sum, step) => sum + step.seconds, 0);
      const all = state.steps.reduce((sum, step) => sum + step.seconds, 0);
      const inStep = state.at < state.steps.length ? share(state) * state.steps[state.at].seconds : 0;
      const elapsed = (Date.now() - this.began) / 1000;
      const worked = done + inStep;
      // The pace of a short time is not reliable.
      const pace = worked > 20 && elapsed > 20 ? elapsed / worked : 1;
      return (all - worked) * pace;
    });
    const minutes = Math.max(1, Math.ceil(Math.max(...seconds) / 60));
    return minutes === 1 ? "about a minute left" : `about ${minutes} minutes left`;
  }
}

/** The completed part of the current step, from 0 to 1. */
export function share({ steps, at, crates, stepBegan }) {
  const step = steps[at];
  if (!crates) {
    if (step.lastCrates !== undefined) return 0;
    return Math.min(0.9, (Date.now() - stepBegan) / 1000 / step.seconds);
  }
  const { lastCrates = 0, lastShare = 0 } = step;
  const early = crates.all - lastCrates;
  if (crates.done <= early || lastCrates === 0) return (1 - lastShare) * Math.min(1, crates.done / Math.max(1, early));
  return 1 - lastShare + (lastShare * (crates.done - early)) / (lastCrates + 1);
}

function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
