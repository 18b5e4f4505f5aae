import { button, enter, expect, reload, scimStatus, test } from "../../fixtures/index.ts";

test("ids of another team change nothing", async ({ page, team, anotherBrowser }) => {
  const [mine, other] = [await team({ scim: true, keys: ["Mine"] }), await team({ scim: true, keys: ["Theirs"] })];
  const theirs = await enter(await anotherBrowser(), other);
  const method = /edit-method\.([0-9a-f-]{36})/.exec(await theirs.page.content())?.[1] ?? "";
  const key = /^rc_scim_(\w{12})_/.exec(other.keys[0] ?? "")?.[1] ?? "";
  await enter(page, mine);

  for (const [path, form] of [
    ["/api/sso/delete", { id: method }],
    ["/api/sso/set-enabled", { id: method, enabled: "false" }],
    ["/api/sso/keep-only", { id: method }],
    ["/api/keys/revoke", { id: key, confirmation: "Theirs" }],
    ["/api/keys/set-overlap", { id: key, overlap: "now" }],
    [`${mine.settings()}/keys/roll`, { id: key, overlap: "now" }],
  ] as const) {
    const answer = await page.request.post(path, { form: { team: mine.slug, ...form }, headers: { accept: "application/json" } });
    expect([path, answer.status()]).toEqual([path, 404]);
  }
  for (const path of ["/api/scim/turn-off", "/api/pages/authentication"]) {
    const form = { team: other.slug, confirmation: other.name };
    const answer = await page.request.post(path, { form, headers: { accept: "application/json" } });
    expect([path, answer.status()]).toEqual([path, 404]);
    expect(await answer.text()).not.toContain(other.name);
  }

  await reload(theirs.page);
  await expect(theirs.scim).toBeChecked();
  await expect(theirs.methodSwitch("Okta")).toBeChecked();
  expect(await scimStatus(page, other.keys[0] ?? "")).toBe(200);
});

test("a form on another site changes nothing", { tag: "@no-js" }, async ({ page, team, server }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  await page.route("http://elsewhere.test/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<title>Prize</title><form method="post" action="${server.url}/api/scim/turn-on">
        <input type="hidden" name="team" value="${acme.slug}"><button>Claim your prize</button></form>`,
    }),
  );
  await page.goto("http://elsewhere.test/");
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await button(page, "Claim your prize").click();
  expect((await answer).status()).toBe(403);
  await page.goto(acme.settings());
  await expect(settings.scim).not.toBeChecked();
});

test("a body that is too large or not a form is rejected", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  const post = async (data: string, type: string) =>
    (await page.request.post("/api/scim/turn-on", { data, headers: { "content-type": type, accept: "application/json" } })).status();
  expect(await post(`{"team":"${acme.slug}"}`, "application/json")).toBeGreaterThanOrEqual(400);
  expect(await post("nonsense", "application/x-www-form-urlencoded")).toBe(400);
  expect(await post(`team=${acme.slug}&x=${"x".repeat(10_000_000)}`, "application/x-www-form-urlencoded")).toBe(413);
  await reload(page);
  await expect(settings.scim).not.toBeChecked();
});
