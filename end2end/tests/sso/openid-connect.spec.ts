import { randomBytes } from "node:crypto";
import { OidcProvider, type OidcClient, type Person } from "../../providers/index.ts";
import { logIn } from "../../providers/log-in.ts";
import { expect, test as base, type Method } from "../../fixtures/sso.ts";
import type { Team } from "../../fixtures/index.ts";

interface ForEachTest {
  acme: Team;
  okta: Method;
  /** The owner of the team, as the provider knows them. */
  owner: Person;
}

/** A team whose people sign in at the provider. The rule compares `email` with the email address. */
const test = base.extend<ForEachTest, { provider: OidcProvider }>({
  provider: [
    async ({ network }, use) => {
      const provider = await OidcProvider.start(network);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
  acme: async ({ site }, use) => use(await site.team()),
  owner: async ({ acme }, use) => {
    const mark = randomBytes(4).toString("hex");
    await use({ userName: `ada-${mark}`, password: "ada", subject: mark, name: "Ada Lovelace", email: acme.owner.email, emailVerified: true });
  },
  okta: async ({ site, acme, provider, owner }, use) => {
    const secret = "a+b/c%d=";
    const id = `rollcall-${acme.slug}`;
    const words = ["--provider", "custom_oidc", "--issuer", provider.issuer, "--client-id", id, "--client-secret-stdin"];
    const okta = await site.method(acme, "Okta", words, secret);
    await site.server.run(["sso", "match", "--team", acme.slug, "Okta", "--claim", "email", "--attribute", "email"]);
    const client: OidcClient = { client_id: id, client_secret: secret, redirect_uris: [okta.redirectUri] };
    await provider.configure({ clients: [client], people: [owner] });
    await use(okta);
  },
});
test.describe.configure({ mode: "serial" });

test("a member signs in at the provider, and comes back signed in", { tag: "@no-js" }, async ({ page, acme, okta, owner }) => {
  await page.goto(`/teams/${acme.slug}/sign-in`);
  await page.getByRole("link", { name: `Continue with ${okta.name}` }).click();
  await logIn(page, owner);
  await page.waitForURL((url) => url.host.startsWith("rollcall.test"));
  await expect(page).toHaveURL(new RegExp(`/teams/${acme.slug}`));
  await expect(page.getByRole("main")).toBeVisible();
});
