import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createConnection, createServer, type AddressInfo } from "node:net";

/** A provider's program. */
export interface Program {
  /** The command that listens on this port of 127.0.0.1. */
  command: (port: number) => string[];
  env: NodeJS.ProcessEnv;
  /** The file of its output. */
  log: string;
  /** Whether Node's messages can be sent to it. */
  messages?: boolean;
}

/** A running program that ends with the tests. */
export class Child {
  private constructor(
    readonly process: ChildProcess,
    readonly port: number,
  ) {}

  /** Starts it on a free port, and returns when the port accepts connections. */
  static async start(program: Program): Promise<Child> {
    // Another process may take the port in between.
    for (let attempt = 1; ; attempt += 1) {
      const child = new Child(...launch(program, await freePort()));
      if (await child.listening()) return child;
      await child.stop();
      if (attempt === 3) throw new Error(`${program.command(0)[0]} did not listen; its output is in ${program.log}`);
    }
  }

  async stop(): Promise<void> {
    if (this.ended()) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill("SIGTERM");
    const deadline = setTimeout(() => this.process.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(deadline);
  }

  private ended(): boolean {
    return this.process.pid === undefined || this.process.exitCode !== null || this.process.signalCode !== null;
  }

  private async listening(): Promise<boolean> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline && !this.ended()) {
      if (await accepts(this.port)) return !this.ended();
      await new Promise((done) => setTimeout(done, 20));
    }
    return false;
  }
}

function launch({ command, env, log, messages }: Program, port: number): [ChildProcess, number] {
  const output = openSync(log, "a");
  // The kernel ends it with this process, even if this one is killed.
  const words = ["setpriv", "--pdeathsig", "TERM", "--", ...command(port)];
  const child = spawn(words[0] as string, words.slice(1), { env, stdio: ["ignore", output, output, messages ? "ipc" : "ignore"] });
  closeSync(output);
  // A program that could not be started has no process id.
  child.on("error", () => undefined);
  return [child, port];
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.on("connect", () => done(true)).on("error", () => done(false));
    socket.on("connect", () => socket.destroy());
  });
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
