// Prints the figures of the pages, each beside its target. Times are ratios against a bare page measured in the same run.
// Nothing here passes or fails. Everything runs on loopback, on a throw-away database, for about a minute.
import path from "node:path";
import { performance } from "node:perf_hooks";
import { example, figures, load, median, resident, row, run, serve, start, stop } from "./load/lib.mjs";

/** The bytes that a browser receives for one address, as sent (brotli if the server supports it). */
async function sent(url, headers) {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    request(url, { headers: { ...headers, "accept-encoding": "br" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => (bytes += chunk.length)).on("end", () => resolve(bytes));
    }).on("error", reject).end();
  });
}

await figures("Pages", async () => {
  const demo = run("demo");
  const password = /^Password for all accounts: (.+)$/m.exec(demo)?.[1];
  const starts = [];
  let server;
  for (let i = 0; i < 5; i++) {
    if (server) await stop(server);
    const from = performance.now();
    server = await serve();
    starts.push(performance.now() - from);
  }
  row("start to ready, migrated database", `${median(starts).toFixed(0)} ms`, "under 300 ms");
  row("resident memory after start", `${resident(server).toFixed(1)} MB`, "under 30 MB");

  const signIn = await fetch(`${server.url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: server.url },
    body: new URLSearchParams({ email: "ada@live.test", password }),
  });
  const cookie = signIn.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const page = `${server.url}/teams/live/settings/authentication`;
  const html = await (await fetch(page, { headers: { cookie } })).text();
  if (!html.includes("SCIM provisioning")) throw new Error("the Authentication page did not come");

  const files = [...new Set([...html.matchAll(/\/pkg\/[\w.-]+\.(?:js|wasm|css)/g)].map(([file]) => file))];
  const sizes = { html: await sent(page, { cookie }) };
  for (const file of files) sizes[path.extname(file).slice(1)] = await sent(server.url + file, {});
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  row("first load, everything, as sent", `${kb(total)} (html ${kb(sizes.html)}, js ${kb(sizes.js)})`, "at most 240 KB");
  row("wasm, brotli", kb(sizes.wasm), "at most 205 KB");
  row("CSS, brotli", kb(sizes.css), "at most 12 KB");

  const yardstick = await start(example("bare_page"), ["127.0.0.1:0"]);
  const pairs = [];
  await load(page, { headers: { cookie } });
  for (let i = 0; i < 3; i++) pairs.push({ bare: await load(yardstick.url), page: await load(page, { headers: { cookie } }) });
  const rate = (which) => median(pairs.map((pair) => pair[which].rate));
  row("bare Leptos page, 8 clients", `${rate("bare").toFixed(0)} requests/s`, "(the yardstick)");
  row("Authentication page, 8 clients", `${rate("page").toFixed(0)} requests/s = ${((100 * rate("page")) / rate("bare")).toFixed(1)} % of bare`, "at least 12 %");
  row("Authentication page, p99", `${median(pairs.map((pair) => pair.page.p99)).toFixed(2)} ms`, "under 10 ms");
  row("resident memory after 10,000 page loads and more", `${resident(server).toFixed(1)} MB`, "under 50 MB");
  await Promise.all([stop(server), stop(yardstick)]);
});
