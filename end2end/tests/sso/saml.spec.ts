import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { missing, serviceProviderMetadata, SimpleSaml, type Person, type ServiceProvider } from "../../providers/index.ts";
import { logIn, postResponse } from "../../providers/log-in.ts";
import { expect, test as base, type Method } from "../../fixtures/sso.ts";
import { hasJavaScript, type Team } from "../../fixtures/index.ts";

interface ForEachTest {
  acme: Team;
  /** The owner of the team, as the provider knows them. */
  owner: Person;
  adfs: Method;
}

/** A team whose people sign in at SimpleSAMLphp. The rule compares the attribute `mail` with the userName. */
const test = base.extend<ForEachTest & { register: (more?: Partial<ServiceProvider>) => Promise<void> }, { provider: SimpleSaml }>({
  provider: [
    async ({ network }, use) => {
      const provider = await SimpleSaml.start(network);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
  acme: async ({ site }, use) => use(await site.team()),
  owner: async ({ acme }, use) => {
    const mark = randomBytes(4).toString("hex");
    await use({ userName: `ada-${mark}`, password: "ada", name: "Ada Lovelace", email: acme.owner.email });
  },
  adfs: async ({ site, acme, provider }, use) => {
    const file = join(site.server.folder, `${acme.slug}.pem`);
    await writeFile(file, provider.certificate);
    const words = ["--provider", "custom_saml", "--entity-id", provider.entityId, "--sign-in-url", provider.signInUrl, "--certificate", file];
    const method = await site.method(acme, "Company", words);
    await site.server.run(["sso", "match", "--team", acme.slug, "Company", "--claim", "mail", "--attribute", "userName", "--identifier", "uid"]);
    await use(method);
  },
  register: async ({ provider, adfs, owner }, use) => {
    await use((more = {}) => {
      const metadata = serviceProviderMetadata({ entityId: adfs.entityId, acs: adfs.acs });
      return provider.configure({ serviceProviders: [{ metadata, ...more }], people: [owner] });
    });
  },
});
test.describe.configure({ mode: "serial" });
test.skip(Boolean(missing("simplesamlphp")), missing("simplesamlphp"));

for (const sign of ["assertion", "response", "both"] as const) {
  test(`a member signs in with a signed ${sign}`, { tag: "@no-js" }, async ({ page, acme, adfs, owner, register }) => {
    await register({ sign });
    await page.goto(`/teams/${acme.slug}/sign-in`);
    await page.getByRole("link", { name: `Continue with ${adfs.name}` }).click();
    await logIn(page, owner);
    if (!hasJavaScript()) await postResponse(page);
    await expect(page).toHaveURL(new RegExp(`rollcall.test.*/teams/${acme.slug}`));
  });
}
