// The outbox page: what is sent in development shows up live, as the person would see it.

import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";

let server;
let browser;

before(async () => {
  server = await startDev();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const mail = (title, body = "Your code is {{code}}.") => ({
  to: { email: "ada@people.test" },
  content: { title, body },
  data: { code: "314159", hostile: "<script>document.title='broken'</script>" },
});

const sms = (body) => ({
  to: { phone_number: "+12025550143" },
  content: { title: "Code", body },
  routing: { method: "single", channels: ["sms"] },
});

/** Opens the outbox and waits until it listens; `run` gets the page. */
async function outbox(options, run) {
  const { page, problems, close } = await openPage(browser, options);
  try {
    await page.goto(`${server.url}/outbox`);
    await page.locator("#live[data-state=live]").waitFor();
    await run(page);
    assert.deepEqual(problems, [], "no script failed and nothing was refused");
  } finally {
    await close();
  }
}

const entry = (page, text) => page.locator("#entries a").filter({ hasText: text });

test("the server says where the outbox is", () => {
  assert.match(server.printed(), new RegExp(`http://[a-z0-9.]+:${new URL(server.url).port}/outbox`));
});

test("a mail appears without a reload, in a frame that can do nothing", async () => {
  await outbox({ viewport: SIZES.desktop }, async (page) => {
    await page.evaluate(() => (window.neverReloaded = true));
    await server.send(mail("Live {{code}}", "Your code is {{code}}. {{hostile}}"));
    await entry(page, "Live 314159").click();

    const frame = page.locator("#detail iframe");
    await frame.waitFor();
    const sandbox = await frame.getAttribute("sandbox");
    assert.ok(sandbox !== null && !/allow-scripts|allow-same-origin|allow-forms/.test(sandbox), sandbox);
    const inside = page.frameLocator("#detail iframe");
    await inside.locator("p").filter({ hasText: "Your code is 314159. <script>" }).waitFor();
    assert.equal(await page.evaluate(() => window.neverReloaded), true);
    assert.doesNotMatch(await page.title(), /broken/);
  });
});

test("a mail has its text, headers, source and reasons", async () => {
  await outbox({ viewport: SIZES.desktop }, async (page) => {
    await server.send(mail("With tabs"));
    await entry(page, "With tabs").click();
    const panel = page.getByRole("tabpanel");
    for (const [name, content] of [
      ["Text", /Your code is 314159\./],
      ["Headers", /With tabs/],
      ["Source", /Subject: With tabs/],
      ["Why", /outbox/i],
    ]) {
      await page.getByRole("tab", { name }).click();
      await panel.filter({ hasText: content }).waitFor();
    }
    await page.getByRole("tab", { name: "Preview" }).click();
    await page.locator("#detail iframe").waitFor();
  });
});

test("an SMS is a bubble with its segments", async () => {
  await outbox({ viewport: SIZES.desktop }, async (page) => {
    await server.send(sms("Short and plain"));
    await entry(page, "Short and plain").click();
    await page.locator(".bubble").filter({ hasText: "Short and plain" }).waitFor();
    await page.getByText("1 segment", { exact: true }).waitFor();

    await server.send(sms(`Long ${"ž".repeat(100)}`));
    await entry(page, "Long ž").click();
    await page.getByText("2 segments", { exact: true }).waitFor();
  });
});

test("the search leaves what was meant", async () => {
  await outbox({ viewport: SIZES.desktop }, async (page) => {
    await server.send(mail("A needle"));
    await server.send(mail("Some hay"));
    await entry(page, "Some hay").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("needle");
    await entry(page, "Some hay").waitFor({ state: "detached" });
    assert.equal(await entry(page, "A needle").count(), 1);
  });
});

test("it fits a phone and a desk, by day and by night", async () => {
  const shots = await mkdtemp(join(tmpdir(), "tidings-screenshots-"));
  await server.send(mail("Looking good"));
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      await outbox({ viewport, colorScheme }, async (page) => {
        await entry(page, "Looking good").first().waitFor();
        await page.screenshot({ path: join(shots, `outbox-${size}-${colorScheme}-list.png`) });
        await entry(page, "Looking good").first().click();
        await page.frameLocator("#detail iframe").locator("p").filter({ hasText: "Your code is 314159." }).waitFor();
        await page.screenshot({ path: join(shots, `outbox-${size}-${colorScheme}-mail.png`) });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${size}: ${wide} px wider than the window`);
      });
    }
  }
  console.log(`screenshots are in ${shots}`);
});
