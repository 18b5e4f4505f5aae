import type { Page } from "@playwright/test";
import type { Person } from "./people.ts";

const userName = 'input[name="userName"], input[name="username"], input[name="user"]';

/** Fills in the login page of any of the providers. Returns when the next page begins to load. */
export async function logIn(page: Page, { userName: name, password }: Pick<Person, "userName" | "password">): Promise<void> {
  await page.locator(userName).fill(name);
  await page.locator('input[name="password"]').fill(password);
  const submitted = page.waitForRequest((request) => request.isNavigationRequest() && request.method() === "POST");
  await page.locator('input[name="password"]').press("Enter");
  await submitted;
}

/** Waits for the login page of any of the providers. */
export async function loginPage(page: Page): Promise<void> {
  await page.locator(userName).waitFor();
}

/**
 * Submits the form with which a SAML provider posts its response, for a browser without JavaScript. SimpleSAMLphp hides the first of its
 * two buttons by a style.
 */
export async function postResponse(page: Page): Promise<void> {
  await page.locator('form:has(input[name="SAMLResponse"])').locator('button, input[type="submit"]').locator("visible=true").last().click();
}
