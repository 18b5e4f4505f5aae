import { enter, expect, reload, scimStatus, test } from "../../fixtures/index.ts";

test("a key opens the SCIM API, whose Users are the team's members", async ({ page, team }) => {
  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  const key = await settings.generate("Okta production");
  const answer = await page.request.get("/scim/v2/Users", { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toContain("application/scim+json");
  const list = (await answer.json()) as { totalResults: number; Resources: { userName: string }[] };
  expect(list.totalResults).toBe(1);
  expect(list.Resources[0]?.userName).toBe(acme.owner.email);
});

test("the last use appears on the page within seconds", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const settings = await enter(page, acme);
  const key = acme.keys[0] ?? "";
  const line = settings.key(key.slice(-4));
  await expect(line.getByRole("cell").nth(1)).toHaveText("Never");
  await expect(page.getByRole("heading", { name: "Waiting for the first request…" })).toBeVisible();

  expect(await scimStatus(page, key)).toBe(200);
  await expect(async () => {
    await reload(page);
    await expect(line.getByRole("cell").nth(1)).toHaveText("Just now", { timeout: 100 });
  }).toPass({ timeout: 5_000 });
  await expect(page.getByRole("heading", { name: "Connected", exact: true })).toBeVisible();
  await expect(page.getByText("Last request just now.")).toBeVisible();
});

test("an open page refreshes by itself", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  await page.clock.install();
  const settings = await enter(page, acme);
  const key = acme.keys[0] ?? "";
  await expect(settings.key(key.slice(-4)).getByRole("cell").nth(1)).toHaveText("Never");
  expect(await scimStatus(page, key)).toBe(200);
  await expect(async () => {
    await page.clock.fastForward(16_000);
    await expect(settings.key(key.slice(-4)).getByRole("cell").nth(1)).toHaveText("Just now", { timeout: 500 });
  }).toPass({ timeout: 8_000 });
});

test("after a lower plan, the API responds with 403 and the reason, the page warns, and nothing is deleted", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const key = acme.keys[0] ?? "";
  await server.run(["team", "set-plan", acme.slug, "professional"]);
  const answer = await page.request.get("/scim/v2/Users", { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status()).toBe(403);
  expect((await answer.json() as { detail: string }).detail).toMatch(/plan/i);
  const settings = await enter(page, acme);
  await expect(settings.scim).toBeChecked();
  await expect(page.getByText("This team is on Professional. Until then, requests from your identity provider are refused")).toBeVisible();

  await server.run(["team", "set-plan", acme.slug, "enterprise"]);
  expect(await scimStatus(page, key)).toBe(200);
});

test("an invalid key gets a generic 401", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const key = acme.keys[0] ?? "";
  const forged = key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
  for (const wrong of [forged, "nonsense", key.slice(0, 30)]) expect(await scimStatus(page, wrong)).toBe(401);
});
