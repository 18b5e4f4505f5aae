// The process that attacks: reads its task from stdin, carries out the attack of that name for some seconds, and prints
// what came of it. It opens connections to the loopback server of its task alone, and ends by itself.
import { attacks } from "./attacks.mjs";
import { Tally } from "./sender.mjs";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const task = JSON.parse(text);
const end = Date.now() + task.seconds * 1000;
// Whatever hangs, this process does not.
setTimeout(() => finish(`${Tally.last ?? "nothing came back"} (ended late)`), task.seconds * 1000 + 4_000);

function finish(said) {
  process.stdout.write(`${said}\n`, () => process.exit(0));
}

const { hostname } = new URL(task.url);
if (hostname !== "127.0.0.1") throw new Error(`not an address of this machine: ${hostname}`);
finish(await attacks[task.attack]({ ...task, end }));
