import { eachForm, enter, expect, field, inviteMember, Settings, test, type FormRow, type FormTest } from "../../fixtures/index.ts";

const heading = ({ page }: FormTest) => page.getByRole("heading", { level: 1 });
const titled = (title: string) => (at: FormTest) => expect(heading(at)).toHaveText(title);

const signIn: FormRow = {
  name: "sign in",
  route: "/sign-in",
  button: /^Sign in( with password)?$/,
  refuses: { field: ({ form }) => field(form, "Email"), message: /Enter an email/ },
  enter: async ({ form, team }) => {
    await field(form, "Email").fill(team.owner.email);
    await field(form, "Password").fill(team.owner.password);
  },
  announces: titled("Authentication"),
  focus: heading,
};

const verify: FormRow = {
  name: "password",
  route: "/teams/{slug}/verify",
  button: "Continue",
  refuses: { field: ({ form }) => field(form, "Password"), message: /Enter your password/ },
  enter: ({ form, team }) => field(form, "Password").fill(team.owner.password),
  announces: titled("General"),
  focus: heading,
};

const join: FormRow = {
  name: "join",
  route: "/invite/{token}",
  button: /^Join /,
  refuses: { field: ({ form }) => field(form, "Your name"), message: /Enter your name/ },
  enter: async ({ form }) => {
    await field(form, "Your name").fill("Grace Hopper");
    await field(form, "Password").fill("seven copper kettles sing");
  },
  announces: titled("Account"),
  focus: heading,
};

test("the forms to sign in are checked, sent in place and announced", async ({ page, team }) => {
  const at = { page, settings: new Settings(page), team: await team() };
  await eachForm(at, "/sign-in", [signIn]);
  await page.context().clearCookies();
  await eachForm(at, `/teams/${at.team.slug}/sign-in`, [{ ...signIn, route: "/teams/{slug}/sign-in" }]);
  await eachForm(at, `/teams/${at.team.slug}/verify?next=${encodeURIComponent(at.team.settings("general"))}`, [verify]);
});

test("the form to join is checked, sent in place and announced", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  const path = await inviteMember(page, acme, `grace@${acme.slug}.test`, "developer");
  await page.context().clearCookies();
  await eachForm({ page, settings, team: acme }, path, [join]);
});
