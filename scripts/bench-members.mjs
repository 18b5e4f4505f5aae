// Prints the response times of the Members page with 1,000 and with 100,000 members, in one run, for each view. The ratio shows
// which costs grow with the team. Nothing here passes or fails. Everything runs on loopback, on two throw-away databases, for
// about seven minutes.
import { figures, load, median, row, run, seconds, serve, stop, work } from "./load/lib.mjs";

const sizes = [1_000, 100_000];
/** The length of one load. Three are measured for each view and size. */
const short = Math.max(1, Math.round(seconds * 0.4));
const number = (value) => value.toLocaleString("en-US");
const unescape = (html) => html.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&#x27;", "'");

/** A team with this many members from its identity provider, and a signed-in member. */
async function open(members) {
  const database = ["--database-url", `sqlite://${work}/members-${members}.db`];
  const demo = run("demo", "--members", String(members), ...database);
  const server = await serve(...database);
  const signIn = await fetch(`${server.url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: server.url },
    body: new URLSearchParams({ email: "ada@live.test", password: /^Password for all accounts: (.+)$/m.exec(demo)?.[1] }),
  });
  const cookie = signIn.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return { ...server, headers: { cookie }, members };
}

async function html(team, path) {
  const answer = await fetch(team.url + path, { headers: team.headers });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  return text;
}

/** The highest numbered page that the page at `path` links to. */
async function last(team, path) {
  const links = [...(await html(team, path)).matchAll(/href="([^"]+)"[^>]*aria-label="Page (\d+)"/g)];
  const furthest = links.map(([, href, page]) => ({ href: unescape(href), page: Number(page) })).toSorted((a, b) => b.page - a.page)[0];
  if (!furthest) throw new Error(`${path} leads to no other page`);
  return furthest.href;
}

/** The views of a team's Members page, by their content. */
async function views(team) {
  const list = "/teams/live/settings/members";
  const found = await html(team, await last(team, list));
  const somebody = unescape(/class="table-sub">([^<]+@[^<]+)</.exec(found)?.[1] ?? "");
  const groups = await html(team, "/teams/live/settings/groups?sort=members");
  const group = /settings\/groups\/([\w-]+)"/.exec(groups)?.[1];
  if (!somebody || !group) throw new Error("nobody, or no group, to look for");
  return {
    "as it opens": list,
    "the second page": unescape(/href="([^"]+)"[^>]*aria-label="Next page"/.exec(await html(team, list))?.[1] ?? ""),
    "the last page": await last(team, list),
    "by email": `${list}?sort=email`,
    "by email, the last page": await last(team, `${list}?sort=email`),
    "the newest first": `${list}?sort=newest`,
    "the newest first, the last page": await last(team, `${list}?sort=newest`),
    "a search that finds one": `${list}?q=${encodeURIComponent(somebody)}`,
    "a search that finds nobody": `${list}?q=nobody-at-all`,
    "a search that finds many": `${list}?q=a`,
    "a search that finds many, the newest first": `${list}?q=an&source=manual&sort=newest`,
    "a search that finds many, by role": `${list}?q=an&sort=role`,
    "a search that finds some, by last sign-in": `${list}?q=${encodeURIComponent(somebody.slice(0, 5))}&sort=last-sign-in`,
    "a search among the invited": `${list}?q=a&status=invited`,
    "a search among the deactivated, the newest first": `${list}?q=ar&status=deactivated&sort=newest`,
    "two words in any order": `${list}?q=${encodeURIComponent(somebody.split("@")[0].split(".").toReversed().join(" "))}`,
    "by role": `${list}?sort=role`,
    "by status, the last page": await last(team, `${list}?sort=status`),
    "by last sign-in": `${list}?sort=last-sign-in`,
    "by last sign-in, the last page": await last(team, `${list}?sort=last-sign-in`),
    "with the role Admin": `${list}?role=admin`,
    "with the role Developer": `${list}?role=developer`,
    "with the role Developer, the furthest page": await last(team, `${list}?role=developer`),
    "deactivated": `${list}?status=deactivated`,
    "from SCIM, by email": `${list}?source=directory&sort=email`,
    "of the largest group": `${list}?group=${group}`,
    "of the largest group, a search that finds some": `${list}?group=${group}&q=${encodeURIComponent(somebody.slice(0, 5))}`,
    "of the largest group, a search that finds many": `${list}?group=${group}&q=a`,
    "of the largest group, a search that finds nobody": `${list}?group=${group}&q=nobody-at-all`,
    "the page of the largest group": `/teams/live/settings/groups/${group}`,
  };
}

await figures(`Members, p99 in ms of one client at a time, with ${sizes.map(number).join(" and with ")} members`, async () => {
  const teams = [];
  for (const size of sizes) teams.push(await open(size));
  const paths = [];
  for (const team of teams) paths.push(await views(team));
  let worst = 0;
  for (const view of Object.keys(paths[0])) {
    const measured = teams.map(() => []);
    for (let turn = 0; turn < 3; turn++) {
      for (const [at, team] of teams.entries()) {
        measured[at].push((await load(team.url + paths[at][view], { headers: team.headers, clients: 1, length: short })).p99);
      }
    }
    const [small, large] = measured.map(median);
    worst = Math.max(worst, large / small);
    row(view, `${small.toFixed(2)}  ${large.toFixed(2)}  = ${(large / small).toFixed(1)} times`, "at most 3 times");
  }
  row("the worst", `${worst.toFixed(1)} times`, "at most 3 times");
  await Promise.all(teams.map((server) => stop(server)));
});
