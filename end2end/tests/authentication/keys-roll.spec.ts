import { button, enter, expect, reload, scimStatus, test, type Settings } from "../../fixtures/index.ts";

/** Rolls a key. Returns the new one. */
async function roll(settings: Settings, name: string, old: string, overlap?: string): Promise<string> {
  await settings.act(old.slice(-4), "Roll…");
  const dialog = settings.dialog(`Roll “${name}”?`);
  if (overlap) await dialog.getByRole("radio", { name: overlap }).check();
  await button(dialog, "Roll key").click();
  const key = await settings.shownKey();
  await settings.done();
  return key;
}

test.describe("Rolling a key", { tag: "@no-js" }, () => {
  test("the new key replaces the old one, which keeps working for a day", { tag: "@narrow" }, async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["Okta production"] });
    const settings = await enter(page, acme);
    const old = acme.keys[0] ?? "";
    await settings.act(old.slice(-4), "Roll…");
    const dialog = settings.dialog("Roll “Okta production”?");
    await expect(dialog).toContainText(`The old one, ending in ${old.slice(-4)}, keeps working while you update Okta.`);
    await expect(dialog.getByRole("radio")).toHaveCount(5);
    for (const choice of ["Immediately", "In 1 hour", "In 24 hours", "In 3 days", "In 7 days"]) {
      await expect(dialog.getByRole("radio", { name: choice, exact: true })).toBeVisible();
    }
    await expect(dialog.getByRole("radio", { name: "In 24 hours" })).toBeChecked();
    await button(dialog, "Roll key").click();
    const key = await settings.shownKey();
    expect(key).not.toBe(old);
    await settings.done();

    await expect(settings.key(key.slice(-4))).toContainText("Active");
    await expect(settings.key(old.slice(-4))).toContainText(/Expires in 2[34] h/);
    expect(await scimStatus(page, old)).toBe(200);
    expect(await scimStatus(page, key)).toBe(200);
  });

  test("the page shows which key is in use during the overlap", async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["Okta production"] });
    const settings = await enter(page, acme);
    const old = acme.keys[0] ?? "";
    expect(await scimStatus(page, old)).toBe(200);
    const key = await roll(settings, "Okta production", old);
    const meter = page.getByText("Replacing “Okta production”.").locator("..");
    await expect(async () => {
      await reload(page);
      await expect(meter).toContainText("Old key: last used just now. New key: never used.", { timeout: 100 });
    }).toPass();
    await expect(meter).toContainText("Add the new key to your provider.");

    expect(await scimStatus(page, key)).toBe(200);
    await expect(async () => {
      await reload(page);
      await expect(meter).toContainText("New key: last used just now.", { timeout: 100 });
    }).toPass();
    await expect(meter).toContainText("Your provider is using the new key. You can end the old one.");
  });

  test("without an overlap, the old key ends at once", async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["CI"] });
    const settings = await enter(page, acme);
    const old = acme.keys[0] ?? "";
    const key = await roll(settings, "CI", old, "Immediately");
    await expect(settings.key(old.slice(-4))).toContainText("Expired");
    expect(await scimStatus(page, old)).toBe(401);
    expect(await scimStatus(page, key)).toBe(200);
  });

  test("the overlap of the old key can be extended, then ended", async ({ page, team }) => {
    const acme = await team({ scim: true, keys: ["CI"] });
    const settings = await enter(page, acme);
    const old = acme.keys[0] ?? "";
    const key = await roll(settings, "CI", old, "In 1 hour");
    await expect(settings.key(old.slice(-4))).toContainText(/Expires in (59 min|1 hour)/);

    const dialog = settings.dialog("When should the old key stop working?");
    await settings.act(old.slice(-4), "Extend…");
    await dialog.getByRole("radio", { name: "In 7 days" }).check();
    await button(dialog, "Save").click();
    await expect(settings.notice).toHaveText(/^The old key now stops working in [67] days\.$/);
    await expect(settings.key(old.slice(-4))).toContainText(/Expires in [67] days/);
    expect(await scimStatus(page, old)).toBe(200);

    await settings.act(old.slice(-4), "End now…");
    await expect(settings.dialog("End the old key now?")).toContainText(`The key ending in ${old.slice(-4)} stops working immediately.`);
    await button(settings.dialog("End the old key now?"), "End key").click();
    await expect(settings.notice).toHaveText("The old key no longer works.");
    await expect(settings.key(old.slice(-4))).toContainText("Expired");
    expect(await scimStatus(page, old)).toBe(401);
    expect(await scimStatus(page, key)).toBe(200);
  });
});

test("ending the old key needs a confirmation, and Cancel keeps it", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const settings = await enter(page, acme);
  const old = acme.keys[0] ?? "";
  await roll(settings, "CI", old);
  await settings.act(old.slice(-4), "End now…");
  await expect(button(page, "Cancel")).toBeFocused();
  await expect(page.getByRole("radio")).toHaveCount(0);
  await button(page, "Cancel").click();
  expect(await scimStatus(page, old)).toBe(200);
  await settings.act(old.slice(-4), "Extend…");
  await expect(page.getByRole("radio", { name: "In 24 hours" })).toBeChecked();
});

test("at most two keys of one chain work", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const settings = await enter(page, acme);
  const first = acme.keys[0] ?? "";
  const second = await roll(settings, "CI", first);
  const third = await roll(settings, "CI", second);
  expect([await scimStatus(page, first), await scimStatus(page, second), await scimStatus(page, third)]).toEqual([401, 200, 200]);
});

test("a rolled key names its successor", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const settings = await enter(page, acme);
  const old = acme.keys[0] ?? "";
  const key = await roll(settings, "CI", old);
  await page.getByRole("button", { name: `Actions for CI, ${old.slice(-4)}` }).click();
  await expect(page.getByText(`Replaced by …${key.slice(-4)}`)).toBeVisible();
  await expect(button(page, "Roll…")).toBeHidden();
});

test("five keys can be rolled, because the old ones do not count", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["1", "2", "3", "4", "5"] });
  const settings = await enter(page, acme);
  await roll(settings, "3", acme.keys[2] ?? "");
  await expect(page.getByRole("rowheader")).toHaveCount(6);
});

test("Cancel generates no new key", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const settings = await enter(page, acme);
  await settings.act((acme.keys[0] ?? "").slice(-4), "Roll…");
  await button(settings.dialog("Roll “CI”?"), "Cancel").click();
  await reload(page);
  await expect(page.getByRole("rowheader")).toHaveCount(1);
});
