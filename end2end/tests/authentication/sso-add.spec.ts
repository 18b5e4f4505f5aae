import { button, certificate, enter, expect, field, metadata, reload, test, type Settings } from "../../fixtures/index.ts";
import type { Locator } from "@playwright/test";

/** Opens the dialog and fills in type and name. */
async function adding(settings: Settings, type: string, name: string): Promise<Locator> {
  await settings.button("Add authentication method").click();
  const dialog = settings.dialog("Add authentication method");
  await field(dialog, "Type").selectOption(type);
  await field(dialog, "Name").fill(name);
  return dialog;
}

test.describe("Adding an SSO method", { tag: "@no-js" }, () => {
  test("SAML by its fields", { tag: "@narrow" }, async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    await expect(page.getByText("No SSO methods yet")).toBeVisible();
    const dialog = await adding(settings, "AD FS", "Head office");
    await field(dialog, "Entity ID").fill("https://adfs.example.test/adfs/services/trust");
    await field(dialog, "Sign-in URL").fill("https://adfs.example.test/adfs/ls/");
    await field(dialog, "Certificate").fill(certificate("valid"));
    await button(dialog, "Add").click();

    await expect(settings.notice).toHaveText("SSO method added. Enable it when you're ready.");
    await expect(settings.method("Head office")).toContainText("AD FS · SAML 2.0");
    await expect(settings.methodSwitch("Head office")).not.toBeChecked();
    await expect(page.getByText("No SSO methods yet")).toBeHidden();
  });

  test("SAML by metadata", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Okta", "Okta");
    await dialog.getByRole("radio", { name: "SAML 2.0" }).check();
    await field(dialog, "Metadata XML").fill(metadata());
    await button(dialog, "Add").click();

    await expect(settings.method("Okta")).toContainText("SAML 2.0");
    await settings.act("Okta", "Edit…");
    const edit = settings.dialog("Edit “Okta”");
    await expect(field(edit, "Entity ID")).toHaveValue("https://idp.example.test/metadata");
    await expect(field(edit, "Sign-in URL")).toHaveValue("https://idp.example.test/from-metadata");
    await expect(field(edit, "Certificate")).toHaveValue(/^-----BEGIN CERTIFICATE-----/);
  });

  test("OpenID Connect", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Google Workspace", "Google");
    await dialog.getByRole("radio", { name: "OpenID Connect" }).check();
    await field(dialog, "Issuer").fill("https://accounts.google.example");
    await field(dialog, "Client ID").fill("client-7");
    await field(dialog, "Client secret").fill("not-a-real-secret");
    await button(dialog, "Add").click();
    await expect(settings.method("Google")).toContainText("Google Workspace · OpenID Connect");
  });

  test("Configure later", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Microsoft Entra ID", "Entra");
    await button(dialog, "Configure later").click();
    await expect(settings.method("Entra")).toContainText("Not configured");
    await expect(settings.methodSwitch("Entra")).toHaveAttribute("aria-disabled", "true");
    await expect(settings.methodSwitch("Entra")).toHaveAccessibleDescription(/Not configured/);
  });

  test("a name of another method is rejected", async ({ page, team, noise }) => {
    noise.allow(/status of 422/);
    const settings = await enter(page, await team({ sso: ["Okta"] }));
    const dialog = await adding(settings, "Okta", "  oKTA ");
    await button(dialog, "Configure later").click();
    await expect(field(dialog, "Name")).toHaveAccessibleDescription("Another SSO method has this name. Choose a different one.");
    await expect(field(dialog, "Name")).toHaveValue("  oKTA ");

    await field(dialog, "Name").fill("Okta Europe");
    await button(dialog, "Configure later").click();
    await expect(settings.method("Okta Europe")).toBeVisible();
  });

  test("each SAML field has its error, and the values stay", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Custom SAML", "");
    await field(dialog, "Sign-in URL").fill("http://idp.example.test/sso");
    await field(dialog, "Certificate").fill("not a certificate");
    await button(dialog, "Add").click();

    await expect(field(dialog, "Name")).toHaveAccessibleDescription("Enter a name.");
    await expect(field(dialog, "Entity ID")).toHaveAccessibleDescription("Enter the entity ID.");
    await expect(field(dialog, "Sign-in URL")).toHaveAccessibleDescription(/^The URL must start with https:\/\//);
    await expect(field(dialog, "Certificate")).toHaveAccessibleDescription(/^This isn't a PEM certificate\./);
    await expect(field(dialog, "Type")).toHaveValue("custom_saml");
    await expect(field(dialog, "Sign-in URL")).toHaveValue("http://idp.example.test/sso");
    await expect(field(dialog, "Certificate")).toHaveValue("not a certificate");
  });

  test("the error about an expired certificate has the date", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Duo", "Duo");
    await field(dialog, "Entity ID").fill("https://duo.example.test");
    await field(dialog, "Sign-in URL").fill("https://duo.example.test/sso");
    await field(dialog, "Certificate").fill(certificate("expired"));
    await button(dialog, "Add").click();
    await expect(field(dialog, "Certificate")).toHaveAccessibleDescription(/^This certificate expired on 5 Jan(uary)? 2024\./);
  });

  test("other documents are not accepted as metadata", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Custom SAML", "Ours");
    for (const [metadata, why] of [
      ["https://idp.example.test/metadata", "it isn't XML"],
      ["<html></html>", "it has no EntityDescriptor"],
      ["<!DOCTYPE x><EntityDescriptor/>", "it has a DOCTYPE, which isn't allowed"],
    ] as const) {
      await field(dialog, "Metadata XML").fill(metadata);
      await button(dialog, "Add").click();
      await expect(field(dialog, "Metadata XML")).toHaveAccessibleDescription(
        `This isn't valid identity provider metadata: ${why}.`,
      );
    }
  });

  test("metadata or fields are required", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Custom SAML", "Ours");
    await button(dialog, "Add").click();
    await expect(field(dialog, "Entity ID")).toHaveAccessibleDescription(
      "Paste the metadata XML, or fill in the entity ID, sign-in URL, and certificate.",
    );
  });

  test("each OpenID Connect field has its error, and the secret is not returned", async ({ page, team }) => {
    const settings = await enter(page, await team({ sso: [] }));
    const dialog = await adding(settings, "Custom OpenID Connect", "Ours");
    await field(dialog, "Issuer").fill("https://idp.example.test/?tenant=1");
    await field(dialog, "Client secret").fill("hush-hush-hush");
    await button(dialog, "Add").click();
    await expect(field(dialog, "Issuer")).toHaveAccessibleDescription(/^Remove everything after the path/);
    await expect(field(dialog, "Client ID")).toHaveAccessibleDescription("Enter the client ID.");
    expect(await page.content()).not.toContain("hush-hush-hush");
  });
});

test("the first invalid field has the focus, and each change is validated", async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: [] }));
  const dialog = await adding(settings, "Custom OpenID Connect", "Ours");
  await button(dialog, "Add").click();
  await expect(field(dialog, "Issuer")).toBeFocused();
  await expect(field(dialog, "Issuer")).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.type("https://idp.example.test");
  await expect(field(dialog, "Issuer")).not.toHaveAttribute("aria-invalid", "true");
  await expect(field(dialog, "Client ID")).toHaveAttribute("aria-invalid", "true");
});

test("a provider with two protocols has a choice, and only the fields of one", async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: [] }));
  const dialog = await adding(settings, "Okta", "Okta");
  await expect(dialog.getByRole("radio", { name: "SAML 2.0" })).toBeChecked();
  await expect(field(dialog, "Metadata XML")).toBeVisible();
  await expect(field(dialog, "Issuer")).toBeHidden();
  await dialog.getByRole("radio", { name: "OpenID Connect" }).check();
  await expect(field(dialog, "Issuer")).toBeVisible();
  await expect(field(dialog, "Metadata XML")).toBeHidden();

  await field(dialog, "Type").selectOption("AD FS");
  await expect(dialog.getByRole("radio")).toHaveCount(0);
  await expect(field(dialog, "Metadata XML")).toBeVisible();
});

test("every type is offered", async ({ page, team }) => {
  const settings = await enter(page, await team());
  await settings.button("Add authentication method").click();
  await expect(field(page, "Type").getByRole("option")).toHaveText([
    "Okta",
    "Microsoft Entra ID",
    "AD FS",
    "Google Workspace",
    "OneLogin",
    "Ping Identity",
    "Duo",
    "JumpCloud",
    "Custom SAML",
    "Custom OpenID Connect",
  ]);
});

test("Enter in a field adds the method and does not configure it later", async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: [] }));
  const dialog = await adding(settings, "Custom OpenID Connect", "Ours");
  await field(dialog, "Name").press("Enter");
  await expect(field(dialog, "Issuer")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog).toBeVisible();
});

test("Cancel clears the values", async ({ page, team }) => {
  const settings = await enter(page, await team({ sso: [] }));
  const dialog = await adding(settings, "Duo", "Duo");
  await button(dialog, "Cancel").click();
  await expect(dialog).toBeHidden();
  await expect(settings.button("Add authentication method")).toBeFocused();
  await settings.button("Add authentication method").click();
  await expect(field(dialog, "Name")).toHaveValue("");
  await reload(page);
  await expect(page.getByText("No SSO methods yet")).toBeVisible();
});
