import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { button, enter, expect, link, reload, scimStatus, test } from "../../fixtures/index.ts";

// A key as a canary: the test searches for it everywhere.

test("a key is in one response and nowhere else", async ({ page, team, server, context }) => {
  const answers: { url: string; status: number; cache: string | undefined; text: string }[] = [];
  const requests: string[] = [];
  const messages: string[] = [];
  const reading: Promise<unknown>[] = [];
  page.on("request", (request) => requests.push(request.url(), request.postData() ?? "", JSON.stringify(request.headers())));
  page.on("console", (message) => messages.push(message.text()));
  page.on("response", (response) => {
    const read = async () => {
      const text = await response.text().catch(() => "");
      answers.push({ url: response.url(), status: response.status(), cache: response.headers()["cache-control"], text });
    };
    reading.push(read());
  });

  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  const key = await settings.generate("Canary");
  const secret = key.slice("rc_scim_".length + 13);
  await button(settings.reveal, "Copy SCIM API key").click();
  await link(settings.reveal, "Done").click();
  await expect(settings.reveal).toBeHidden();

  const state = await page.evaluate(async () => ({
    html: document.documentElement.outerHTML,
    local: JSON.stringify({ ...localStorage }),
    session: JSON.stringify({ ...sessionStorage }),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    cookies: document.cookie,
    state: JSON.stringify(history.state),
    title: document.title,
  }));
  expect(JSON.stringify(state)).not.toContain(secret);
  expect([state.local, state.session, state.databases, state.caches]).toEqual(["{}", "{}", 0, 0]);
  expect(JSON.stringify(await context.cookies())).not.toContain(secret);

  for (const path of ["authentication", "activity", "members", "general"]) await page.goto(acme.settings(path));
  await page.goBack();
  await reload(page);
  expect(await scimStatus(page, key)).toBe(200);
  await Promise.all(reading);

  const holding = answers.filter(({ text }) => text.includes(secret));
  expect(holding.map(({ url }) => new URL(url).pathname)).toEqual([`${acme.settings()}/keys/generate`]);
  expect(holding[0]?.cache).toBe("no-store");
  expect(requests.filter((text) => text.includes(secret))).toEqual([]);
  expect(messages.filter((text) => text.includes(secret))).toEqual([]);

  // The server's files: the log, the database with its journal, and all others.
  for (const name of readdirSync(server.folder)) {
    expect(readFileSync(join(server.folder, name)).includes(secret), name).toBe(false);
  }
});

test("without JavaScript, the key is in the response to the form and not after a reload", { tag: ["@no-js", "@no-js-only"] }, async ({ page, team }) => {
  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  await settings.button("Generate SCIM API Key").click();
  const dialog = settings.dialog("Generate SCIM API key");
  await dialog.getByLabel("Name", { exact: true }).fill("Canary");
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await button(dialog, "Generate").click();
  const response = await answer;
  expect(response.status()).toBe(200);
  expect(response.headers()["cache-control"]).toBe("no-store");
  expect(response.headers()["content-encoding"]).toBeUndefined();
  const key = await settings.shownKey();
  expect(page.url()).not.toContain(key);
  await settings.done();
  await expect(page).toHaveURL(acme.settings());
  expect(await page.content()).not.toContain(key);
});

test("the client secret of an SSO method is in no response, in no log and not in clear in the database", async ({ page, team, server }) => {
  const acme = await team({ sso: [] });
  const secret = "canary-5f0e1c7b9a";
  await server.run(["sso", "add", "--team", acme.slug, "--name", "Okta", "--provider", "okta", "--protocol", "oidc",
    "--issuer", "https://idp.example.test", "--client-id", "rollcall", "--client-secret", secret]);
  const settings = await enter(page, acme);
  await settings.act("Okta", "Edit…");
  expect(await page.content()).not.toContain(secret);
  for (const path of ["authentication", "activity"]) {
    expect(await (await page.request.get(acme.settings(path))).text()).not.toContain(secret);
  }
  for (const name of readdirSync(server.folder)) {
    expect(readFileSync(join(server.folder, name)).includes(secret), name).toBe(false);
  }
});
