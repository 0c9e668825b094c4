// The inbox demo, with the small inbox of our own; see published-demo.test.mjs for the published components.

import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";

let server;
let browser;
let shots;

before(async () => {
  [server, browser] = await Promise.all([startDev(), openBrowser()]);
  shots = await mkdtemp(join(tmpdir(), "tidings-demo-"));
});

after(async () => {
  await browser?.close();
  await server?.close();
  console.log(`screenshots are in ${shots}`);
});

async function demo(user, options = { viewport: SIZES.desktop }) {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${server.url}/demo/inbox?user=${user}&inbox=plain`);
  await opened.page.locator("#live[data-state=live]").waitFor();
  return opened;
}

const row = (page, title) => page.locator(".row, courier-inbox-list-item").filter({ hasText: title });
const compose = async (page, title, mail = false) => {
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("By mail too", { exact: false }).setChecked(mail);
  await page.getByRole("button", { name: "Send", exact: true }).click();
};

test("a toast and an inbox in two windows, and what is done in one shows in the other", async () => {
  const [one, two] = [await demo("grace"), await demo("grace")];
  await compose(one.page, "A first message");
  for (const { page } of [one, two]) {
    await row(page, "A first message").waitFor();
    await page.locator(".toast").filter({ hasText: "A first message" }).waitFor();
  }
  await one.page.locator("#told .badge").filter({ hasText: "OPENED" }).waitFor();
  await row(one.page, "A first message").hover();
  await row(one.page, "A first message").getByRole("button", { name: "Mark as read" }).click();
  await row(two.page, "A first message").and(two.page.locator(":not(.unread)")).waitFor();
  await one.page.locator("#told .badge").filter({ hasText: "READ" }).waitFor();
  await row(one.page, "A first message").hover();
  await row(one.page, "A first message").getByRole("button", { name: "Archive" }).click();
  await row(two.page, "A first message").waitFor({ state: "detached" });
  await two.page.getByRole("tab", { name: "Archive" }).click();
  await row(two.page, "A first message").waitFor();
  for (const { problems, close } of [one, two]) {
    assert.deepEqual(problems, []);
    await close();
  }
});

test("after a restart it is live again by itself, each message once", async () => {
  const { page, close } = await demo("linus");
  await compose(page, "Before");
  await row(page, "Before").waitFor();
  await server.restart("SIGKILL");
  await server.send({ to: { user_id: "linus" }, content: { title: "Meanwhile", body: "." }, routing: { method: "single", channels: ["inbox"] } });
  await row(page, "Meanwhile").waitFor({ timeout: 20_000 });
  await compose(page, "After");
  await row(page, "After").waitFor();
  for (const title of ["Before", "Meanwhile", "After"]) assert.equal(await row(page, title).count(), 1, title);
  await close();
});

test("it fits a phone and a desk, by day and by night", async () => {
  for (const [title, more] of [
    ["Grace commented on your draft", { body: "“I like the second version better. Shall we ship it?”" }],
    ["Build failed on main", { body: "3 of 212 tests do not pass since the last commit." }],
  ]) {
    await server.send({ to: { user_id: "ada" }, content: { title, ...more }, routing: { method: "single", channels: ["inbox"] } });
  }
  for (const [size, viewport] of Object.entries({ ...SIZES, phone: { width: 360, height: 780 } })) {
    for (const colorScheme of ["light", "dark"]) {
      const { page, problems, close } = await demo("ada", { viewport, colorScheme });
      await row(page, "Build failed").first().waitFor();
      await compose(page, "Your order is on its way");
      await page.locator(".toast").waitFor();
      await page.locator("#told .badge").filter({ hasText: "OPENED" }).first().waitFor();
      await page.screenshot({ path: join(shots, `demo-${size}-${colorScheme}.png`) });
      await page.screenshot({ path: join(shots, `demo-${size}-${colorScheme}-full.png`), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${size}: ${wide} px wider than the window`);
      assert.deepEqual(problems, []);
      await close();
    }
  }
});
