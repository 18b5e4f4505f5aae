import { button, clipboard, enter, expect, link, reload, test } from "../../fixtures/index.ts";

test.describe("A new key", () => {
  test("is copied with an announcement", async ({ page, team }) => {
    const settings = await enter(page, await team({ scim: true }));
    const key = await settings.generate("CI");
    const copy = button(settings.reveal, "Copy SCIM API key");
    await copy.click();
    await expect(copy).toHaveText("Copied");
    await expect(settings.reveal.getByText("Copied.", { exact: true })).toHaveAttribute("aria-live", "polite");
    expect(await clipboard(page)).toBe(key);
    await expect(copy).toHaveText("Copy");
  });

  test("has a base URL that can be copied too", async ({ page, team }) => {
    const settings = await enter(page, await team({ scim: true }));
    await settings.generate("CI");
    await button(settings.reveal, "Copy SCIM base URL").click();
    expect(await clipboard(page)).toMatch(/^http:\/\/.+\/scim\/v2$/);
    await link(settings.reveal, "Done").click();
    await expect(settings.reveal.getByRole("alert"), "only the key counts").toBeVisible();
  });

  test("can be closed without a question once it is copied", async ({ page, team }) => {
    const settings = await enter(page, await team({ scim: true }));
    const key = await settings.generate("CI");
    await button(settings.reveal, "Copy SCIM API key").click();
    await link(settings.reveal, "Done").click();
    await expect(settings.reveal).toBeHidden();
    await expect(settings.button("Generate SCIM API Key")).toBeFocused();
    await expect(page.getByText(key)).toHaveCount(0);
  });

  test("needs a confirmation to be closed while it is not copied", async ({ page, team }) => {
    const settings = await enter(page, await team({ scim: true }));
    const key = await settings.generate("CI");
    await link(settings.reveal, "Done").click();
    await expect(settings.reveal.getByRole("alert")).toHaveText(
      "You haven't copied the key. Once you close this, no one can see it again.",
    );
    await expect(button(settings.reveal, "Go back")).toBeFocused();
    await button(settings.reveal, "Go back").click();
    await expect(settings.reveal.getByText(key)).toBeVisible();

    await link(settings.reveal, "Done").click();
    await link(settings.reveal, "Close without copying").click();
    await expect(settings.reveal).toBeHidden();
    await expect(page.getByText(key)).toHaveCount(0);
  });

  test("is not closed by Esc, however often", async ({ page, team }) => {
    const settings = await enter(page, await team({ scim: true }));
    const key = await settings.generate("CI");
    for (let times = 0; times < 3; times++) await page.keyboard.press("Escape");
    await page.mouse.click(2, 2);
    await expect(settings.reveal.getByText(key)).toBeVisible();
  });

  test("needs a confirmation to leave the page while it is not copied", async ({ page, team }) => {
    const acme = await team({ scim: true });
    const settings = await enter(page, acme);
    await settings.generate("CI");
    const dialogEvent = page.waitForEvent("dialog");
    const leaving = page.evaluate(() => location.assign("/"));
    const dialog = await dialogEvent;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await leaving;
    await expect(settings.reveal).toBeVisible();
    await expect(page).toHaveURL(acme.settings());
  });

  test("needs no confirmation to leave the page once it is copied", async ({ page, team }) => {
    const settings = await enter(page, await team({ scim: true }));
    await settings.generate("CI");
    await button(settings.reveal, "Copy SCIM API key").click();
    await expect(settings.reveal.getByText("Copied", { exact: true })).toBeVisible();
    page.on("dialog", () => expect(true, "a question").toBe(false));
    await reload(page);
    await expect(settings.reveal).toBeHidden();
  });

  test("is selected with instructions if the clipboard rejects it", async ({ page, team }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    });
    const settings = await enter(page, await team({ scim: true }));
    const key = await settings.generate("CI");
    await button(settings.reveal, "Copy SCIM API key").click();
    await expect(settings.reveal.getByText("Your browser blocked copying. Press Ctrl+C.")).toBeVisible();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(key);

    // A manual copy counts too.
    await page.keyboard.press("Control+c");
    await link(settings.reveal, "Done").click();
    await expect(settings.reveal).toBeHidden();
  });
});
