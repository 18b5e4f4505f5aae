import { button, enter, expect, field, open, test } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

/** The sentences of the entries, newest first. */
function sentences(page: Page): Locator {
  return page.getByRole("region", { name: "Events" }).locator("summary");
}

test("every change has one sentence, newest first", async ({ page, team, server }) => {
  const acme = await team({ sso: [] });
  const settings = await enter(page, acme);

  await settings.button("Add authentication method").click();
  const add = settings.dialog("Add authentication method");
  await field(add, "Type").selectOption("Custom OpenID Connect");
  await field(add, "Name").fill("Okta");
  await field(add, "Issuer").fill("https://idp.example.test");
  await field(add, "Client ID").fill("rollcall");
  await field(add, "Client secret").fill("not-a-real-secret");
  await button(add, "Add").click();
  await settings.methodSwitch("Okta").click();
  await expect(settings.methodSwitch("Okta")).toBeChecked();
  await settings.turnOn();
  const old = await settings.generate("CI");
  await settings.done();
  await settings.act(old.slice(-4), "Roll…");
  await button(settings.dialog("Roll “CI”?"), "Roll key").click();
  const key = await settings.shownKey();
  await settings.done();
  await settings.act(old.slice(-4), "End now…");
  await button(settings.dialog("End the old key now?"), "End key").click();
  await expect(settings.key(old.slice(-4))).toContainText("Expired");
  await settings.act(key.slice(-4), "Revoke…");
  await field(settings.dialog("Revoke “CI”?"), "Type CI to confirm").fill("CI");
  await button(settings.dialog("Revoke “CI”?"), "Revoke key").click();
  await expect(settings.key(key.slice(-4))).toContainText("Revoked");
  await settings.turnOff(acme);
  await settings.act("Okta", "Edit…");
  await field(settings.dialog("Edit “Okta”"), "Name").fill("Okta Europe");
  await button(settings.dialog("Edit “Okta”"), "Save").click();
  await settings.methodSwitch("Okta Europe").click();
  await expect(settings.methodSwitch("Okta Europe")).not.toBeChecked();
  await settings.act("Okta Europe", "Delete…");
  await button(settings.dialog("Delete “Okta Europe”?"), "Delete method").click();
  await expect(page.getByText("No SSO methods yet")).toBeVisible();
  await server.run(["team", "set-plan", acme.slug, "professional"]);

  await open(page, acme.settings("activity"));
  await expect(sentences(page)).toContainText([
    "The operator changed the plan from Enterprise to Professional",
    "Ada Lovelace deleted SSO method Okta Europe",
    "Ada Lovelace disabled SSO method Okta Europe",
    "Ada Lovelace edited SSO method Okta Europe",
    "Ada Lovelace turned off SCIM provisioning",
    "Ada Lovelace revoked SCIM API key CI",
    "Ada Lovelace changed the end time of the old key CI",
    "Ada Lovelace rolled SCIM API key CI",
    "Ada Lovelace generated SCIM API key CI",
    "Ada Lovelace turned on SCIM provisioning",
    "Ada Lovelace enabled SSO method Okta",
    "Ada Lovelace added SSO method Okta",
    "Ada Lovelace signed in to the team",
    "The operator added member Ada Lovelace",
    "The operator created the team with plan Enterprise",
  ]);
  await expect(sentences(page)).toHaveCount(15);
  await expect(page.getByRole("navigation", { name: "Pages" })).toContainText("15 events");
});

test("an opened entry has the change, the time and the address, and no secret", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  const key = await settings.generate("CI");
  await settings.done();
  await open(page, acme.settings("activity"));
  await sentences(page).first().click();
  const entry = page.getByRole("group").filter({ hasText: "generated SCIM API key CI" });
  await expect(entry).toContainText(`rc_scim_…${key.slice(-4)}`);
  await expect(entry).toContainText("127.0.0.1");
  await expect(entry.locator("time").first()).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(await page.content()).not.toContain(key);
});

test("older entries are on the next page", { tag: "@no-js" }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme);
  // 5 entries so far: the team, its owner, its method, its switch, and the sign-in. Turning it off and on 26 times makes 57.
  const id = /edit-method\.([0-9a-f-]{36})/.exec(await page.content())?.[1] ?? "";
  for (let times = 0; times < 52; times++) {
    const answer = await page.request.post("/api/sso/set-enabled", {
      form: { team: acme.slug, id, enabled: String(times % 2 === 1), confirmed: "true" },
      headers: { accept: "application/json" },
    });
    expect(answer.ok()).toBe(true);
  }

  await open(page, acme.settings("activity"));
  await expect(page.getByText("Newest 50 of 57 events")).toBeVisible();
  await expect(sentences(page)).toHaveCount(50);
  await page.getByRole("link", { name: "Show older" }).click();
  await expect(sentences(page)).toHaveCount(7);
  await expect(sentences(page).last()).toContainText("created the team");
  await expect(page.getByText("7 older of 57 events")).toBeVisible();
  await page.getByRole("link", { name: "Show newest" }).click();
  await expect(sentences(page)).toHaveCount(50);
});

test("entries of another team are not listed", async ({ page, team }) => {
  const [mine] = [await team(), await team({ scim: true, keys: ["Not mine"] })];
  await enter(page, mine, mine.settings("activity"));
  await expect(page.getByText("Not mine")).toHaveCount(0);
});
