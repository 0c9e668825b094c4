// From a received mail through its preferences link: the person decides, in a real browser, and the next send obeys.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const LANGUAGES = ["en", "es", "fr", "de", "ar", "ja"];
const NARROW = { width: 320, height: 640 };

let server;
let browser;
let topics;

before(async () => {
  server = await startDev();
  browser = await openBrowser();
  topics = await makeTopics();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function makeTopics() {
  const account = await server.call("POST", "/preferences/sections", {
    name: "Account",
    description: "What happens with your account.",
    has_custom_routing: true,
    routing_options: ["email", "sms", "push"],
  });
  const product = await server.call("POST", "/preferences/sections", { name: "Product" });
  const add = async (section, topic) => (await server.call("POST", `/preferences/sections/${section}/topics`, topic)).id;
  const all = {
    resets: await add(account.id, { name: "Password resets", default_status: "OPTED_IN" }),
    codes: await add(account.id, { name: "Sign-in codes", default_status: "REQUIRED" }),
    news: await add(product.id, {
      name: "Product news",
      description: "What is new, about once a month.",
      default_status: "OPTED_IN",
      allowed_preferences: ["snooze"],
      include_unsubscribe_header: true,
    }),
    offers: await add(product.id, { name: "Offers", default_status: "OPTED_OUT", classification: "marketing" }),
  };
  const link = "Not you? [Your notifications]({$.urls.preferences}) · [Unsubscribe]({$.urls.unsubscribe})";
  for (const [alias, topic] of Object.entries(all)) {
    const text = { type: "text", content: `Follow the link to choose a new password.\n\n${link}` };
    const elements = [
      { type: "channel", channel: "email", elements: [{ type: "meta", title: "Reset your password" }, text] },
      { type: "channel", channel: "sms", elements: [{ type: "text", content: "Follow the link in your mail." }] },
    ];
    const notification = {
      name: alias,
      tags: [],
      brand: null,
      routing: null,
      subscription: { topic_id: topic },
      content: { version: "2022-01-01", elements },
    };
    const made = await server.call("POST", "/notifications", { notification, state: "PUBLISHED" });
    all[`${alias}Template`] = made.notification?.id ?? made.id;
  }
  return all;
}

/** Sends to a person and waits for the end; tells through which channels it went. */
async function send(person, template, more = {}) {
  const to = { user_id: person, email: `${person}@people.test`, phone_number: "+12025550143", ...more };
  const routing = { method: "all", channels: ["email", "sms"] };
  const id = await server.send({ to, template, routing });
  for (let tries = 0; tries < 200; tries += 1) {
    let message = await server.call("GET", `/messages/${id}`);
    if (!["ENQUEUED", "ROUTED", "DELAYED"].includes(message.status)) {
      // The first channel that takes it makes it sent; the other may still be under way.
      await pause(300);
      message = await server.call("GET", `/messages/${id}`);
      const providers = (message.providers ?? []).filter((one) => one.status === "SENT");
      return { id, message, channels: providers.map((one) => one.channel.key.split(":")[0]).sort() };
    }
    await pause(25);
  }
  throw new Error(`${id} did not end`);
}

/** The mail as it was received: its source, with soft line breaks undone. */
async function received(id) {
  const { content } = (await server.call("GET", `/messages/${id}/output`)).results.find((one) => one.channel === "email");
  return content.html;
}

async function linkIn(id, page) {
  const html = await received(id);
  const found = html.match(new RegExp(`href="([^"]*/${page}/[^"]+)"`));
  assert.ok(found, `a link to /${page}/ in the mail`);
  return found[1].replaceAll("&amp;", "&");
}

async function visit(options, url, run) {
  const { page, problems, close } = await openPage(browser, options);
  try {
    await page.goto(url);
    await run(page);
    assert.deepEqual(problems, [], "no script failed and nothing was refused");
  } finally {
    await close();
  }
}

const row = (page, topic) => page.locator(`[data-topic="${topic}"]`);
const chip = (page, topic, name) => row(page, topic).locator(".chip").filter({ hasText: name });

for (const [size, viewport] of Object.entries({ phone: SIZES.phone, desktop: SIZES.desktop })) {
  test(`${size}: with a script, each choice is saved at once and holds for the next send`, async () => {
    const person = `with-${size}`;
    const before = await send(person, topics.resetsTemplate);
    assert.deepEqual(before.channels, ["email", "sms"]);
    await visit({ viewport }, await linkIn(before.id, "p"), async (page) => {
      await page.getByText("What brought you here").waitFor();
      for (const name of ["Email", "Push"]) {
        await chip(page, topics.resets, name).click();
        await page.locator("#toast").filter({ hasText: "saved" }).waitFor();
      }
      await page.waitForLoadState("networkidle");
    });
    assert.deepEqual((await send(person, topics.resetsTemplate)).channels, ["sms"], "by text message alone");
  });

  test(`${size}: without a script, the form does the same and can be undone`, async () => {
    const person = `without-${size}`;
    const before = await send(person, topics.resetsTemplate);
    const link = await linkIn(before.id, "p");
    await visit({ viewport, javaScriptEnabled: false }, link, async (page) => {
      for (const name of ["Email", "Push"]) await chip(page, topics.resets, name).click();
      await page.locator(".save button").click();
      await page.getByText("Your choices are saved.").waitFor();
      assert.deepEqual((await send(person, topics.resetsTemplate)).channels, ["sms"]);
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText("Everything is as it was before.").waitFor();
    });
    assert.deepEqual((await send(person, topics.resetsTemplate)).channels, ["email", "sms"]);
  });
}

test("the last channel cannot be taken away, and says so", async () => {
  const { id } = await send("last-channel", topics.resetsTemplate);
  const { page, close } = await openPage(browser, { viewport: SIZES.phone });
  await page.goto(await linkIn(id, "p"));
  for (const name of ["Email", "Push", "Text message"]) await chip(page, topics.resets, name).click();
  await page.locator("#toast.bad").filter({ hasText: "Choose at least one way" }).waitFor();
  assert.equal(await chip(page, topics.resets, "Text message").locator("input").isChecked(), true);
  await close();
});

test("everything works with the keyboard alone", async () => {
  const { id } = await send("keyboard", topics.newsTemplate);
  await visit({ viewport: SIZES.desktop }, await linkIn(id, "p"), async (page) => {
    const toggle = row(page, topics.news).getByRole("switch");
    for (let steps = 0; steps < 40 && !(await toggle.evaluate((one) => one === document.activeElement)); steps += 1) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await page.locator("#toast").filter({ hasText: "saved" }).waitFor();
    assert.equal(await toggle.isChecked(), false);
  });
  assert.equal((await send("keyboard", topics.newsTemplate)).message.reason, "UNSUBSCRIBED");
});

test("a pause of everything holds, and ends with one button", async () => {
  const { id } = await send("pausing", topics.newsTemplate);
  await visit({ viewport: SIZES.phone }, await linkIn(id, "p"), async (page) => {
    await page.getByRole("button", { name: "For a week" }).click();
    await page.getByText("Everything is paused until").waitFor();
    assert.equal((await send("pausing", topics.newsTemplate)).message.status, "FILTERED");
    await page.getByRole("button", { name: "Resume now" }).click();
    await page.getByText("Everything is paused until").waitFor({ state: "detached" });
  });
  assert.equal((await send("pausing", topics.newsTemplate)).message.status, "SENT");
});

test("one click from a mail program unsubscribes, and a scanner that only looks does not", async () => {
  const { id } = await send("one-click", topics.newsTemplate);
  const { items } = await server.call("GET", "/outbox/messages");
  const mail = items.find((one) => one.message_id === id && one.channel === "email");
  const { source } = await server.call("GET", `/outbox/messages/${mail.number}`);
  const unfolded = source.replaceAll(/\r?\n[ \t]+/g, " ");
  const [, link] = unfolded.match(/^List-Unsubscribe: ?<([^>]+)>/m);
  assert.match(unfolded, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
  for (const method of ["GET", "HEAD"]) assert.equal((await fetch(link, { method })).status, 200);
  assert.equal((await send("one-click", topics.newsTemplate)).message.status, "SENT", "looking changes nothing");
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const reply = await fetch(link, { method: "POST", headers, body: "List-Unsubscribe=One-Click" });
  assert.equal(reply.status, 200);
  assert.equal((await send("one-click", topics.newsTemplate)).message.reason, "UNSUBSCRIBED");
  const log = await server.call("GET", "/preferences/logs?user_id=one-click");
  assert.deepEqual([log.items[0].source, log.items[0].message_id], ["one-click", id]);
});

test("forged links are not found, revoked ones are gone, and neither changes anything", async () => {
  const { id } = await send("links", topics.newsTemplate);
  const link = await linkIn(id, "p");
  for (const [url, status, words] of [
    [`${link}x`, 404, "This link does not work"],
    [link, 410, "This link is too old"],
  ]) {
    if (status === 410) await server.call("DELETE", "/users/links/preference-page/links");
    const { page, close } = await openPage(browser, { viewport: SIZES.phone });
    const reply = await page.goto(url);
    assert.equal(reply.status(), status);
    await page.getByRole("heading", { name: words }).waitFor();
    await close();
  }
});

/** What axe finds that is serious or worse. */
async function serious(page) {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const bad = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  return bad.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
}

test("axe finds nothing serious, nothing is cut off, and every language is looked at", async () => {
  const shots = await mkdtemp(join(tmpdir(), "tidings-screenshots-"));
  const { id } = await send("looking", topics.newsTemplate, { zoneinfo: "Europe/Berlin" });
  const urls = { page: await linkIn(id, "p"), unsubscribe: await linkIn(id, "u"), lost: `${server.url}/p/none` };
  const sizes = { narrow: NARROW, ...SIZES, zoomed: { width: 640, height: 400 } };
  for (const [name, url] of Object.entries(urls)) {
    for (const lang of LANGUAGES) {
      for (const [size, viewport] of Object.entries(sizes)) {
        for (const colorScheme of ["light", "dark"]) {
          const { page, close } = await openPage(browser, { viewport, colorScheme, bypassCSP: true });
          await page.goto(`${url}?lang=${lang}`);
          const where = `${name} ${lang} ${size} ${colorScheme}`;
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wide <= 0, `${where}: ${wide} px wider than the window`);
          if (size !== "zoomed") assert.deepEqual(await serious(page), [], where);
          await page.screenshot({ path: join(shots, `${name}-${lang}-${size}-${colorScheme}.png`), fullPage: true });
          await close();
        }
      }
    }
  }
  console.log(`screenshots are in ${shots}`);
});
