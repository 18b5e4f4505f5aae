import { expect, field, open, scimStatus, Settings, test, signInButton } from "../../fixtures/index.ts";

// The main flow, from the sign-in page to a working key and back, with and without JavaScript.
test("sign in, turn SCIM provisioning on, generate a key, use it, turn it off", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  await open(page, "/sign-in");
  await field(page, "Email").fill(acme.owner.email);
  await field(page, "Password").fill(acme.owner.password);
  await signInButton(page).click();

  const settings = new Settings(page);
  await expect(settings.scim).not.toBeChecked();
  await settings.turnOn();
  await expect(settings.notice).toContainText("SCIM provisioning is on.");

  const key = await settings.generate("Okta production");
  await settings.done();
  await expect(settings.key(key.slice(-4))).toContainText("Active");
  expect(await scimStatus(page, key)).toBe(200);

  await settings.turnOff(acme);
  await expect(settings.notice).toContainText("SCIM provisioning is off.");
  expect(await scimStatus(page, key)).toBe(403);
});
