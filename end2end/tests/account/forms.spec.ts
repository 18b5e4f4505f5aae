import { button, eachForm, enter, expect, field, joinTeam, test, type FormRow, type FormTest } from "../../fixtures/index.ts";

const named = (name: string) => ({ form }: FormTest) => field(form, name);
const pressed = (name: string) => ({ page }: FormTest) => button(page, name);
const sessions = "/teams/{slug}/account/sign-out";

const rows: FormRow[] = [
  {
    name: "another session",
    route: sessions,
    button: "Sign out",
    announces: "Session signed out.",
    focus: ({ page }) => page.getByRole("heading", { name: "Sessions" }),
  },
  { name: "all other sessions", route: sessions, button: "Sign out everywhere else", announces: "All other sessions signed out.", focus: pressed("Sign out everywhere else") },
  {
    name: "name",
    route: "/teams/{slug}/account/name",
    button: "Save name",
    refuses: { enter: ({ form }) => field(form, "Name").fill(" "), field: named("Name"), message: /Enter your name/ },
    enter: ({ form }) => field(form, "Name").fill("Augusta King"),
    announces: "Name changed.",
    focus: pressed("Save name"),
  },
  {
    name: "email",
    route: "/teams/{slug}/account/email",
    button: "Save email",
    refuses: { enter: ({ form }) => field(form, "Email").fill("not an address"), field: named("Email"), message: /Enter a valid email/ },
    enter: ({ form, team }) => field(form, "Email").fill(`augusta@${team.slug}.test`),
    announces: "Email changed. Use it the next time you sign in.",
    focus: pressed("Save email"),
  },
  {
    name: "password",
    route: "/teams/{slug}/account/password",
    button: "Change password",
    refuses: { field: named("Current password"), message: /Enter your password/ },
    enter: async ({ form, team }) => {
      await field(form, "Current password").fill(team.owner.password);
      await field(form, "New password").fill("seven copper kettles sing");
    },
    announces: "Password changed. You've been signed out everywhere else.",
    focus: pressed("Change password"),
  },
  {
    name: "leave",
    route: "/teams/{slug}/account/leave",
    open: ({ settings }) => settings.button("Leave team").click(),
    dialog: ({ name }) => `Leave ${name}?`,
    button: "Leave team",
    announces: ({ page }) => expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Sign in/),
    focus: ({ page }) => field(page, "Email"),
  },
];

test("the forms of the account are checked, sent in place and announced", async ({ page, team, anotherBrowser }) => {
  test.slow();
  const acme = await team();
  const path = `/teams/${acme.slug}/account`;
  const settings = await enter(page, acme, path);
  await joinTeam(page, await anotherBrowser(), acme, "super_admin");
  for (const other of [await anotherBrowser(), await anotherBrowser()]) await enter(other, acme, path);
  await eachForm({ page, settings, team: acme }, path, rows);
});
