// From a received mail through its preferences link: the person decides, in a real browser, and the next send obeys.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { chip, row, startWorld, visit } from "./preference-world.mjs";

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

for (const [size, viewport] of Object.entries({ phone: SIZES.phone, desktop: SIZES.desktop })) {
  test(`${size}: with a script, each choice is saved at once and holds for the next send`, async () => {
    const person = `with-${size}`;
    const before = await world.send(person, topics.resetsTemplate);
    assert.deepEqual(before.channels, ["email", "sms"]);
    await visit(browser, { viewport }, await world.linkIn(before.id, "p"), async (page) => {
      await page.getByText("The message you came from").waitFor();
      for (const name of ["Email", "Push"]) {
        await chip(page, topics.resets, name).click();
        await page.locator("#toast").filter({ hasText: "saved" }).waitFor();
      }
      await page.waitForLoadState("networkidle");
    });
    assert.deepEqual((await world.send(person, topics.resetsTemplate)).channels, ["sms"], "by text message alone");
  });

  test(`${size}: without a script, the form does the same and can be undone`, async () => {
    const person = `without-${size}`;
    const before = await world.send(person, topics.resetsTemplate);
    const link = await world.linkIn(before.id, "p");
    await visit(browser, { viewport, javaScriptEnabled: false }, link, async (page) => {
      for (const name of ["Email", "Push"]) await chip(page, topics.resets, name).click();
      await page.locator(".save button").click();
      await page.getByText("Your choices are saved.").waitFor();
      assert.deepEqual((await world.send(person, topics.resetsTemplate)).channels, ["sms"]);
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText("Everything is as it was before.").waitFor();
    });
    assert.deepEqual((await world.send(person, topics.resetsTemplate)).channels, ["email", "sms"]);
  });
}

test("the last channel cannot be taken away, and says so", async () => {
  const { id } = await world.send("last-channel", topics.resetsTemplate);
  const { page, close } = await openPage(browser, { viewport: SIZES.phone });
  await page.goto(await world.linkIn(id, "p"));
  for (const name of ["Email", "Push", "Text message"]) await chip(page, topics.resets, name).click();
  await page.locator("#toast.bad").filter({ hasText: "Choose at least one way" }).waitFor();
  assert.equal(await chip(page, topics.resets, "Text message").locator("input").isChecked(), true);
  await close();
});

test("everything works with the keyboard alone", async () => {
  const { id } = await world.send("keyboard", topics.newsTemplate);
  await visit(browser, { viewport: SIZES.desktop }, await world.linkIn(id, "p"), async (page) => {
    const toggle = row(page, topics.news).getByRole("switch");
    for (let steps = 0; steps < 40 && !(await toggle.evaluate((one) => one === document.activeElement)); steps += 1) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await page.locator("#toast").filter({ hasText: "saved" }).waitFor();
    assert.equal(await toggle.isChecked(), false);
  });
  assert.equal((await world.send("keyboard", topics.newsTemplate)).message.reason, "UNSUBSCRIBED");
});

test("a pause of everything holds, and ends with one button", async () => {
  const { id } = await world.send("pausing", topics.newsTemplate);
  await visit(browser, { viewport: SIZES.phone }, await world.linkIn(id, "p"), async (page) => {
    await page.getByRole("button", { name: "For a week" }).click();
    await page.getByText("Everything is paused until").waitFor();
    assert.equal((await world.send("pausing", topics.newsTemplate)).message.status, "FILTERED");
    await page.getByRole("button", { name: "Resume now" }).click();
    await page.getByText("Everything is paused until").waitFor({ state: "detached" });
  });
  assert.equal((await world.send("pausing", topics.newsTemplate)).message.status, "SENT");
});

test("one click from a mail program unsubscribes, and a scanner that only looks does not", async () => {
  const { id } = await world.send("one-click", topics.newsTemplate);
  const { items } = await world.call("GET", "/outbox/messages");
  const mail = items.find((one) => one.message_id === id && one.channel === "email");
  const { source } = await world.call("GET", `/outbox/messages/${mail.number}`);
  const unfolded = source.replaceAll(/\r?\n[ \t]+/g, " ");
  const [, link] = unfolded.match(/^List-Unsubscribe: ?<([^>]+)>/m);
  assert.match(unfolded, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
  for (const method of ["GET", "HEAD"]) assert.equal((await fetch(link, { method })).status, 200);
  assert.equal((await world.send("one-click", topics.newsTemplate)).message.status, "SENT", "looking changes nothing");
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const reply = await fetch(link, { method: "POST", headers, body: "List-Unsubscribe=One-Click" });
  assert.equal(reply.status, 200);
  assert.equal((await world.send("one-click", topics.newsTemplate)).message.reason, "UNSUBSCRIBED");
  const log = await world.call("GET", "/preferences/logs?user_id=one-click");
  assert.deepEqual([log.items[0].source, log.items[0].message_id], ["one-click", id]);
});

test("forged links are not found, revoked ones are gone, and neither changes anything", async () => {
  const { id } = await world.send("links", topics.newsTemplate);
  const link = await world.linkIn(id, "p");
  for (const [url, status, words] of [
    [`${link}x`, 404, "This link does not work"],
    [link, 410, "This link is too old"],
  ]) {
    if (status === 410) await world.call("DELETE", "/users/links/preference-page/links");
    const { page, close } = await openPage(browser, { viewport: SIZES.phone });
    const reply = await page.goto(url);
    assert.equal(reply.status(), status);
    await page.getByRole("heading", { name: words }).waitFor();
    await close();
  }
});
