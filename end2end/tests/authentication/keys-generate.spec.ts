import { button, enter, expect, field, keyPattern, reload, scimStatus, test } from "../../fixtures/index.ts";

test.describe("Generating a key", { tag: "@no-js" }, () => {
  test("the key is shown once, beside the base URL, and works", { tag: "@narrow" }, async ({ page, team }) => {
    const acme = await team({ scim: true });
    const settings = await enter(page, acme);
    await expect(page.getByText("No API keys yet")).toBeVisible();
    const key = await settings.generate("Okta production");
    expect(key).toMatch(keyPattern);
    await expect(settings.reveal).toContainText("Okta production");
    await expect(settings.reveal).toContainText("This is the only time the key is shown.");
    await expect(settings.reveal).toContainText("/scim/v2");
    expect(await scimStatus(page, key)).toBe(200);

    await settings.done();
    const line = settings.key(key.slice(-4));
    await expect(line.getByRole("rowheader")).toHaveText(`Okta production rc_scim_…${key.slice(-4)}`);
    await expect(line).toContainText("by Ada Lovelace");
    await expect(line).toContainText("Active");
    await reload(page);
    await expect(line).toBeVisible();
    expect(await page.content()).not.toContain(key);
  });

  test("the expiry can be chosen, and the default is a year", async ({ page, team }) => {
    const settings = await enter(page, await team({ scim: true }));
    await settings.button("Generate SCIM API Key").click();
    const expires = field(settings.dialog("Generate SCIM API key"), "Expires");
    await expect(expires.getByRole("option")).toHaveText(["In 90 days", "In 180 days", "In 365 days", "Never"]);
    await expect(expires).toHaveValue("365");
    await button(settings.dialog("Generate SCIM API key"), "Cancel").click();

    const never = await settings.generate("For ever", "Never");
    await settings.done();
    await expect(settings.key(never.slice(-4))).toContainText("Never expires");
    const soon = await settings.generate("For a while", "In 90 days");
    await settings.done();
    await expect(settings.key(soon.slice(-4))).toContainText(/Expires \d+ \w{3} 20\d\d/);
  });

  test("a team can have at most five keys", async ({ page, team }) => {
    const names = ["One", "Two", "Three", "Four"];
    const acme = await team({ scim: true, keys: names });
    const settings = await enter(page, acme);
    await settings.generate("Five");
    await settings.done();
    await expect(page.getByRole("rowheader")).toHaveCount(5);
    await expect(settings.button("Generate SCIM API Key")).toHaveAttribute("aria-disabled", "true");
    await expect(settings.button("Generate SCIM API Key")).toHaveAccessibleDescription(
      "This team already has 5 active keys, which is the limit. Revoke one first.",
    );
  });
});

test("Cancel and Esc generate no key", async ({ page, team }) => {
  const settings = await enter(page, await team({ scim: true }));
  const dialog = settings.dialog("Generate SCIM API key");
  for (const leave of [() => button(dialog, "Cancel").click(), () => page.keyboard.press("Escape")]) {
    await settings.button("Generate SCIM API Key").click();
    await expect(field(dialog, "Name")).toBeFocused();
    await leave();
    await expect(dialog).toBeHidden();
    await expect(settings.button("Generate SCIM API Key")).toBeFocused();
  }
  await reload(page);
  await expect(page.getByText("No API keys yet")).toBeVisible();
});

test("a double click generates one key", async ({ page, team }) => {
  const settings = await enter(page, await team({ scim: true }));
  await settings.button("Generate SCIM API Key").click();
  const dialog = settings.dialog("Generate SCIM API key");
  await field(dialog, "Name").fill("CI");
  await button(dialog, "Generate").dblclick();
  await settings.shownKey();
  await settings.done();
  await reload(page);
  await expect(page.getByRole("rowheader")).toHaveCount(1);
});

test("a name that another tab used meanwhile is rejected", async ({ page, team, server, noise }) => {
  noise.allow(/status of 422/);
  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  await settings.button("Generate SCIM API Key").click();
  await server.run(["key", "generate", "--team", acme.slug, "--name", "CI"]);
  const dialog = settings.dialog("Generate SCIM API key");
  await field(dialog, "Name").fill("ci");
  await button(dialog, "Generate").click();
  await expect(field(dialog, "Name")).toHaveAccessibleDescription("Another active key has this name. Choose a different one.");
  await expect(field(dialog, "Name")).toHaveValue("ci");
});

test("while provisioning is off, no key can be generated", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const settings = await enter(page, acme);
  await settings.turnOff(acme);
  await expect(settings.button("Generate SCIM API Key")).toHaveAttribute("aria-disabled", "true");
  await expect(settings.button("Generate SCIM API Key")).toHaveAccessibleDescription(/Turn on SCIM provisioning first\./);
  await expect(page.getByText("Keys don't work while SCIM provisioning is off.")).toBeVisible();
});
