import { expect, test as base } from "@playwright/test";
import { Network } from "../index.ts";
import { RelyingParty } from "./relying-party.ts";

export { expect } from "@playwright/test";

interface ForEachTest {
  party: RelyingParty;
  /** What the browser complained about, for example missing files. The test fails unless it empties the list. */
  complaints: string[];
}

/** A network for the worker, and a relying party for each test. */
export const test = base.extend<ForEachTest, { network: Network }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`${message.text()} ${message.location().url}`));
      page.on("pageerror", (error) => complaints.push(error.message));
      await use(complaints);
      expect(complaints, "complaints of the browser").toEqual([]);
    },
    { auto: true },
  ],
  network: [
    async ({}, use) => {
      const network = await Network.create();
      await use(network);
      await network.remove();
    },
    { scope: "worker" },
  ],
  party: async ({ network }, use) => {
    const party = await RelyingParty.start(network);
    await use(party);
    await party.stop();
  },
});
