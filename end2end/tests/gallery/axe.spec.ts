import { readFileSync } from "node:fs";
import { axe, expect, open, test } from "../../fixtures/index.ts";

// The gallery of all components is only part of debug builds, and the server of these tests is a release. Therefore
// `scripts/end2end` renders it with the same code (`app/examples/gallery.rs`), and the test shows it with the release's styles.

const written = process.env.ROLLCALL_GALLERY ?? "";

test("axe finds nothing in any component, in any state", { tag: "@narrow" }, async ({ page, server }) => {
  await open(page, "/sign-in");
  const files = await page.locator("link[rel=stylesheet], link[rel=modulepreload], link[rel=preload]").evaluateAll((links) =>
    links.map((link) => new URL((link as HTMLLinkElement).href).pathname),
  );
  let html = readFileSync(written, "utf8");
  for (const file of files) html = html.replaceAll(`/pkg/rollcall.${file.split(".").pop() ?? ""}`, file);
  const url = `${server.url}/dev/components`;
  await page.route(url, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
  await open(page, url);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Components");
  await axe(page);
  for (const theme of ["Light", "Dark"]) {
    const kit = page.getByRole("region", { name: theme, exact: true });
    for (const [opens, title] of [["Open a dialog", "Change the address?"], ["Open a dangerous one", "Remove it?"]] as const) {
      await kit.getByRole("button", { name: opens, exact: true }).click();
      const dialog = page.getByRole("dialog", { name: title, exact: true });
      await expect(dialog).toBeVisible();
      await axe(page);
      await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
      await expect(dialog).toBeHidden();
    }
  }
});

test("a release does not have the page", async ({ page, noise }) => {
  noise.allow(/status of 404/);
  const answer = await page.goto("/dev/components");
  expect(answer?.status()).toBe(404);
});
