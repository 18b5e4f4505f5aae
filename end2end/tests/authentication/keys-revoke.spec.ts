import { button, enter, expect, field, reload, scimStatus, test } from "../../fixtures/index.ts";

test.describe("Revoking a key", { tag: "@no-js" }, () => {
  test("one of several keys stops at once", { tag: "@narrow" }, async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["Okta production", "CI"] });
    const settings = await enter(page, acme);
    const [stays, goes] = [acme.keys[0] ?? "", acme.keys[1] ?? ""];
    await settings.act(goes.slice(-4), "Revoke…");
    const dialog = settings.dialog("Revoke “CI”?");
    await expect(dialog).toContainText(`The key ending in ${goes.slice(-4)} stops working immediately. This can't be undone.`);
    await expect(dialog.getByRole("textbox")).toHaveCount(0);
    await button(dialog, "Revoke key").click();

    await expect(settings.notice).toHaveText("Key revoked.");
    await expect(settings.key(goes.slice(-4))).toContainText("Revoked");
    await expect(settings.key(goes.slice(-4)).getByRole("button")).toHaveCount(0);
    expect(await scimStatus(page, goes)).toBe(401);
    expect(await scimStatus(page, stays)).toBe(200);
  });

  test("the last key needs its name as a confirmation", async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["CI"] });
    const settings = await enter(page, acme);
    const key = acme.keys[0] ?? "";
    await settings.act(key.slice(-4), "Revoke…");
    const dialog = settings.dialog("Revoke “CI”?");
    await expect(dialog).toContainText("This is the last active key.");
    await field(dialog, "Type CI to confirm").fill("something else");
    await button(dialog, "Revoke key").click();
    await expect(field(dialog, "Type CI to confirm")).toHaveAccessibleDescription("That doesn't match. Type “CI” to confirm.");
    expect(await scimStatus(page, key)).toBe(200);

    await field(dialog, "Type CI to confirm").fill("CI");
    await button(dialog, "Revoke key").click();
    await expect(settings.key(key.slice(-4))).toContainText("Revoked");
    expect(await scimStatus(page, key)).toBe(401);
  });

  test("a key can be revoked with any plan and any SSO methods", async ({ page, team, server }) => {
    const acme = await team({ scim: true, keys: ["CI", "Okta"] });
    await server.run(["team", "set-plan", acme.slug, "free"]);
    await server.run(["sso", "disable", "--team", acme.slug, "Okta"]);
    const settings = await enter(page, acme);
    const key = acme.keys[0] ?? "";
    await settings.act(key.slice(-4), "Revoke…");
    await button(settings.dialog("Revoke “CI”?"), "Revoke key").click();
    await expect(settings.key(key.slice(-4))).toContainText("Revoked");
  });
});

test("the dialog starts at Cancel, which changes nothing", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI", "Okta"] });
  const settings = await enter(page, acme);
  const key = acme.keys[0] ?? "";
  await settings.act(key.slice(-4), "Revoke…");
  await expect(button(settings.dialog("Revoke “CI”?"), "Cancel")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(settings.dialog("Revoke “CI”?")).toBeHidden();
  await expect(page.getByRole("button", { name: `Actions for CI, ${key.slice(-4)}` })).toBeFocused();
  await reload(page);
  expect(await scimStatus(page, key)).toBe(200);
});

test("a key that became the last one meanwhile needs its name", async ({ page, team, server, noise }) => {
  noise.allow(/status of 422/);
  const acme = await team({ scim: true, keys: ["CI", "Okta"] });
  const settings = await enter(page, acme);
  const [key, other] = [acme.keys[0] ?? "", acme.keys[1] ?? ""];
  await settings.act(key.slice(-4), "Revoke…");
  await server.run(["key", "revoke", "--team", acme.slug, /^rc_scim_(\w{12})_/.exec(other)?.[1] ?? ""]);
  const dialog = settings.dialog("Revoke “CI”?");
  await button(dialog, "Revoke key").click();
  await field(dialog, "Type CI to confirm").fill("CI");
  await button(dialog, "Revoke key").click();
  await expect(settings.key(key.slice(-4))).toContainText("Revoked");
});

test("the name of a revoked key can be used again", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI", "Okta"] });
  const settings = await enter(page, acme);
  await settings.act((acme.keys[0] ?? "").slice(-4), "Revoke…");
  await button(settings.dialog("Revoke “CI”?"), "Revoke key").click();
  await expect(settings.dialog("Revoke “CI”?")).toBeHidden();
  await settings.generate("CI");
  await settings.done();
  await expect(page.getByRole("rowheader").getByText("CI", { exact: true })).toHaveCount(2);
});
