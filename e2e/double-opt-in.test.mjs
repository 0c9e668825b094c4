// Marketing that is confirmed by mail before it begins, from the switch to the first mail, in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { startHost } from "./host-page.mjs";
import { row, startWorld, visit } from "./preference-world.mjs";

const ON_ITS_WAY = "We sent you a mail: follow its link, and it begins.";
const CONSENT = /By turning this on you agree/;
const ASKS = "Do you want these messages?";

let world;
let topics;
let browser;
let host;

before(async () => {
  [world, browser, host] = await Promise.all([startWorld(), openBrowser(), startHost()]);
  topics = world.topics;
});

after(async () => {
  await browser?.close();
  await host?.close();
  await world?.close();
});

const letters = (page) => row(page, topics.letters);
const actions = async (person) => (await world.consents(person, topics.letters)).map((one) => `${one.action} ${one.source}`);
/** Sends the newsletter; tells what became of it. */
const newsletter = async (person) => {
  const { message } = await world.send(person, topics.lettersTemplate);
  return message.reason ?? message.status;
};

/** Turns the newsletter on with or without the script, and sees that the page says what comes next. */
async function turnOn(page, script) {
  await letters(page).getByText(CONSENT).waitFor();
  await letters(page).getByRole("switch").click();
  if (script) {
    await page.locator("#toast").filter({ hasText: ON_ITS_WAY }).waitFor();
  } else {
    await page.locator(".save button").click();
    await page.getByText("Your choices are saved.").waitFor();
  }
  await letters(page).getByText(ON_ITS_WAY).waitFor();
  assert.equal(await letters(page).getByText(CONSENT).count(), 0);
  assert.equal(await letters(page).getByRole("switch").isChecked(), true);
}

/** Opens the link of the mail twice without pressing anything, then presses its button. */
async function confirm(person, link, options) {
  for (const method of ["GET", "HEAD"]) assert.equal((await fetch(link, { method })).status, 200);
  await visit(browser, options, link, (page) => page.getByRole("heading", { name: ASKS }).waitFor());
  assert.equal((await actions(person)).length, 1, "looking confirms nothing");
  assert.equal(await newsletter(person), "OPT_IN_REQUIRED");
  await visit(browser, options, link, async (page) => {
    await page.getByText("Newsletter").waitFor();
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("heading", { name: "Thank you, it is confirmed" }).waitFor();
    await page.locator(".more a").click();
    await letters(page).waitFor();
    assert.equal(await letters(page).getByRole("switch").isChecked(), true);
    assert.equal(await letters(page).getByText(ON_ITS_WAY).count(), 0);
  });
}

for (const script of [true, false]) {
  const how = script ? "with" : "without";
  test(`${how} a script: turned on, asked by mail, confirmed by a button, and only then sent`, async () => {
    const person = `opts-in-${how}`;
    const options = { viewport: SIZES.phone, javaScriptEnabled: script };
    await visit(browser, options, await world.link(person, "p", topics.newsTemplate), (page) => turnOn(page, script));
    assert.deepEqual(await actions(person), ["pending page"]);
    assert.equal(await newsletter(person), "OPT_IN_REQUIRED");

    const mail = await world.asked(person);
    assert.match(mail.title, /^Please confirm: Newsletter$/);
    await confirm(person, mail.link, options);
    assert.deepEqual(await actions(person), ["pending page", "confirmed double-opt-in"]);
    assert.equal(await newsletter(person), "SENT");

    // The link in the mail stays, and says the same when it is followed again.
    await visit(browser, options, mail.link, (page) => page.getByRole("heading", { name: "Thank you" }).waitFor());
    assert.equal((await actions(person)).length, 2);
  });
}

test("turned off again before it is confirmed, the mail's link is too old, and nothing is ever sent", async () => {
  const person = "has-second-thoughts";
  const link = await world.link(person, "p", topics.newsTemplate);
  await visit(browser, { viewport: SIZES.phone }, link, async (page) => {
    await turnOn(page, true);
    await letters(page).getByRole("switch").click();
    await letters(page).getByText(CONSENT).waitFor();
    await page.waitForLoadState("networkidle");
  });
  const mail = await world.asked(person);
  for (const method of ["GET", "POST"]) assert.equal((await fetch(mail.link, { method })).status, 410);
  assert.equal(await newsletter(person), "UNSUBSCRIBED");
  assert.deepEqual(await actions(person), ["pending page", "withdrawn page"]);
});

test("forged links are not found, revoked ones are gone, and neither confirms anything", async () => {
  const person = "holds-links";
  await visit(browser, { viewport: SIZES.phone }, await world.link(person, "p", topics.newsTemplate), (page) => turnOn(page, true));
  const [base, query] = (await world.asked(person)).link.split("?");
  const token = base.split("/c/")[1];
  const elsewhere = (await world.link(person, "u", topics.newsTemplate)).split("/u/")[1].split("?")[0];
  const forged = [`${base}x`, base.slice(0, -4), base.replace(token, elsewhere), base.replace("/c/", "/p/"), base.replace("/c/", "/u/")];
  for (const url of forged) for (const method of ["GET", "POST"]) assert.equal((await fetch(url, { method })).status, 404, url);
  const { page, close } = await openPage(browser, { viewport: SIZES.phone });
  assert.equal((await page.goto(`${base}x?${query}`)).status(), 404);
  await page.getByRole("heading", { name: "This link does not work" }).waitFor();

  await world.call("DELETE", `/users/${person}/preference-page/links`);
  for (const method of ["GET", "POST"]) assert.equal((await fetch(base, { method })).status, 410);
  assert.equal((await page.goto(`${base}?${query}`)).status(), 410);
  await page.getByRole("heading", { name: "This link is too old" }).waitFor();
  await close();
  assert.deepEqual(await actions(person), ["pending page"]);
});

test("the published component turns it on, and the mail that comes confirms it", async () => {
  const person = "uses-a-component";
  await world.call("POST", `/profiles/${person}`, { profile: { email: `${person}@people.test` } });
  const scope = `user_id:${person} read:preferences write:preferences read:brands`;
  const { token: jwt } = await world.call("POST", "/auth/issue-token", { scope, expires_in: "1h" });
  const open = () => host.url("preferences", { url: world.server.url, user: person, jwt });
  const toggle = (page) => page.locator(".courier-pref-topic").filter({ hasText: "Newsletter" }).getByRole("switch").first();
  const isOn = async (page) => (await toggle(page).getAttribute("aria-checked")) === "true" || (await toggle(page).isChecked());

  await visit(browser, { viewport: SIZES.desktop }, open(), async (page) => {
    await toggle(page).waitFor();
    assert.equal(await isOn(page), false);
    await toggle(page).click();
    for (let tries = 0; (await actions(person)).length === 0 && tries < 100; tries += 1) await pause(50);
    assert.equal(await isOn(page), true);
  });
  assert.deepEqual(await actions(person), ["pending component"]);
  assert.equal(await newsletter(person), "OPT_IN_REQUIRED");
  await confirm(person, (await world.asked(person)).link, { viewport: SIZES.phone });
  assert.deepEqual(await actions(person), ["pending component", "confirmed double-opt-in"]);
  assert.equal(await newsletter(person), "SENT");
  await visit(browser, { viewport: SIZES.desktop }, open(), async (page) => {
    await toggle(page).waitFor();
    assert.equal(await isOn(page), true);
  });
});
