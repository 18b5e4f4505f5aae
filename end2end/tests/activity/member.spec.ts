import { axe, button, enter, expect, field, hydrated, open, provision, test, type Server, type Team } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

const events = (page: Page) => page.locator("details.event > summary");

/** A team whose provider created Grace and Alan, changed Grace, and failed to change her once. */
async function used(team: (wishes: object) => Promise<Team>, server: Server): Promise<{ acme: Team; grace: string }> {
  const acme = await team({ scim: true, keys: ["Okta production"] });
  const headers = { authorization: `Bearer ${acme.keys[0] ?? ""}`, "content-type": "application/scim+json" };
  const send = async (method: string, path: string, body: object) => {
    const answer = await fetch(`${server.url}/scim/v2${path}`, { method, headers, body: JSON.stringify(body) });
    return (await answer.json()) as { id: string };
  };
  const { id } = await send("POST", "/Users", { userName: "grace@acme.test", displayName: "Grace Hopper", title: "Commander" });
  await send("POST", "/Users", { userName: "alan@acme.test", displayName: "Alan Turing" });
  await send("PATCH", `/Users/${id}`, { Operations: [{ op: "replace", path: "title", value: "Rear Admiral" }] });
  await provision(server, acme.keys[0] ?? "", `/Users/${id}`);
  return { acme, grace: id };
}

test("changes of a member are on their page and in the log", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const { acme, grace } = await used(team, server);
  await enter(page, acme, acme.settings(`members/${grace}`));
  const card = page.getByRole("region", { name: "Activity" });
  await expect(card.locator("details.event")).not.toHaveCount(0);
  await expect(card).not.toContainText("Alan Turing");
  await card.getByText("updated member").click();
  await expect(card.getByRole("table", { name: "Changes" }).getByRole("row").last()).toHaveText("TitleCommanderRear Admiral");
  await axe(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await axe(page);

  await card.getByRole("link", { name: "View in Activity" }).click();
  await hydrated(page);
  await expect(page.getByRole("searchbox", { name: "Person, group or request ID" })).toHaveValue("grace@acme.test");
  await expect(events(page).last()).toContainText("created member Grace Hopper");
  await expect(page.getByRole("region", { name: "Events" })).not.toContainText("Alan Turing");
  await axe(page);
});

test("the log is searched by a name, and the address has the search", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const { acme } = await used(team, server);
  await enter(page, acme, acme.settings("activity"));
  await page.getByRole("searchbox", { name: "Person, group or request ID" }).fill("turing");
  await button(page, "Search").click();
  await page.waitForURL((url) => url.searchParams.get("member") === "turing");
  await expect(events(page)).toHaveCount(1);
  await expect(events(page)).toContainText("created member Alan Turing");
  await field(page, "Person, group or request ID").fill("nobody at all");
  await button(page, "Search").click();
  await expect(page.getByText("No matching events")).toBeVisible();
  await open(page, acme.settings("activity?member=alan%20turing"));
  await expect(events(page)).toHaveCount(1);
});
