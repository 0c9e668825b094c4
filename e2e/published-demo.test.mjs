// The inbox demo with the published components, bundled as `make demo` does: what a newcomer sees within a minute.

import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";

const EXAMPLE = fileURLToPath(new URL("../examples/inbox/inbox.js", import.meta.url));
const PACKAGES = fileURLToPath(new URL("node_modules", import.meta.url));

let server;
let browser;
let shots;

before(async () => {
  const bundle = { entryPoints: [EXAMPLE], bundle: true, format: "esm", nodePaths: [PACKAGES], write: false, logLevel: "error" };
  const { outputFiles } = await build(bundle);
  [server, browser] = await Promise.all([startDev({ "examples/inbox/dist/inbox.js": outputFiles[0].text }), openBrowser()]);
  shots = await mkdtemp(join(tmpdir(), "tidings-published-demo-"));
});

after(async () => {
  await browser?.close();
  await server?.close();
  console.log(`screenshots are in ${shots}`);
});

async function demo(user, options = { viewport: SIZES.desktop }) {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${server.url}/demo/inbox?user=${user}`);
  await opened.page.locator("#live[data-state=live]").waitFor();
  return opened;
}

const row = (page, title) => page.locator("courier-inbox-list-item").filter({ hasText: title });
const toast = (page, title) => page.locator("courier-toast-item").filter({ hasText: title });
/** The number beside the inbox's name; empty when there is none. */
const badge = (page) =>
  page.locator("courier-inbox-header-title courier-unread-count-badge").evaluate((node) => {
    const inside = (node._shadowRoot ?? node.shadowRoot ?? node).querySelector(".badge-container");
    return getComputedStyle(node).display === "none" ? "" : (inside ?? node).textContent.trim();
  });
const until = async (holds, what) => {
  for (const end = Date.now() + 10_000; !(await holds()); await pause(100)) assert.ok(Date.now() < end, what);
};
const compose = async (page, title) => {
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Send", exact: true }).click();
};

test("the server says where the demo is", () => {
  assert.match(server.printed(), /Inbox demo +http:\/\/\S+\/demo\/inbox\n/);
});

test("the published inbox and toast in two windows, and what is done in one shows in the other", async () => {
  const [one, two] = [await demo("grace"), await demo("grace")];
  assert.equal(await one.page.locator("body").getAttribute("data-inbox"), "published");
  await compose(one.page, "A first message");
  for (const { page } of [one, two]) {
    await row(page, "A first message").waitFor();
    await toast(page, "A first message").waitFor();
  }
  await one.page.locator("#told .badge").filter({ hasText: "OPENED" }).waitFor();
  await until(async () => (await badge(two.page)) === "1", "both count it");
  await one.page.screenshot({ path: join(shots, "published-demo.png") });
  await row(one.page, "A first message").hover();
  await row(one.page, "A first message").locator("courier-inbox-list-item-menu courier-icon-button").first().click();
  await one.page.locator("#told .badge").filter({ hasText: "READ" }).first().waitFor();
  await until(async () => (await badge(two.page)) === "", "the other window counts it as read");
  for (const { problems, close } of [one, two]) {
    assert.deepEqual(problems, []);
    await close();
  }
});

test("it says so when the connection is lost, and hears again when the browser is back", async () => {
  const { page, close } = await demo("linus");
  await compose(page, "Before");
  await row(page, "Before").waitFor();
  await server.restart("SIGKILL");
  await page.locator("#live[data-state=away]").waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.locator("#live[data-state=live]").waitFor();
  await compose(page, "After");
  await row(page, "After").waitFor();
  for (const title of ["Before", "After"]) assert.equal(await row(page, title).count(), 1, title);
  await close();
});

test("the small inbox of our own can be asked for", async () => {
  const { page, close } = await openPage(browser, { viewport: SIZES.desktop });
  await page.goto(`${server.url}/demo/inbox?inbox=plain`);
  await page.locator("#live[data-state=live]").waitFor();
  assert.equal(await page.locator("body").getAttribute("data-inbox"), "plain");
  await page.getByRole("link", { name: "Show the published components" }).click();
  await page.locator("body[data-inbox=published]").waitFor();
  await close();
});
