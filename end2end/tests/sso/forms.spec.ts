import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { button, eachForm, field, open, Settings, signInButton, type FormRow, type Team } from "../../fixtures/index.ts";
import { expect, test as base, type Method, type SecureSite } from "../../fixtures/sso.ts";
import { OidcProvider } from "../../providers/index.ts";
import { logIn } from "../../providers/log-in.ts";

const test = base.extend<{}, { provider: OidcProvider }>({
  provider: [
    async ({ network }, use) => {
      const provider = await OidcProvider.start(network);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
});

const unlink: FormRow = {
  name: "remove link",
  route: "/teams/{slug}/settings/members/{id}/unlink",
  open: ({ page }) => button(page, "Remove link").click(),
  dialog: ({ owner }) => `Remove the link of ${owner.name}?`,
  button: "Remove link",
  announces: "Link removed. Their next sign-in through the SSO method links them again.",
  focus: ({ page }) => page.getByRole("heading", { name: "Single sign-on", exact: true }),
};

/** A team with a method at the provider, and its owner's first sign-in there. */
async function signInAtProvider({ page, site, provider }: { page: Page; site: SecureSite; provider: OidcProvider }, acme: Team): Promise<Method> {
  const subject = randomBytes(4).toString("hex");
  const id = `rollcall-${acme.slug}`;
  const words = ["--provider", "custom_oidc", "--issuer", provider.issuer, "--client-id", id, "--client-secret-stdin"];
  const okta = await site.method(acme, "Okta", words, "not-a-real-secret");
  await site.server.run(["sso", "match", "--team", acme.slug, "Okta", "--claim", "email", "--attribute", "email"]);
  const owner = { userName: `ada-${subject}`, password: "ada", subject, name: acme.owner.name, email: acme.owner.email, emailVerified: true };
  await provider.configure({ clients: [{ client_id: id, client_secret: "not-a-real-secret", redirect_uris: [okta.redirectUri] }], people: [owner] });
  await page.goto(okta.start);
  await logIn(page, owner);
  await page.waitForURL((url) => url.host.startsWith("rollcall.test"));
  return okta;
}

async function signInWithPassword(page: Page, acme: Team): Promise<void> {
  await open(page, `/teams/${acme.slug}/sign-in`);
  await field(page, "Email").fill(acme.owner.email);
  await field(page, "Password").fill(acme.owner.password);
  await signInButton(page).click();
  await page.waitForURL(/settings/);
}

const link: FormRow = {
  name: "link account",
  route: "/sso/{method}/link",
  button: "Link account",
  announces: ({ page }) => expect(page.getByRole("heading", { level: 1 })).toHaveText("Authentication"),
  focus: ({ page }) => page.getByRole("heading", { level: 1 }),
};

test("the form with which a break-glass member confirms a link is sent in place", async ({ page, site, provider }) => {
  const acme = await site.team();
  await signInWithPassword(page, acme);
  await open(page, acme.settings("general"));
  await button(page, "Make break-glass").click();
  await expect(new Settings(page).notice).toBeVisible();
  await page.context().clearCookies();
  const okta = await signInAtProvider({ page, site, provider }, acme);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Confirm that this is you");
  await signInWithPassword(page, acme);
  await eachForm({ page, settings: new Settings(page), team: acme }, okta.start.replace("/start", "/link"), [link]);
});

test("the form that removes a member's link is sent in place and announced", async ({ page, site, provider }) => {
  const acme = await site.team();
  await signInAtProvider({ page, site, provider }, acme);
  // The provider's response has no time of authentication, so changes need the password.
  await signInWithPassword(page, acme);

  await open(page, acme.settings("members"));
  const path = (await page.getByRole("link", { name: acme.owner.name, exact: true }).getAttribute("href")) ?? "";
  await open(page, path);
  await expect(page.getByRole("heading", { name: /^Can sign in through Okta as / })).toBeVisible();
  await eachForm({ page, settings: new Settings(page), team: acme }, path, [unlink]);
  await expect(page.getByRole("heading", { name: "Never signed in through Okta" })).toBeVisible();
});
