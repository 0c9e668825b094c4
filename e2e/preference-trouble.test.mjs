// The preference page when things go wrong: pressed twice, open twice, old, slow, half loaded, opened by machines.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { row, startWorld, visit } from "./preference-world.mjs";

const PHONE = { viewport: SIZES.phone };
const PLAIN = { ...PHONE, javaScriptEnabled: false };
const SCANNERS = ["Mozilla/5.0 (compatible; SafeLinks)", "curl/8", "Barracuda Sentinel (EE)", "Slackbot-LinkExpanding 1.0", ""];

let world;
let browser;
let topics;

before(async () => {
  world = await startWorld();
  ({ topics } = world);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await world?.close();
});

const toggle = (page, topic) => row(page, topic).getByRole("switch");
const saved = (page) => page.locator("#toast").filter({ hasText: "saved" }).waitFor();
const save = (page) => page.locator(".save button").click();

for (const [name, options] of Object.entries({ "with the script": PHONE, "without a script": PLAIN })) {
  test(`a button pressed twice is meant once, and undone once, ${name}`, async () => {
    const person = `twice-${name.length}`;
    const link = await world.link(person);
    await visit(browser, options, link, async (page) => {
      await page.getByRole("button", { name: "Unsubscribe from everything" }).dblclick();
      await page.getByText("Your choices are saved.").waitFor();
      assert.equal((await world.said(person, topics.news)).status, "OPTED_OUT");
      await page.getByRole("button", { name: "Undo" }).dblclick();
      await page.getByText("Everything is as it was before.").waitFor();
      assert.equal((await world.said(person, topics.news)).status, "OPTED_IN");
      await page.getByRole("button", { name: "For a week" }).dblclick();
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText("Everything is as it was before.").waitFor();
      assert.equal(await page.getByText("Everything is paused until").count(), 0);
    });
  });
}

test("in two tabs, what is saved in one is shown in the other", async () => {
  const link = await world.link("tabs");
  await visit(browser, PHONE, link, async (page) => {
    const other = await page.context().newPage();
    await other.goto(link);
    await toggle(other, topics.news).click();
    await saved(other);
    await page.waitForFunction((topic) => !document.getElementById(`on-${topic}`).checked, topics.news);
  });
});

test("a form that stood open takes back nothing that was said elsewhere meanwhile", async () => {
  const person = "stale-form";
  const link = await world.link(person);
  const leave = await world.link(person, "u", topics.newsTemplate);
  for (const options of [PHONE, PLAIN]) {
    await world.call("PUT", `/users/${person}/preferences/${topics.news}`, { topic: { status: "OPTED_IN" } });
    await visit(browser, options, link, async (page) => {
      await fetch(leave, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });
      await row(page, topics.news).locator("select").selectOption("week");
      await toggle(page, topics.summary).click();
      if (options.javaScriptEnabled === false) await save(page);
      await page.getByText("Your choices are saved.").waitFor();
      await page.waitForLoadState("networkidle");
    });
    assert.equal((await world.said(person, topics.news)).status, "OPTED_OUT");
  }
});

test("going back shows what holds, not what held", async () => {
  for (const options of [PHONE, PLAIN]) {
    const link = await world.link(`back-${options === PLAIN}`);
    await visit(browser, options, link, async (page) => {
      await toggle(page, topics.news).click();
      if (options === PLAIN) await save(page);
      await page.getByText("Your choices are saved.").waitFor();
      await page.locator(".languages a").nth(1).click();
      await page.getByRole("heading", { name: "Tus notificaciones" }).waitFor();
      await page.goBack();
      await page.getByRole("heading", { name: "Your notifications" }).waitFor();
      assert.equal(await toggle(page, topics.news).isChecked(), false);
    });
  }
});

test("a slow answer is told of, a page that is left takes its change along, and the last change made is kept", async () => {
  const person = "slow";
  const link = await world.link(person);
  await visit(browser, PHONE, link, async (page) => {
    await page.route("**/p/**", async (route) => {
      if (route.request().method() === "POST") await pause(1200);
      await route.continue();
    });
    for (let times = 0; times < 3; times += 1) await toggle(page, topics.news).click();
    await page.locator("#toast").filter({ hasText: "Saving" }).waitFor();
    await saved(page);
    await pause(4000);
    assert.equal(await toggle(page, topics.news).isChecked(), false);
  });
  assert.equal((await world.said(person, topics.news)).status, "OPTED_OUT");
  await visit(browser, PHONE, link, async (page) => {
    await toggle(page, topics.news).click();
    await page.goto("about:blank");
  });
  for (let tries = 0; tries < 40 && (await world.said(person, topics.news)).status !== "OPTED_IN"; tries += 1) await pause(50);
  assert.equal((await world.said(person, topics.news)).status, "OPTED_IN");
});

test("without a network a choice goes back to what holds, and says so", async () => {
  const { page, close } = await openPage(browser, PHONE);
  await page.goto(await world.link("offline"));
  await page.context().setOffline(true);
  await toggle(page, topics.news).click();
  await page.locator("#toast.bad").filter({ hasText: "not saved" }).waitFor();
  assert.equal(await toggle(page, topics.news).isChecked(), true);
  await close();
});

test("a script that comes late, breaks or never comes leaves the form", async () => {
  const person = "late";
  const link = await world.link(person);
  const late = await openPage(browser, PHONE);
  let come;
  const held = new Promise((resolve) => (come = resolve));
  await late.page.route("**/person.js", async (route) => {
    await held;
    await route.continue();
  });
  await late.page.goto(link, { waitUntil: "commit" });
  await toggle(late.page, topics.news).click();
  come();
  await saved(late.page);
  assert.equal((await world.said(person, topics.news)).status, "OPTED_OUT", "changed before the script came");
  await late.close();

  for (const body of [null, "const choices = document.getElementById('choices'); throw new Error('half way');"]) {
    const broken = await openPage(browser, PHONE);
    await broken.page.route("**/person.js", (route) =>
      body ? route.fulfill({ contentType: "text/javascript", body }) : route.abort(),
    );
    await broken.page.goto(link);
    await toggle(broken.page, topics.news).click();
    await save(broken.page);
    await broken.page.getByText("Your choices are saved.").waitFor();
    await broken.close();
  }
});

test("a link that is revoked while its page is open says so, and nothing is saved", async () => {
  const person = "revoked";
  const { page, close } = await openPage(browser, PHONE);
  await page.goto(await world.link(person));
  await world.call("DELETE", `/users/${person}/preference-page/links`);
  await toggle(page, topics.news).click();
  await page.getByRole("heading", { name: "This link is too old" }).waitFor();
  assert.deepEqual(await world.log(person), []);
  await close();
});

test("links open with what mail programs leave at their end, and machines that open them change nothing", async () => {
  const person = "scanned";
  const links = [await world.link(person), await world.link(person, "u", topics.newsTemplate)];
  for (const link of links) {
    for (const end of ["", ".", ")", ">", "/", "?utm_source=mail", "#top"]) {
      assert.equal((await fetch(link + end)).status, 200, end);
    }
    for (const agent of SCANNERS) {
      for (const method of ["HEAD", "GET", "OPTIONS"]) {
        await fetch(link, { method, headers: { "user-agent": agent } });
        await fetch(`${link}?action=leave&List-Unsubscribe=One-Click`, { method, headers: { "user-agent": agent } });
      }
    }
    // A browser that runs scripts and follows every link of the page, as some scanners do.
    await visit(browser, PHONE, link, async (page) => {
      const found = await page.locator("a").evaluateAll((all) => all.map((one) => one.href));
      for (const one of found) await page.goto(one);
    });
  }
  assert.deepEqual(await world.log(person), []);
});

test("a burst of opt-outs from one mail domain is told of", async () => {
  for (let number = 0; number < 10; number += 1) {
    const person = `burst-${number}`;
    await world.call("POST", `/profiles/${person}`, { profile: { email: `${person}@burst.test` } });
    const link = await world.link(person, "u", topics.newsTemplate, { email: `${person}@burst.test` });
    await fetch(link, { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) });
  }
  const { results } = await world.call("GET", "/preferences/opt-out-waves");
  assert.deepEqual(results.map((wave) => [wave.mail_domain, wave.people]), [["burst.test", 10]]);
  assert.match(world.server.printed(), /burst\.test/);
});
