import { button, certificate, eachForm, enter, expect, field, link, test, type FormRow, type FormTest, type Team } from "../../fixtures/index.ts";

type Page = Omit<FormTest, "form">;
const named = (name: string) => ({ form }: FormTest) => field(form, name);
const pressed = (name: string) => ({ page }: FormTest) => button(page, name);
const opened = (name: string) => ({ page }: Page) => button(page, name).click();
const section = (name: string) => ({ page }: FormTest) => page.getByRole("heading", { name, exact: true });
const actions = (mark: string) => ({ page }: FormTest) => page.getByRole("button", { name: new RegExp(`^Actions for (.*, )?${mark}$`) });
const chosen = (name: string) => ({ form }: FormTest) => form.getByRole("radio", { name }).check();
const revealed: Pick<FormRow, "announces" | "focus" | "after"> = {
  announces: ({ settings }) => expect(settings.reveal).toBeVisible(),
  focus: ({ settings }) => settings.reveal.getByRole("heading", { level: 2 }),
  after: ({ settings }) => settings.done(),
};

const methods: FormRow[] = [
  {
    name: "add a method",
    route: "/api/sso/add",
    open: opened("Add authentication method"),
    dialog: "Add authentication method",
    button: "Add",
    refuses: { field: named("Name"), message: /Enter a name/ },
    enter: async ({ form }) => {
      await field(form, "Type").selectOption("AD FS");
      await field(form, "Name").fill("Head office");
      await field(form, "Entity ID").fill("https://adfs.example.test/adfs/services/trust");
      await field(form, "Sign-in URL").fill("https://adfs.example.test/adfs/ls/");
      await field(form, "Certificate").fill(certificate("valid"));
    },
    announces: "SSO method added. Enable it when you're ready.",
    focus: pressed("Add authentication method"),
  },
  {
    name: "add a method that is configured later",
    route: "/api/sso/add",
    open: opened("Add authentication method"),
    dialog: "Add authentication method",
    button: "Configure later",
    refuses: { field: named("Name"), message: /Enter a name/ },
    enter: ({ form }) => field(form, "Name").fill("Entra"),
    announces: "SSO method added. Enable it when you're ready.",
    focus: pressed("Add authentication method"),
  },
  {
    name: "edit a method",
    route: "/api/sso/edit",
    open: ({ settings }) => settings.act("Okta", "Edit…"),
    dialog: "Edit “Okta”",
    button: "Save",
    refuses: { enter: ({ form }) => field(form, "Issuer").fill("nowhere"), field: named("Issuer"), message: /URL/ },
    enter: async ({ form }) => {
      await field(form, "Issuer").fill("https://idp.example.test");
      await field(form, "Client ID").fill("another-client");
    },
    announces: "SSO method saved.",
    focus: actions("Okta"),
  },
  {
    name: "delete a method",
    route: "/api/sso/delete",
    open: ({ settings }) => settings.act("Entra", "Delete…"),
    dialog: "Delete “Entra”?",
    button: "Delete method",
    announces: "SSO method deleted.",
    focus: section("Single sign-on methods"),
  },
  {
    name: "switch a method on, while another one is",
    route: "/api/sso/set-enabled",
    button: "Head office enabled",
    announces: ({ settings }) => expect(settings.methodSwitch("Head office")).toBeChecked(),
    focus: ({ settings }) => settings.methodSwitch("Head office"),
  },
  {
    name: "keep one method",
    route: "/api/sso/keep-only",
    open: opened("Choose which to keep"),
    dialog: "Choose the SSO method to keep",
    button: "Keep Okta",
    refuses: {
      // A button that names no method.
      enter: ({ form }) => button(form, "Keep Okta").evaluate((button: HTMLButtonElement) => ((button.dataset.was = button.value), (button.value = ""))),
      field: ({ form }) => button(form, "Keep Okta"),
      described: ({ form }) => form.getByRole("alert").first(),
      message: /Choose one of the options/,
    },
    enter: ({ form }) => button(form, "Keep Okta").evaluate((button: HTMLButtonElement) => (button.value = button.dataset.was ?? "")),
    announces: "Okta is now the only enabled SSO method.",
    focus: section("SCIM provisioning"),
  },
];

const matching: FormRow[] = [
  {
    name: "match people",
    route: "/teams/{slug}/settings/authentication/methods/{id}/match",
    button: "Save matching",
    refuses: {
      enter: ({ form }) => field(form, "Identifier").fill("x".repeat(256)),
      field: named("Identifier"),
      message: /Use 255 characters or fewer/,
    },
    enter: ({ form }) => field(form, "Identifier").fill("oid"),
    announces: "Matching saved. It applies from the next sign-in on.",
    focus: pressed("Save matching"),
  },
];

const provisioning: FormRow[] = [
  {
    name: "turn on",
    route: "/api/scim/turn-on",
    open: ({ settings }) => settings.scim.click(),
    dialog: "Turn on SCIM provisioning?",
    button: "Turn On",
    announces: "SCIM provisioning is on. Next, generate a key.",
    focus: ({ settings }) => settings.scim,
  },
  {
    name: "generate a key",
    route: "/teams/{slug}/settings/authentication/keys/generate",
    open: opened("Generate SCIM API Key"),
    dialog: "Generate SCIM API key",
    button: "Generate",
    refuses: { field: named("Name"), message: /Enter a name/ },
    enter: ({ form }) => field(form, "Name").fill("CI"),
    ...revealed,
  },
  {
    name: "turn off",
    route: "/api/scim/turn-off",
    open: ({ settings }) => settings.scim.click(),
    dialog: "Turn off SCIM provisioning?",
    button: "Turn Off",
    refuses: { field: ({ form, team }) => field(form, `Type ${team.name} to confirm`), message: /to confirm/ },
    enter: ({ form, team }) => field(form, `Type ${team.name} to confirm`).fill(team.name),
    announces: "SCIM provisioning is off. Requests from your identity provider are refused.",
    focus: ({ settings }) => settings.scim,
  },
];

const overlap: FormRow["refuses"] = {
  // No choice at all, as it may be where a page comes back.
  enter: ({ form }) => form.evaluate((form) => form.querySelectorAll<HTMLInputElement>("input[type=radio]").forEach((radio) => (radio.checked = false))),
  field: ({ form }) => form.getByRole("radio").first(),
  described: ({ form }) => form.getByRole("group", { name: "The old key stops working" }),
  message: /Choose one of the options/,
};

/** The forms of a key with these last four characters, of two that there are. */
function keys(tail: string): FormRow[] {
  const act = (item: string) => ({ settings }: Page) => settings.act(tail, item);
  return [
    {
      name: "roll a key",
      route: "/teams/{slug}/settings/authentication/keys/roll",
      open: act("Roll…"),
      dialog: "Roll “CI”?",
      button: "Roll key",
      refuses: overlap,
      enter: chosen("In 24 hours"),
      ...revealed,
    },
    {
      name: "extend the old key",
      route: "/api/keys/set-overlap",
      open: act("Extend…"),
      dialog: "When should the old key stop working?",
      button: "Save",
      refuses: overlap,
      enter: chosen("In 7 days"),
      announces: /^The old key now stops working in [67] days\.$/,
      focus: actions(tail),
    },
    {
      name: "end the old key",
      route: "/api/keys/set-overlap",
      open: act("End now…"),
      dialog: "End the old key now?",
      button: "End key",
      announces: "The old key no longer works.",
      focus: section("API keys"),
    },
  ];
}

test("the forms of SSO methods are checked, sent in place and announced", async ({ page, team }) => {
  test.slow();
  const acme = await team();
  await eachForm({ page, settings: await enter(page, acme), team: acme }, acme.settings(), methods);
});

test("the form of an SSO method's page is checked, sent in place and announced", async ({ page, team }) => {
  const acme = await team();
  const settings = await enter(page, acme);
  const path = (await link(page, "Okta").getAttribute("href")) ?? "";
  await eachForm({ page, settings, team: acme }, path, matching);
});

test("a second method, and one too many: the forms are sent in place and announced", async ({ page, team, server }) => {
  const acme = await team({ scim: true });
  await server.run(["sso", "add", "--team", acme.slug, "--name", "Google", "--provider", "google", "--protocol", "oidc",
    "--issuer", "https://accounts.example.test", "--client-id", "rollcall", "--client-secret", "not-a-real-secret"]);
  const route = "/api/sso/set-enabled";
  await eachForm({ page, settings: await enter(page, acme), team: acme }, acme.settings(), [
    {
      name: "switch a second one on",
      route,
      open: ({ settings }) => settings.methodSwitch("Google").click(),
      dialog: "Enable “Google”?",
      button: "Enable",
      announces: ({ settings }) => expect(settings.methodSwitch("Google")).toBeChecked(),
      focus: ({ settings }) => settings.methodSwitch("Google"),
    },
  ]);
  const other = await team({ sso: ["Okta", "Google"] });
  await eachForm({ page, settings: await enter(page, other), team: other }, other.settings(), [
    {
      name: "switch one off at the requirements",
      route,
      button: "Disable Google",
      announces: ({ settings }) => expect(settings.methodSwitch("Google")).not.toBeChecked(),
      focus: section("SCIM provisioning"),
    },
  ]);
});

test("the forms of SCIM provisioning are checked, sent in place and announced", async ({ page, team }) => {
  test.slow();
  const acme = await team();
  await eachForm({ page, settings: await enter(page, acme), team: acme }, acme.settings(), provisioning);
});

test("the forms of keys are checked, sent in place and announced", async ({ page, team }) => {
  test.slow();
  const tail = (team: Team) => (team.keys[0] ?? "").slice(-4);
  const acme = await team({ scim: true, keys: ["CI"] });
  await eachForm({ page, settings: await enter(page, acme), team: acme }, acme.settings(), keys(tail(acme)));
  const other = await team({ scim: true, keys: ["CI"] });
  const revoke: FormRow = {
    name: "revoke the last key",
    route: "/api/keys/revoke",
    open: ({ settings }) => settings.act(tail(other), "Revoke…"),
    dialog: "Revoke “CI”?",
    button: "Revoke key",
    refuses: { field: named("Type CI to confirm"), message: /to confirm/ },
    enter: ({ form }) => field(form, "Type CI to confirm").fill("CI"),
    announces: "Key revoked.",
    focus: section("API keys"),
  };
  await eachForm({ page, settings: await enter(page, other), team: other }, other.settings(), [revoke]);
});
