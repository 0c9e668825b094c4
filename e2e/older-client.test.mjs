// courier-js 1.4.2 in a customer's page, on an origin of its own: a browser asks before each of its calls.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { openBrowser, openPage } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";
import { startHost } from "./host-page.mjs";

let server;
let host;
let browser;

before(async () => {
  [server, host, browser] = await Promise.all([startDev(), startHost(), openBrowser()]);
});

after(async () => {
  await browser?.close();
  await host?.close();
  await server?.close();
});

/** Opens the page of a person whose token grants something. */
async function open(user, scope) {
  const { token: jwt } = await server.call("POST", "/auth/issue-token", { scope: `user_id:${user} ${scope}`, expires_in: "1h" });
  const opened = await openPage(browser);
  await opened.page.goto(host.url("client-1", { url: server.url, user, jwt }));
  await opened.page.waitForFunction(() => globalThis.client);
  return opened;
}

const onList = async () => (await server.call("GET", "/lists/news/subscriptions")).items.map((one) => one.recipientId);

test("a page identifies its person, subscribes them and tells of events", async () => {
  const { page, problems, close } = await open("ada", "write:profiles write:preferences");
  await page.evaluate(async () => {
    await globalThis.client.identify("ada", { email: "ada@example.com" });
    await globalThis.client.subscribe("ada", "news");
    await globalThis.client.track("seen", { page: "/" });
  });
  assert.equal((await server.call("GET", "/profiles/ada")).profile.email, "ada@example.com");
  assert.deepEqual(await onList(), ["ada"]);
  const { results } = await server.call("GET", "/inbound/events");
  assert.deepEqual(results.map((one) => [one.event, one.properties]), [["seen", { page: "/" }]]);
  await page.evaluate(() => globalThis.client.unsubscribe("ada", "news"));
  // The client does not wait for this answer.
  for (let tries = 0; tries < 100 && (await onList()).length > 0; tries += 1) await pause(50);
  assert.deepEqual(await onList(), []);
  assert.deepEqual(problems, []);
  await close();
});

test("a page whose token may not is told what is missing", async () => {
  const { page, problems, close } = await open("bob", "inbox:read:messages write:preferences");
  await page.evaluate(() => globalThis.client.identify("bob", { email: "eve@example.com" }));
  const told = problems.filter((text) => text.includes("/client/identify/bob"));
  assert.match(told.at(-1), /403 because "The token lacks the scope `write:profiles`"/);
  await assert.rejects(server.call("GET", "/profiles/bob"), /404/);
  await close();
});
