import { button, enter, expect, field, reload, test } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

/** The listed requirements. Each begins with "Met: " or "Not met: ". */
function requirements(page: Page): Locator {
  return page.getByRole("list", { name: "Requirements" }).getByRole("listitem").filter({ has: page.getByRole("heading") });
}

const plan = "SCIM provisioning is part of the Enterprise plan. This team is on Professional.";

test.describe("The switch stays in place, inactive, with every reason", { tag: "@no-js" }, () => {
  test("the plan, with a contact", { tag: "@narrow" }, async ({ page, team }) => {
    const settings = await enter(page, await team({ plan: "professional" }));
    await expect(settings.scim).toHaveAttribute("aria-disabled", "true");
    await expect(settings.scim).toHaveAccessibleDescription(/1 of 3 requirements isn't met/);
    await expect(settings.scim).toHaveAccessibleDescription(new RegExp(plan));
    await expect(requirements(page).getByRole("heading")).toHaveText([
      "Not met: Enterprise plan",
      "Met: Exactly one SSO method",
      "Met: Your role is Super Admin",
    ]);
    await expect(requirements(page).first()).toContainText(`${plan} To change the plan, contact`);
  });

  test("no SSO method, with a way to add one", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    await expect(settings.scim).toHaveAccessibleDescription(/Set up single sign-on first\./);
    await expect(requirements(page).nth(1)).toContainText("Set up single sign-on first.");
    await requirements(page).getByRole("link", { name: "Add authentication method" }).click();
    await expect(settings.dialog("Add authentication method")).toBeVisible();
  });

  test("several SSO methods, with a choice of the one to keep", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: ["Okta", "Google"] }));
    await expect(requirements(page).nth(1)).toContainText(
      "SCIM needs exactly one enabled SSO method. This team has 2: Okta and Google.",
    );
    await requirements(page).getByRole("button", { name: "Choose which to keep" }).click();
    const dialog = settings.dialog("Choose the SSO method to keep");
    await button(dialog, "Keep Google").click();
    await expect(settings.methodSwitch("Okta")).not.toBeChecked();
    await expect(settings.methodSwitch("Google")).toBeChecked();
    await expect(settings.scim).not.toHaveAttribute("aria-disabled", "true");
  });

  test("several SSO methods, which can be disabled on the page", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: ["Okta", "Google", "Ping"] }));
    await expect(requirements(page).nth(1)).toContainText("This team has 3: Okta, Google, and Ping.");
    await button(page, "Disable Ping").click();
    await expect(requirements(page).nth(1)).toContainText("This team has 2: Okta and Google.");
    await button(page, "Disable Okta").click();
    await expect(settings.scim).not.toHaveAttribute("aria-disabled", "true");
    await expect(settings.methodSwitch("Google")).toBeChecked();
  });

  test("the plan and no SSO method, with both reasons", async ({ page, team }) => {
    const settings = await enter(page, await team({ plan: "free", sso: [] }));
    await expect(settings.scim).toHaveAccessibleDescription(/2 of 3 requirements aren't met/);
    await expect(requirements(page)).toContainText([/This team is on Free\./, /Set up single sign-on first\./, /Met: Your role/]);
  });

  test("the plan and several SSO methods, with both reasons", async ({ page, team }) => {
    const settings = await enter(page, await team({ plan: "basic", sso: ["Okta", "Google"] }));
    await expect(settings.scim).toHaveAccessibleDescription(/2 of 3 requirements aren't met/);
    await expect(requirements(page)).toContainText([/This team is on Basic\./, /This team has 2: Okta and Google\./, /Met: Your role/]);
  });
});

test("the inactive switch can be focused and does nothing", async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: [] }));
  await settings.scim.focus();
  await expect(settings.scim).toBeFocused();
  for (const press of ["Enter", "Space"]) await page.keyboard.press(press);
  await settings.scim.click({ force: true });
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(settings.scim).not.toBeChecked();
});

test("from no SSO method to SCIM provisioning", async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: [] }));
  await requirements(page).getByRole("link", { name: "Add authentication method" }).click();
  const dialog = settings.dialog("Add authentication method");
  await field(dialog, "Type").selectOption("Custom OpenID Connect");
  await field(dialog, "Name").fill("Our own");
  await field(dialog, "Issuer").fill("https://idp.example.test");
  await field(dialog, "Client ID").fill("rollcall");
  await field(dialog, "Client secret").fill("not-a-real-secret");
  await button(dialog, "Add").click();
  await expect(requirements(page).nth(1)).toContainText("Enable one of the methods above");
  await settings.methodSwitch("Our own").click();
  await expect(settings.methodSwitch("Our own")).toBeChecked();
  await settings.turnOn();
});

test("a request over HTTP is blocked too, with every reason", async ({ page, team }) => {
  const acme = await team({ plan: "professional", sso: [] });
  const settings = await enter(page, acme);
  const answer = await page.request.post("/api/scim/turn-on", { form: { team: acme.slug }, headers: { accept: "application/json" } });
  expect(answer.status()).toBe(403);
  expect(await answer.json()).toEqual({ domain: { denied: { provisioning: [{ plan: "professional" }, "no_sso_method"] } } });
  await reload(page);
  await expect(settings.scim).not.toBeChecked();
});
