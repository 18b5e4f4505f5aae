import { button, enter, expect, Settings, test } from "../../fixtures/index.ts";
import type { Page } from "@playwright/test";

/** Holds the page's WebAssembly back, as a slow network does. Returns a function that releases it. */
async function holdBack(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("every form works before the page's scripts have started", async ({ page, team, noise }) => {
  noise.allow(/was preloaded using link preload but not used/);
  const acme = await team();
  await enter(page, acme, acme.settings("general"));
  const release = await holdBack(page);
  await page.goto(acme.settings(), { waitUntil: "commit" });
  const settings = new Settings(page);

  await settings.turnOn();
  await expect(page.locator("html[data-hydrated]")).not.toBeAttached();
  await settings.button("Generate SCIM API Key").click();
  const dialog = settings.dialog("Generate SCIM API key");
  await dialog.getByLabel("Name", { exact: true }).fill("Early");
  await button(dialog, "Generate").click();
  const key = await settings.shownKey();
  await settings.reveal.getByRole("link", { name: "Done" }).click();
  await expect(settings.key(key.slice(-4))).toContainText("Early");
  release();
});

test("values and open dialogs stay when the page's scripts start", async ({ page, team }) => {
  const acme = await team({ scim: true });
  await enter(page, acme, acme.settings("general"));
  const release = await holdBack(page);
  await page.goto(acme.settings(), { waitUntil: "commit" });
  const settings = new Settings(page);
  await settings.button("Generate SCIM API Key").click();
  const dialog = settings.dialog("Generate SCIM API key");
  const name = dialog.getByLabel("Name", { exact: true });
  await name.fill("Early");
  release();
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  await expect(name).toHaveValue("Early");
  await button(dialog, "Generate").click();
  await expect(settings.reveal).toContainText("Early");
});
