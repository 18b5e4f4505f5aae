// The sender of an attack: many simultaneous requests, without waiting for responses, from any loopback address.
import http from "node:http";
import net from "node:net";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Counts results. */
export class Tally {
  /** The latest instance. */
  static last;
  #counts = new Map();

  constructor() {
    Tally.last = this;
  }

  add(what) {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  toString() {
    const counts = [...this.#counts].toSorted(([a], [b]) => String(a).localeCompare(String(b)));
    return counts.map(([what, count]) => `${what}: ${count.toLocaleString("en-US")}`).join(", ") || "nothing came back";
  }
}

/** Many connections that are kept open, as a program has them. */
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

/** The attacker's address. The measured clients have another one, 127.0.0.1. */
const own = "127.0.0.66";

/** Sends a request. Returns its status, or "closed", or "given up" after this many ms. */
export function ask(url, method, path, { headers = {}, body, giveUp, localAddress = own } = {}) {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const options = { method, headers: { ...headers, ...length }, localAddress, agent: localAddress === own ? agent : false };
    const request = http.request(url + path, options, (answer) => {
      answer.on("end", () => resolve(answer.statusCode)).on("error", () => resolve("closed")).resume();
    });
    if (giveUp) {
      setTimeout(() => {
        resolve("given up");
        request.destroy();
      }, giveUp);
    }
    request.on("error", () => resolve("closed")).end(body);
  });
}

/** The SCIM request of one team. */
export const scim = (task, method, path, body, more = {}) =>
  ask(task.url, method, `/scim/v2${path}`, {
    headers: { authorization: `Bearer ${task.rude.key}`, "content-type": "application/scim+json" },
    body: typeof body === "object" ? JSON.stringify(body) : body,
    ...more,
  });

/** Repeats an action until the end, several times at once. Pauses a little after a rejection. */
export async function flood(task, clients, once) {
  const tally = new Tally();
  const client = async (number) => {
    while (Date.now() < task.end) {
      const status = await once(number);
      tally.add(status);
      // As a rejected client would. Otherwise the sender's own processor is measured.
      if (typeof status !== "number" || status >= 400) await sleep(50);
    }
  };
  const done = Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  // Requests without a response at the end are left alone.
  await Promise.race([done, sleep(task.end - Date.now() + 200)]);
  return tally;
}

/** Opens a connection, sends the text, and never reads. Reopens it when it is closed. Counts both. */
export function hold(task, text, tally) {
  const { hostname, port } = new URL(task.url);
  const open = () => {
    if (Date.now() >= task.end) return;
    const socket = net.connect({ host: hostname, port: Number(port), localAddress: own });
    socket.pause();
    socket.on("connect", () => {
      tally.add("opened");
      socket.write(text);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      tally.add("closed");
      setTimeout(open, 200);
    });
  };
  open();
}

/** A loopback address by its number: as many as there are clients. */
export const address = (number) => `127.1.${Math.floor(number / 250) % 250}.${(number % 250) + 1}`;
