import { button, eachForm, enter, field, group, people, test, type FormRow } from "../../fixtures/index.ts";

const row: FormRow = {
  name: "role",
  route: "/teams/{slug}/settings/groups/{id}/role",
  open: async ({ page }) => {
    await field(page, "Role for everyone in this group").selectOption("Admin");
    await button(page, "Preview").click();
  },
  button: "Assign Admin to 1 person",
  announces: "Role saved: 1 person became Admin.",
  focus: ({ page }) => page.getByRole("heading", { name: "Role", exact: true }),
};

test("the form of a group is sent in place and announced", async ({ page, team, server }) => {
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [key = ""] = acme.keys;
  const id = await group(server, key, "IT", await people(server, key, ["Grace Hopper"]));
  await eachForm({ page, settings: await enter(page, acme), team: acme }, acme.settings(`groups/${id}`), [row]);
});
