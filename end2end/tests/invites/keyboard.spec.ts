import { button, clipboard, enter, expect, field, hasJavaScript, hydrated, inviteMember, local, open, press, pick, tabTo, test, write } from "../../fixtures/index.ts";
import type { Locator, Page } from "@playwright/test";

const copyTheLink = "Copy invite link";

function dialog(page: Page, title: string): Locator {
  return page.getByRole("dialog", { name: title, exact: true });
}

/** The link in the dialog. The focus is on the button before it. */
async function shownLink(page: Page): Promise<string> {
  await expect(dialog(page, copyTheLink).getByRole("heading", { name: copyTheLink })).toBeFocused();
  await hydrated(page);
  return (await dialog(page, copyTheLink).getByText(/\/invite\/[0-9a-f]{64}$/).textContent()) ?? "";
}

/** Closes the dialog with the link. */
async function closeLink(page: Page): Promise<void> {
  await press(page, page.getByRole("link", { name: "Done", exact: true }));
  await expect(dialog(page, copyTheLink)).toBeHidden();
}

test("a person is invited and the link copied with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  await press(page, button(page, "Invite member"));
  const asks = dialog(page, "Invite member");
  await expect(field(asks, "Email"), "the first field has the focus").toBeFocused();
  await page.keyboard.press("Escape");
  await expect(asks).toBeHidden();
  await expect(button(page, "Invite member")).toBeFocused();

  await page.keyboard.press("Enter");
  await write(page, field(asks, "Email"), "grace");
  await page.keyboard.press("Enter");
  await expect(field(asks, "Email")).toHaveAccessibleDescription(/Enter a valid email/);
  await expect(field(asks, "Email"), "what is wrong has the focus").toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.type(`@${acme.slug}.test`);
  await pick(page, field(asks, "Role"), "Billing");
  await press(page, button(asks, "Create link"));

  const link = await shownLink(page);
  if (hasJavaScript()) {
    const copy = button(dialog(page, copyTheLink), "Copy invite link");
    await tabTo(page, copy);
    await page.keyboard.press("Space");
    await expect(copy).toHaveText("Copied");
    await expect(copy).toBeFocused();
    expect(await clipboard(page)).toBe(link);
  }
  await closeLink(page);
  const row = page.getByRole("row").filter({ hasText: `grace@${acme.slug}.test` });
  await expect(row).toContainText("Invited");
  await expect(row).toContainText("Billing");
});

test("an invite gets a new link and is canceled with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team }) => {
  const acme = await team();
  const email = `grace@${acme.slug}.test`;
  const settings = await enter(page, acme);
  const first = await inviteMember(page, acme, email, "developer");
  await open(page, acme.settings("members"));
  await press(page, page.getByRole("link", { name: email, exact: true }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(email);

  await press(page, button(page, "Create new link"));
  const resend = dialog(page, `Create a new invite link for ${email}?`);
  await expect(resend).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(button(page, "Create new link")).toBeFocused();
  await page.keyboard.press("Enter");
  await press(page, button(resend, "Create link"));
  expect(local(await shownLink(page))).not.toBe(first);
  await closeLink(page);
  await expect(settings.notice).toHaveText("New invite link created. The old one no longer works.");

  await press(page, button(page, "Revoke invite"));
  const cancel = dialog(page, `Revoke the invite for ${email}?`);
  await expect(button(cancel, "Cancel"), "what changes nothing has the focus").toBeFocused();
  await press(page, button(cancel, "Revoke invite"));
  await expect(settings.notice).toHaveText("Invite revoked. Its link no longer works.");
  await expect(page.getByRole("link", { name: email, exact: true })).toHaveCount(0);
});

test("an invited person joins with the keyboard alone", { tag: ["@narrow", "@no-js"] }, async ({ page, team, anotherBrowser }) => {
  const acme = await team();
  await enter(page, acme);
  const path = await inviteMember(page, acme, `grace@${acme.slug}.test`, "billing");

  const other = await anotherBrowser();
  await open(other, path);
  const [name, password] = [field(other, "Your name"), field(other, "Password")];
  await write(other, name, "Grace Hopper");
  await write(other, password, "short");
  await other.keyboard.press("Enter");
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password, "what is wrong has the focus").toBeFocused();
  await expect(name).toHaveValue("Grace Hopper");
  await other.keyboard.type("seven copper kettles sing");
  await press(other, button(other, `Join ${acme.name}`));
  await expect(other).toHaveURL(`/teams/${acme.slug}/account`);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Account");
});

test("the focus stays within a returned dialog", async ({ page, team }) => {
  const acme = await team();
  await enter(page, acme, acme.settings("members"));
  await press(page, button(page, "Invite member"));
  const asks = dialog(page, "Invite member");
  await write(page, field(asks, "Email"), "grace");
  await page.keyboard.press("Enter");
  await expect(field(asks, "Email")).toHaveAttribute("aria-invalid", "true");
  await hydrated(page);
  await expect(field(asks, "Email")).toBeFocused();
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press("Tab");
    expect(await asks.evaluate((dialog) => document.activeElement === document.body || dialog.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(asks).toBeHidden();
});
