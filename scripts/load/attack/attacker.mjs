// The attacking process: reads its task from stdin, runs the attack of that name for some seconds, and prints the results.
// It only connects to the loopback server of its task, and ends by itself.
import { attacks } from "./attacks.mjs";
import { Tally } from "./sender.mjs";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const task = JSON.parse(text);
const end = Date.now() + task.seconds * 1000;
// This process ends even if a request hangs.
setTimeout(() => finish(`${Tally.last ?? "nothing came back"} (ended late)`), task.seconds * 1000 + 4_000);

function finish(said) {
  process.stdout.write(`${said}\n`, () => process.exit(0));
}

const { hostname } = new URL(task.url);
if (hostname !== "127.0.0.1") throw new Error(`not an address of this machine: ${hostname}`);
finish(await attacks[task.attack]({ ...task, end }));
