import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { axe } from "../../fixtures/axe.ts";
import { freePort } from "../child.ts";
import type { Trust } from "../request.ts";
import { expect, test as base } from "./fixture.ts";
import { authorize, redeem, verified, type Client } from "./openid-connect.ts";

const program = resolve(import.meta.dirname, "../../../scripts/demo-provider");

interface Demo {
  issuer: string;
  client: Client;
  trust: Trust;
  folder: string;
}

const test = base.extend<{ demo: Demo }>({
  demo: async ({ party }, use) => {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-demo-provider-"));
    const words = ["--port", String(await freePort()), "--rollcall", party.url("/"), "--folder", folder];
    const child = spawn(process.execPath, [join(program, "server.mjs"), ...words], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((done) => child.once("exit", done));
    const line = await Promise.race([ended, new Promise<string>((printed) => createInterface(child.stdout).once("line", printed))]);
    const { issuer, clientId, clientSecret, authority } = JSON.parse(String(line));
    const trust = { authority: { certificate: () => readFile(authority, "utf8") } };
    await use({ issuer, client: { id: clientId, secret: clientSecret }, trust, folder });
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  },
});
test.skip(!existsSync(`${program}/node_modules`), "not installed: scripts/install/npm-packages scripts/demo-provider");

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 320, height: 640 } });

    test("its page has one button for each person, and no barrier", async ({ page, party, demo }) => {
      await page.goto((await authorize(demo.trust, party, demo.issuer, demo.client, { login_hint: "maya.chen@acme.test" })).url);
      await expect(page.getByText("only for trying out Rollcall")).toBeVisible();
      await expect(page.getByRole("button")).toHaveCount(5);
      await expect(page.getByRole("button").first()).toContainText("Continue as Maya Chen");
      await axe(page);
    });
  });
}

test("signs a person in with one click, again for prompt=login, and out", async ({ page, party, demo }) => {
  const attempt = await authorize(demo.trust, party, demo.issuer, demo.client);
  await page.goto(attempt.url);
  await page.getByRole("button", { name: "Continue as Maya Chen" }).click();
  const { values } = await party.visit(page);
  expect(values).toMatchObject({ state: "state", iss: demo.issuer });
  const { id_token } = await redeem(demo.trust, party, attempt, demo.client, values.code ?? "");
  const { claims } = await verified(demo.trust, attempt, id_token);
  expect(claims).toMatchObject({ sub: "maya.chen@acme.test", email: "maya.chen@acme.test", email_verified: true, name: "Maya Chen", auth_time: expect.any(Number) });

  await page.goto((await authorize(demo.trust, party, demo.issuer, demo.client, { prompt: "login" })).url);
  await page.getByRole("button", { name: "Continue as Ada Lindgren" }).click();
  expect((await party.visit(page)).values.code).toBeTruthy();

  const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: party.url("/signed-out") });
  await page.goto(`${attempt.discovery.end_session_endpoint}?${query}`);
  await page.getByRole("button", { name: "Sign out" }).click();
  expect((await party.visit(page)).path).toBe("/signed-out");
});

test("a person can cancel", async ({ page, party, demo }) => {
  await page.goto((await authorize(demo.trust, party, demo.issuer, demo.client)).url);
  await page.getByRole("link", { name: "Cancel" }).click();
  expect((await party.visit(page)).values).toMatchObject({ error: "access_denied", state: "state" });
});

test("refuses to send people elsewhere", async ({ page, party, demo, complaints }) => {
  for (const uri of [party.url("/acs"), "https://second.idp.test/sso/demo/oidc/callback"]) {
    const { url } = await authorize(demo.trust, party, demo.issuer, demo.client, { redirect_uri: uri });
    expect((await page.goto(url))?.status()).toBe(400);
  }
  complaints.length = 0;
});

test("keeps only keys, which only its user can read", async ({ demo }) => {
  for (const name of ["keys.json", "tls.key"]) expect((await stat(join(demo.folder, name))).mode & 0o077).toBe(0);
});
