import { button, eachForm, enter, expect, field, inviteMember, joinTeam, open, people, test, type FormRow, type FormTest, type Team } from "../../fixtures/index.ts";

const heading = ({ page }: FormTest) => page.getByRole("heading", { level: 1 });
const pressed = (name: string) => ({ page }: FormTest) => button(page, name);
const opened = (name: string) => ({ page }: Omit<FormTest, "form">) => button(page, name).click();
const link = ({ settings }: FormTest) => settings.dialog("Copy invite link");
const close = ({ page }: FormTest) => page.keyboard.press("Escape");
const bulk = "/teams/{slug}/settings/members/roles";

const list: FormRow[] = [
  {
    name: "invite",
    route: "/teams/{slug}/settings/members/invite",
    open: opened("Invite member"),
    dialog: "Invite member",
    button: "Create link",
    refuses: { field: ({ form }) => field(form, "Email"), message: /Enter an email/ },
    enter: ({ form, team }) => field(form, "Email").fill(`barbara@${team.slug}.test`),
    announces: (at) => expect(link(at)).toBeVisible(),
    focus: (at) => link(at).getByRole("heading", { level: 2 }),
    after: close,
  },
  {
    name: "roles of several",
    route: bulk,
    button: "Assign role",
    refuses: { field: pressed("Assign role"), described: ({ settings }) => settings.alert, message: /Select at least one member/ },
    enter: async ({ form }) => {
      await field(form, "Select Grace Hopper").check();
      await field(form, "Role for selected members").selectOption("Billing");
    },
    announces: /^Roles changed for 1 member\./,
    focus: pressed("Assign role"),
  },
  {
    name: "roles of several, once it was asked",
    route: bulk,
    open: async ({ page }) => {
      await field(page, "Select Grace Hopper").check();
      await field(page, "Role for selected members").selectOption("Admin");
      await button(page, "Assign role").click();
    },
    dialog: "Assign Admin to 1 member?",
    button: "Assign role",
    announces: /^Roles changed for 1 member\./,
    focus: pressed("Assign role"),
  },
];

/** A form in a dialog of a member's page, whose button has the focus afterwards, unless another one takes its place. */
function asked(route: string, opens: string, title: string, sends: string, announces: FormRow["announces"], focus = opens): FormRow {
  return { name: opens, route, open: opened(opens), dialog: title, button: sends, announces, focus: pressed(focus) };
}

const name = "Grace Hopper";
const member: FormRow[] = [
  {
    ...asked("/teams/{slug}/settings/members/{id}/roles", "Change roles", `Change roles for ${name}`, "Save roles", "Roles changed. They take effect right away."),
    refuses: {
      enter: async ({ form }) => {
        for (const role of await form.getByRole("checkbox").all()) await role.uncheck();
      },
      field: ({ form }) => form.getByRole("checkbox").and(form.locator(":enabled")).first(),
      described: ({ form }) => form.getByRole("group", { name: "Roles assigned manually" }),
      message: /Select at least one role/,
    },
    enter: ({ form }) => field(form, "Billing").check(),
  },
  asked("/teams/{slug}/settings/members/{id}/deactivate", "Deactivate", `Deactivate ${name}?`, "Deactivate member", `${name} was deactivated and signed out everywhere.`, "Reactivate"),
  asked("/teams/{slug}/settings/members/{id}/reactivate", "Reactivate", `Reactivate ${name}?`, "Reactivate member", `${name} was reactivated and can sign in again.`, "Deactivate"),
  { ...asked("/teams/{slug}/settings/members/{id}/remove", "Remove", `Remove ${name}?`, "Remove member", `${name} was removed and signed out everywhere.`), focus: heading },
];

/** The path of a member's page. */
async function pageOf({ page, team }: { page: FormTest["page"]; team: Team }, name: string): Promise<string> {
  await open(page, team.settings("members"));
  return (await page.getByRole("link", { name, exact: true }).getAttribute("href")) ?? "";
}

test("the forms of Members are checked, sent in place and announced", async ({ page, team, server }) => {
  test.slow();
  const acme = await team({ scim: true, keys: ["Okta"] });
  const [id = ""] = await people(server, acme.keys[0] ?? "", [name]);
  await server.run(["scim", "off", "--team", acme.slug]);
  const settings = await enter(page, acme);
  const at = { page, settings, team: acme };
  await eachForm(at, acme.settings("members"), list);
  await eachForm(at, acme.settings(`members/${id}`), member);
});

test("the forms of an invited member are sent in place and announced", async ({ page, team }) => {
  const acme = await team();
  const email = `grace@${acme.slug}.test`;
  const settings = await enter(page, acme);
  await inviteMember(page, acme, email, "developer");
  const path = await pageOf({ page, team: acme }, email);
  await eachForm({ page, settings, team: acme }, path, [
    {
      ...asked("/teams/{slug}/settings/members/{id}/resend-invite", "Create new link", `Create a new invite link for ${email}?`, "Create link", (at) => expect(link(at)).toBeVisible()),
      focus: (at) => link(at).getByRole("heading", { level: 2 }),
      after: close,
    },
    { ...asked("/teams/{slug}/settings/members/{id}/cancel-invite", "Revoke invite", `Revoke the invite for ${email}?`, "Revoke invite", "Invite revoked. Its link no longer works."), focus: heading },
  ]);
});

test("the forms of a member who is signed in are sent in place and announced", async ({ page, team, anotherBrowser }) => {
  const acme = await team({ scim: true });
  const settings = await enter(page, acme);
  const alan = await joinTeam(page, await anotherBrowser(), acme, "admin");
  const path = await pageOf({ page, team: acme }, alan.name);
  await eachForm({ page, settings, team: acme }, path, [
    { ...asked("/teams/{slug}/settings/members/{id}/sign-out", "Sign out everywhere", `Sign out ${alan.name}?`, "Sign out everywhere", "Signed out everywhere."), focus: ({ page }) => page.getByRole("heading", { name: "Sessions" }) },
    { ...asked("/teams/{slug}/settings/members/{id}/allow-adoption", "Confirm", `Let the identity provider manage ${alan.name}?`, "Let it manage this member", /^Your identity provider can manage this member/), focus: ({ page }) => page.getByRole("heading", { name: "Membership" }) },
  ]);
});
