import { button, enter, expect, reload, scimStatus, test } from "../../fixtures/index.ts";

const question = "Turn on SCIM provisioning?";

test("the switch opens a dialog that lists the effect", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const settings = await enter(page, await team());
  await expect(settings.scim).not.toBeChecked();
  await settings.scim.click();
  const dialog = settings.dialog(question);
  await expect(dialog.getByRole("listitem")).toContainText([
    /Members can't leave the team or change their email or password here/,
    /Only Admins and Super Admins can remove members/,
    /stays? as (it is|they are) until Okta matches them/,
    /Nothing is sent until you generate an API key/,
  ]);
  await expect(settings.scim).not.toBeChecked();
});

test("Cancel changes nothing", { tag: "@no-js" }, async ({ page, team }) => {
  const settings = await enter(page, await team());
  await settings.scim.click();
  await button(settings.dialog(question), "Cancel").click();
  await expect(settings.dialog(question)).toBeHidden();
  await expect(settings.scim).not.toBeChecked();
  await expect(settings.scim).toBeFocused();
  await reload(page);
  await expect(settings.scim).not.toBeChecked();
});

test("Esc changes nothing", { tag: "@no-js" }, async ({ page, team }) => {
  const settings = await enter(page, await team());
  await settings.scim.click();
  await expect(settings.dialog(question)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(settings.dialog(question)).toBeHidden();
  await expect(settings.scim).not.toBeChecked();
  await expect(settings.scim).toBeFocused();
});

test("Turn On turns it on", { tag: "@narrow" }, async ({ page, team }) => {
  const settings = await enter(page, await team());
  await settings.turnOn();
  await expect(settings.dialog(question)).toBeHidden();
  await expect(settings.notice).toHaveText("SCIM provisioning is on. Next, generate a key.");
  await expect(settings.scim).toBeFocused();
  await expect(settings.button("Generate SCIM API Key")).toBeEnabled();
  await reload(page);
  await expect(settings.scim).toBeChecked();
});

test("the switch changes only after the server's confirmation", async ({ page, team }) => {
  const settings = await enter(page, await team());
  let answer = () => {};
  const pendingResponse = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/scim/turn-on", async (route) => {
    await pendingResponse;
    await route.continue();
  });
  await settings.scim.click();
  const dialog = settings.dialog(question);
  await button(dialog, "Turn On").click();
  await expect(button(dialog, "Turning on")).toHaveAttribute("aria-busy", "true");
  await expect(settings.scim).toHaveAttribute("aria-checked", "false");
  answer();
  await expect(settings.scim).toHaveAttribute("aria-checked", "true");
});

test("without a connection to the server, the dialog stays with an error", async ({ page, team, noise }) => {
  noise.allow(/ERR_FAILED/);
  const settings = await enter(page, await team());
  await page.route("**/api/scim/turn-on", (route) => route.abort());
  await settings.scim.click();
  const dialog = settings.dialog(question);
  await button(dialog, "Turn On").click();
  await expect(dialog.getByRole("alert")).toContainText("the server couldn't be reached");
  await expect(settings.scim).not.toBeChecked();

  await page.unroute("**/api/scim/turn-on");
  await button(dialog, "Turn On").click();
  await expect(settings.scim).toBeChecked();
});

test("a double click turns it on once", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  const requests: string[] = [];
  page.on("request", (request) => request.url().endsWith("/turn-on") && requests.push(request.url()));
  await settings.scim.click();
  await button(settings.dialog(question), "Turn On").dblclick();
  await expect(settings.scim).toBeChecked();
  expect(requests).toHaveLength(1);
  await page.goto(acme.settings("activity"));
  await expect(page.getByText("turned on SCIM provisioning")).toHaveCount(1);
});

test("two tabs at the same time turn it on once", async ({ page, team, context }) => {
  const acme = await team();
  const [here, there] = [await enter(page, acme), await enter(await context.newPage(), acme)];
  for (const settings of [here, there]) await settings.scim.click();
  await Promise.all([here, there].map((settings) => button(settings.dialog(question), "Turn On").click()));
  for (const settings of [here, there]) await expect(settings.scim).toBeChecked();
  await page.goto(acme.settings("activity"));
  await expect(page.getByText("turned on SCIM provisioning")).toHaveCount(1);
});

test("turning it off and on keeps everything, and the same keys work", async ({ page, team }) => {
  const acme = await team({ scim: true, keys: ["Okta production", "CI"] });
  const settings = await enter(page, acme);
  const lines = page.getByRole("rowheader");
  const before = await lines.allTextContents();
  expect(before).toHaveLength(2);

  await settings.turnOff(acme);
  for (const key of acme.keys) expect(await scimStatus(page, key)).toBe(403);
  await settings.turnOn();
  await expect(settings.notice).toHaveText("SCIM provisioning is on, and its keys work again.");
  for (const key of acme.keys) expect(await scimStatus(page, key)).toBe(200);
  await expect(lines).toHaveText(before);
});

test("on in one browser and off in another: the last change wins in both orders", async ({ page, team, anotherBrowser }) => {
  const acme = await team({ scim: true, keys: ["CI"] });
  const [here, there] = [await enter(page, acme), await enter(await anotherBrowser(), acme)];
  await here.turnOff(acme);
  await there.turnOff(acme);
  await here.turnOn();
  await reload(there.page);
  await expect(there.scim).toBeChecked();
  expect(await scimStatus(page, acme.keys[0] ?? "")).toBe(200);
});
