// The preparation of each attack in the database, before its server with the usual limits starts.
import { createUsers, each, group, must, owner, scim, user, userIds } from "./world.mjs";

/** The size of the attacking team, and of the team that is deleted. */
export const members = Number(process.env.ATTACK_MEMBERS ?? 10_000);
const deleted = Number(process.env.ATTACK_DELETED ?? 30_000);

/** The largest of the sizes, given in falling order, whose User is accepted. The User is deleted again. */
async function largest(server, key, sizes, make) {
  for (const size of sizes) {
    const made = await scim(server, key, "POST", "/scim/v2/Users", make(size, "probe"));
    if (!made.good) continue;
    await must(server, key, "DELETE", `/scim/v2/Users/${made.json.id}`);
    return size;
  }
  throw new Error(`not even a User of the size ${sizes.at(-1)} is accepted`);
}

/** Creates 200 such Users, a few at a time. */
const create = (server, key, make) => each(200, (n) => must(server, key, "POST", "/scim/v2/Users", make(n)), 8);

/** A User whose texts have this many characters in all, spread over many values in case each has a limit. */
function large(size, name) {
  if (size >= 100_000) return user(`large-${name}@rude.test`, { title: "T".repeat(size) });
  const addresses = Array.from({ length: Math.ceil(size / 1_100) }, (_, n) => ({ type: `t${n}`, formatted: "A".repeat(1_000) }));
  return user(`large-${name}@rude.test`, { addresses });
}

async function bigAnswers(server, { rude }) {
  const size = await largest(server, rude.key, [800_000, 400_000, 100_000, 60_000, 50_000, 30_000, 10_000, 2_000], large);
  await create(server, rude.key, (n) => large(size, n));
  const ids = await userIds(server, rude.key);
  for (let n = 0; n < 20; n++) await must(server, rude.key, "POST", "/scim/v2/Groups", group(`Large ${n}`, ids.slice(0, 5_000)));
  return `200 Users of ${size.toLocaleString("en-US")} characters, 20 groups of ${Math.min(5_000, ids.length).toLocaleString("en-US")}`;
}

function withEmails(count, name) {
  const email = (n) => ({ value: `${name}.${n}@rude.test`, display: `Display ${n} of ${name}`, type: `t${n}` });
  return user(`emails-${name}@rude.test`, { emails: Array.from({ length: count }, (_, n) => email(n)) });
}

async function filters(server, { rude }) {
  const count = await largest(server, rude.key, [900, 700, 500, 300, 100, 50, 20, 10, 5], withEmails);
  await create(server, rude.key, (n) => withEmails(count, n));
  return `200 Users with ${count} emails each`;
}

async function manyTeamsAddress(server, { rude }) {
  await createUsers(server, rude.key, 2_600, () => ({ emails: [{ value: owner("kind"), primary: true }] }));
  return "2,600 Users with the address of the other team's owner";
}

async function teamDelete(server, { rude }) {
  if (deleted > members) await createUsers(server, rude.key, deleted - members, (n) => ({ title: `Engineer ${n}` }));
  return `a team of ${Math.max(deleted, members).toLocaleString("en-US")}`;
}

/** The rows of the table: the preparation, the only engine if there is one, and the server's limit of descriptors. */
export const rows = {
  rest: {},
  "group-patch": {},
  "bulk-paths": {},
  "big-answers": { prepare: bigAnswers },
  filters: { prepare: filters },
  "many-teams-address": { prepare: manyTeamsAddress },
  "held-row": { only: "postgres" },
  "bulk-flood": {},
  "sign-in-flood": {},
  "team-delete": { prepare: teamDelete },
  // The default limit of a login shell or a service.
  "slow-clients": { descriptors: 1_024 },
  mapping: {},
  "unindexed-filters": {},
};
