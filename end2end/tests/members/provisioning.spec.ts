import { enter, expect, inDemo, open, test, type Server } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

// Requests of an identity provider over the SCIM API, and their effect on the pages.

/** A User in a response of the SCIM API. */
interface User {
  id: string;
  active: boolean;
}

/** Sends a request of Okta. Returns the User. */
async function okta(server: Server, key: string, method: "POST" | "PATCH", path: string, body: object): Promise<User> {
  const answer = await fetch(`${server.url}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/scim+json", accept: "application/scim+json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`).toBe(true);
  return JSON.parse(text) as User;
}

/** The User that Okta creates for a person. */
function user(givenName: string, familyName: string, email: string): object {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: email,
    name: { givenName, familyName },
    emails: [{ primary: true, value: email, type: "work" }],
    displayName: `${givenName} ${familyName}`,
    externalId: `00u-${email}`,
    groups: [],
    active: true,
  };
}

/** Okta's requests to deactivate and to reactivate a person. */
function setActive(active: boolean): object {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", value: { active } }],
  };
}

/** The line of a member, by email. */
function member(page: Page, email: string): Locator {
  return page.getByRole("row").filter({ hasText: email });
}

/** The role, source and status in a member's line. */
function standing(page: Page, email: string): Locator {
  return member(page, email).locator('[data-label="Role"], [data-label="Source"], [data-label="Status"]');
}

/** The newest entry of the log that is not a sign-in. */
function newest(page: Page): Locator {
  const entries = page.getByRole("region", { name: "Events" }).locator("summary");
  return entries.filter({ hasNotText: "signed in to the team" }).first();
}

test("a created person is on Members and in Activity", { tag: ["@narrow", "@no-js"] }, async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Okta production"] });
  const email = `grace@${acme.slug}.test`;
  await okta(server, acme.keys[0] ?? "", "POST", "/Users", user("Grace", "Hopper", email));

  await enter(page, acme, acme.settings("members"));
  await expect(member(page, email).getByRole("rowheader")).toContainText("Grace Hopper");
  await expect(standing(page, email)).toHaveText(["Developer", "SCIM", "Active"]);
  await expect(standing(page, acme.owner.email).nth(1)).toHaveText("Added manually");

  await open(page, acme.settings("activity"));
  await expect(newest(page)).toContainText("Okta production created member Grace Hopper");
});

test.describe("An active member", () => {
  // The demo has members of every role who can sign in.
  test.use({ baseURL: async ({ demo }, use) => use(demo.server.url) });

  test("is signed out when deactivated, and returns when reactivated", { tag: "@no-js" }, async ({ page, demo, anotherBrowser }) => {
    const { server } = demo;
    const [ada, alan] = [inDemo(demo, "live", "ada"), inDemo(demo, "live", "alan")];
    const { email, password } = alan.owner;
    const key = (await server.run(["key", "generate", "--team", "live", "--name", "Directory"])).trim();
    const his = await anotherBrowser();
    await enter(his, alan, alan.settings("members"));
    await expect(standing(his, email)).toHaveText(["Developer", "Added manually", "Active"]);

    // The directory adopts him, and his sign-in and his session stay.
    const { id } = await okta(server, key, "POST", "/Users", user("Alan", "Turing", email));
    await open(his, alan.settings("members"));
    await expect(standing(his, email)).toHaveText(["Developer", "SCIM", "Active"]);

    expect((await okta(server, key, "PATCH", `/Users/${id}`, setActive(false))).active).toBe(false);
    await his.goto(alan.settings("members"));
    await expect(his).toHaveURL(/\/sign-in\?next=/);
    const refused = await his.request.post("/sign-in", { form: { email, password }, maxRedirects: 0 });
    expect(refused.status(), "his password opens nothing").not.toBe(303);
    await enter(page, ada, ada.settings("members"));
    await expect(standing(page, email).last()).toHaveText(/^Deactivated by Directory/);
    await open(page, ada.settings("activity"));
    await expect(newest(page)).toContainText("Directory deactivated member Alan Turing");

    expect((await okta(server, key, "PATCH", `/Users/${id}`, setActive(true))).active).toBe(true);
    await enter(his, alan, alan.settings("members"));
    await expect(standing(his, email).last()).toHaveText("Active");
    await open(page, ada.settings("activity"));
    await expect(newest(page)).toContainText("Directory reactivated member Alan Turing");
  });
});
