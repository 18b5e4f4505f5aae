import { eachForm, enter, expect, test, type FormRow } from "../../fixtures/index.ts";

const row: FormRow = {
  name: "run",
  route: "/teams/{slug}/settings/authentication/self-test",
  button: "Run self-test",
  announces: ({ page }) => expect(page.getByRole("status").filter({ hasText: /\w/ })).toBeAttached({ timeout: 20_000 }),
  focus: ({ page }) => page.getByRole("heading", { name: "What it does" }),
};

test("the form of the self-test is sent in place and announced", async ({ page, team }) => {
  const acme = await team({ scim: true });
  await eachForm({ page, settings: await enter(page, acme), team: acme }, acme.settings("authentication/self-test"), [row]);
});
