import { button, eachForm, enter, expect, field, test, type FormRow, type FormTest, type Team } from "../../fixtures/index.ts";

const named = (name: string) => ({ form }: FormTest) => field(form, name);
const pressed = (name: string) => ({ page }: FormTest) => button(page, name);
const confirm = ({ form, team }: FormTest) => field(form, `Type ${team.name} to confirm`);
const confirmed = (at: FormTest) => confirm(at).fill(at.team.name);
const opened = (name: string) => ({ page }: Omit<FormTest, "form">) => button(page, name).click();

const rows: FormRow[] = [
  {
    name: "a break-glass member is marked",
    route: "/teams/{slug}/settings/general/mark",
    button: "Make break-glass",
    refuses: {
      // A choice that the browser lost with the option, as it may be where a page comes back.
      enter: ({ form }) => field(form, "Choose an Admin or Super Admin").evaluate((select: HTMLSelectElement) => (select.selectedIndex = -1)),
      field: named("Choose an Admin or Super Admin"),
      message: /Choose one of the options/,
    },
    enter: ({ form }) => field(form, "Choose an Admin or Super Admin").selectOption({ index: 0 }),
    announces: /is now a break-glass member\./,
    focus: ({ page }) => page.getByRole("heading", { name: "Break-glass members" }),
  },
  {
    name: "a break-glass member is unmarked",
    route: "/teams/{slug}/settings/general/unmark",
    button: /^Remove break-glass from/,
    announces: /is no longer a break-glass member\.$/,
    focus: ({ page }) => page.getByRole("heading", { name: "Break-glass members" }),
  },
  {
    name: "all keys are revoked",
    route: "/teams/{slug}/settings/general/revoke-keys",
    open: opened("Revoke all keys"),
    dialog: "Revoke all SCIM API keys?",
    button: "Revoke all keys",
    refuses: { field: confirm, message: /to confirm/ },
    enter: confirmed,
    announces: /^All SCIM API keys revoked\./,
    focus: pressed("Revoke all keys"),
  },
  {
    name: "name",
    route: "/teams/{slug}/settings/general/name",
    button: "Save name",
    refuses: { enter: ({ form }) => field(form, "Name").fill(""), field: named("Name"), message: /Enter a name/ },
    enter: ({ form }) => field(form, "Name").fill("Globex"),
    announces: "Team name changed.",
    focus: pressed("Save name"),
  },
];

const slug = "New team URL: /teams/…";
const moves: FormRow = {
  name: "address",
  route: "/teams/{slug}/settings/general/slug",
  open: opened("Change URL"),
  dialog: "Change the team URL?",
  button: "Change URL",
  refuses: { enter: ({ form }) => field(form, slug).fill("Not A Slug"), field: named(slug), message: /^Use 1–48/ },
  enter: async (at) => {
    await field(at.form, slug).fill(`${at.team.slug}-2`);
    await confirmed(at);
  },
  announces: "Team URL changed. The old URL no longer works.",
  focus: ({ page }) => page.getByRole("heading", { level: 1 }),
};

const endsSessions: FormRow = {
  name: "everyone is signed out",
  route: "/teams/{slug}/settings/general/sign-out",
  open: opened("Sign everyone out"),
  dialog: "Sign everyone out?",
  button: "Sign everyone out",
  refuses: { field: confirm, message: /to confirm/ },
  enter: confirmed,
  announces: ({ page }) => expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Sign in/),
  focus: ({ page }) => page.getByRole("heading", { level: 1 }),
};

test("the forms of General are checked, sent in place and announced", async ({ page, team }) => {
  test.slow();
  const each = async (acme: Team, rows: FormRow[]) =>
    eachForm({ page, settings: await enter(page, acme, acme.settings("general")), team: acme }, acme.settings("general"), rows);
  await each(await team({ scim: true, keys: ["Okta"] }), rows);
  await each(await team(), [moves]);
  await each(await team(), [endsSessions]);
});
