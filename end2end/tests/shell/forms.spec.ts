import { button, eachForm, enter, expect, field, test, type FormRow, type FormTest } from "../../fixtures/index.ts";

const menu = ({ page, team }: Omit<FormTest, "form">) => page.getByRole("button", { name: new RegExp(`^${team.owner.name}`) }).click();

const rows: FormRow[] = [
  {
    name: "appearance",
    route: "/appearance",
    open: menu,
    button: "Dark",
    announces: ({ page }) => expect(button(page, "Dark")).toHaveAttribute("aria-pressed", "true"),
    focus: ({ page }) => button(page, "Dark"),
  },
  {
    name: "sign out",
    route: "/sign-out",
    open: menu,
    button: "Sign out",
    announces: ({ page }) => expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Sign in/),
    focus: ({ page }) => field(page, "Email"),
  },
];

test("the forms around every page are sent in place and announced", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  await eachForm({ page, settings, team: acme }, acme.settings("general"), rows);
});
