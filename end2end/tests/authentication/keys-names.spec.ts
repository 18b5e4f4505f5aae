import { button, enter, expect, field, hasJavaScript, test } from "../../fixtures/index.ts";

const invisible = "Remove invisible characters. Only visible text and spaces are allowed.";

/** Invalid names, and their errors. */
const bad: [kind: string, name: string, message: string][] = [
  ["no character", "", "Enter a name."],
  ["only spaces", "   ", "Enter a name."],
  ["65 characters", "n".repeat(65), "Use 64 characters or fewer. This has 65."],
  ["a control character", "CI\u0007", invisible],
  ["a right-to-left mark", "CI\u200fprod", invisible],
  ["a right-to-left override", "\u202eCI", invisible],
  ["a zero width space", "C\u200bI", invisible],
  ["a name that is taken, in other letters", " oKTA production ", "Another active key has this name. Choose a different one."],
];

/** Valid names, and their form in the list. */
const good: [kind: string, name: string, display: string][] = [
  ["1 character", "n", "n"],
  ["64 characters", "n".repeat(64), "n".repeat(64)],
  ["spaces around", "  CI  ", "CI"],
  ["emoji", "CI 👩‍💻 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️", "CI 👩‍💻 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️"],
  ["right-to-left letters", "מפתח", "מפתח"],
  ["markup", "<b>CI</b> & “Okta”", "<b>CI</b> & “Okta”"],
];

test("invalid names of keys are rejected", { tag: "@no-js" }, async ({ page, team }) => {
  const settings = await enter(page, await team({ scim: true, keys: ["Okta production"] }));
  const dialog = settings.dialog("Generate SCIM API key");
  await settings.button("Generate SCIM API Key").click();
  for (const [kind, name, message] of bad) {
    await field(dialog, "Name").fill(name);
    await button(dialog, "Generate").click();
    await expect(field(dialog, "Name"), kind).toHaveAccessibleDescription(message);
    await expect(field(dialog, "Name"), kind).toHaveValue(name);
    if (hasJavaScript()) await expect(field(dialog, "Name"), kind).toBeFocused();
  }
  await button(dialog, "Cancel").click();
  await expect(page.getByRole("rowheader")).toHaveCount(1);
});

test("valid names of keys are accepted", { tag: "@no-js" }, async ({ page, team }) => {
  for (const three of [good.slice(0, 3), good.slice(3)]) {
    const settings = await enter(page, await team({ scim: true }));
    for (const [kind, name, display] of three) {
      const key = await settings.generate(name);
      await expect(settings.reveal, kind).toContainText(display);
      await settings.done();
      await expect(settings.key(key.slice(-4)).getByRole("rowheader").getByText(display, { exact: true }), kind).toBeVisible();
    }
  }
});

test("names of SSO methods follow the same rules", async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: [] }));
  await settings.button("Add authentication method").click();
  const dialog = settings.dialog("Add authentication method");
  for (const [kind, name, message] of bad.slice(0, 7)) {
    await field(dialog, "Name").fill(name);
    await button(dialog, "Configure later").click();
    await expect(field(dialog, "Name"), kind).toHaveAccessibleDescription(message);
  }
  await field(dialog, "Name").fill(" CI 👩‍💻 ");
  await button(dialog, "Configure later").click();
  await expect(settings.method("CI 👩‍💻")).toBeVisible();
});

test("the server rejects an invalid name that bypasses the page", async ({ page, team }) => {
  const acme = await team({ scim: true });
  await enter(page, acme);
  for (const [kind, name] of bad.slice(0, 7)) {
    const answer = await page.request.post(`${acme.settings()}/keys/generate`, {
      form: { name, expiry: "365" },
      headers: { accept: "application/json" },
    });
    expect(answer.status(), kind).toBe(422);
    expect(await answer.text(), kind).not.toContain("rc_scim_");
  }
});
