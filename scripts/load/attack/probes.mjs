// The requests of another team during an attack: six kinds, each sent at a fixed rate on a new connection, regardless of
// earlier responses. A server that stalls for a second therefore fails every request of that second.
import http from "node:http";
import { performance } from "node:perf_hooks";

/** A client gives up after this long, in ms. The request counts as failed, with this duration. */
const TIMEOUT = 5_000;
/** The target of every probe at the 99th percentile, in ms. */
export const LIMIT = 1_000;

const form = { "content-type": "application/x-www-form-urlencoded" };
const patch = (n) =>
  JSON.stringify({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", path: "title", value: `Engineer ${n}` }],
  });

/** The probes: the request, the start and the interval in ms, and the expected status. */
function probes({ key, member, cookie, email, password, slug }, origin) {
  const scim = { authorization: `Bearer ${key}`, "content-type": "application/scim+json" };
  const user = `/scim/v2/Users/${member}`;
  const signIn = new URLSearchParams({ email, password }).toString();
  return {
    health: { every: 100, good: 200, ask: () => ({ path: "/healthz" }) },
    page: { every: 100, good: 200, ask: () => ({ path: `/teams/${slug}/settings/members`, headers: { cookie } }) },
    "SCIM read": { every: 100, good: 200, ask: () => ({ path: user, headers: scim }) },
    "SCIM write": { every: 100, good: 200, ask: (n) => ({ method: "PATCH", path: user, headers: scim, body: patch(n) }) },
    // Each sign-in is a separate load, because hashing a password is slow by design. No browser sends a cookie.
    "sign-in": { every: 1_000, good: 303, ask: () => ({ method: "POST", path: "/sign-in", headers: { ...form, origin }, body: signIn }) },
    // From an address without an earlier sign-in, which no attacker has. Not at the same time as the other, because an attempt in
    // progress counts as a failed one.
    "first sign-in": {
      every: 1_000,
      after: 500,
      good: 303,
      ask: (n) => ({ method: "POST", path: "/sign-in", headers: { ...form, origin }, body: signIn, localAddress: `127.200.${n >> 8}.${n & 255}` }),
    },
  };
}

/** Sends one request on a new connection. Returns its status (0: no response) and its duration, in ms. */
export function send(url, { method = "GET", path, headers = {}, body, localAddress }, timeout = TIMEOUT) {
  return new Promise((resolve) => {
    const began = performance.now();
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const options = { method, agent: false, localAddress, headers: { ...headers, ...length, connection: "close" } };
    const request = http.request(url + path, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => (text += chunk)).on("error", () => finish(0));
      answer.on("end", () => finish(answer.statusCode, answer.headers, text));
    });
    const timer = setTimeout(() => finish(0), timeout);
    function finish(status, answered = {}, text = "") {
      clearTimeout(timer);
      request.destroy();
      const took = performance.now() - began;
      resolve({ status, headers: answered, text, ms: status === 0 && took < timeout ? took : Math.min(took, timeout) });
    }
    request.on("error", () => finish(0)).end(body);
  });
}

/** Starts the probes. `stop` ends them and returns the results of each by its name. */
export function measure(url, honest) {
  const all = Object.entries(probes(honest, url)).map(([name, probe]) => {
    const results = [];
    const open = new Set();
    let n = 0;
    const fire = () => {
      const sent = send(url, probe.ask(++n)).then((result) => {
        results.push({ ...result, text: undefined, headers: undefined, good: result.status === probe.good });
        open.delete(sent);
      });
      open.add(sent);
    };
    const running = { name, results, open };
    running.timer = setTimeout(() => {
      fire();
      running.timer = setInterval(fire, probe.every);
    }, probe.after ?? 0);
    return running;
  });
  return {
    async stop() {
      for (const { timer } of all) clearInterval(timer);
      await Promise.all(all.flatMap(({ open }) => [...open]));
      return all.map(({ name, results }) => ({ name, ...figuresOf(results) }));
    },
  };
}

function figuresOf(results) {
  const times = results.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
  const count = (test) => results.filter(test).length;
  return {
    count: results.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    errors: count(({ status }) => status >= 500),
    unanswered: count(({ status }) => status === 0),
    refused: count(({ status, good }) => !good && status > 0 && status < 500),
  };
}

/** Whether the probe reached its target. */
export const holds = ({ count, p99, errors, unanswered, refused }) =>
  count > 0 && p99 <= LIMIT && errors + unanswered + refused === 0;
