import { defineConfig } from "@playwright/test";
import { browserPath, browserArguments } from "./fixtures/browser.ts";

/**
 * Every spec runs at a desktop's width. Specs with the tag `@narrow` also run at a phone's width, those with `@no-js` also
 * without JavaScript (`-only`: only there). Each worker has its own server. The project `providers` tests the identity
 * providers of the other tests, without Rollcall.
 */
export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [["list"]],
  use: {
    launchOptions: { executablePath: browserPath(), args: browserArguments },
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    // As in a window that a person uses; the headless browser asks otherwise.
    permissions: ["clipboard-write"],
  },
  projects: [
    { name: "desktop", grepInvert: /-only\b/, use: { viewport: { width: 1280, height: 800 } } },
    { name: "narrow", grep: /@narrow\b/, use: { viewport: { width: 390, height: 844 } } },
    { name: "no-js", grep: /@no-js\b/, use: { viewport: { width: 1280, height: 800 }, javaScriptEnabled: false } },
    { name: "providers", testDir: "providers/tests", use: { ignoreHTTPSErrors: true } },
  ],
});
