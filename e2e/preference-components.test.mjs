// The published preference components, unchanged, in a customer's page: they read the page and save what people choose.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { openBrowser, SIZES } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";
import { startHost } from "./host-page.mjs";

let server;
let host;
let browser;
const topics = {};

before(async () => {
  [server, host, browser] = await Promise.all([startDev(), startHost(), openBrowser()]);
  const section = await server.call("POST", "/preferences/sections", {
    name: "Account",
    has_custom_routing: true,
    routing_options: ["email", "sms"],
  });
  const path = `/preferences/sections/${section.id}/topics`;
  const add = async (name, default_status) => (await server.call("POST", path, { name, default_status })).id;
  topics.news = await add("Product news", "OPTED_IN");
  topics.codes = await add("Sign-in codes", "REQUIRED");
  await server.call("POST", "/preferences/publish", { heading: "Your choices" });
});

after(async () => {
  await browser?.close();
  await host?.close();
  await server?.close();
});

async function token(user, scope = "read:preferences write:preferences read:brands") {
  const request = { scope: `user_id:${user} ${scope}`, expires_in: "1h" };
  return (await server.call("POST", "/auth/issue-token", request)).token;
}

async function opened(page, user, run) {
  const context = await browser.newContext({ viewport: SIZES.desktop });
  const tab = await context.newPage();
  const problems = [];
  tab.on("pageerror", (error) => problems.push(String(error)));
  await tab.goto(host.url(page, { url: server.url, user, jwt: await token(user) }));
  await run(tab);
  await context.close();
  assert.deepEqual(problems, []);
}

const said = (user) => server.call("GET", `/users/${user}/preferences/${topics.news}`).then(({ topic }) => topic);

/** Waits until something that is asked of the server is so. */
async function until(ask, is) {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await ask();
    if (is(answer)) return answer;
    await pause(50);
  }
  throw new Error(`it did not become so: ${JSON.stringify(await ask())}`);
}

test("the web component shows the published page and saves a switch and channels", async () => {
  await opened("preferences", "ada", async (page) => {
    const news = page.locator(".courier-pref-topic").filter({ hasText: "Product news" });
    await news.waitFor();
    await page.locator(".courier-pref-topic").filter({ hasText: "Sign-in codes" }).getByText("Required").waitFor();
    await news.getByRole("switch").first().click();
    await until(() => said("ada"), (topic) => topic.status === "OPTED_OUT");
    await news.getByRole("switch").first().click();
    await until(() => said("ada"), (topic) => topic.status === "OPTED_IN");
  });
  const log = await server.call("GET", "/preferences/logs?user_id=ada");
  assert.equal(log.items[0].source, "component");
  assert.equal(log.items.length, 2);
});

test("the older component shows the page and saves a switch", async () => {
  await opened("preferences-v7", "bob", async (page) => {
    await page.getByText("Product news").first().waitFor();
    await page.getByText("Sign-in codes").first().waitFor();
    await page.locator(".react-toggle").first().click();
    await until(() => said("bob"), (topic) => topic.status === "OPTED_OUT");
  });
});

test("a token reaches its own person and what its scope says, and no further", async () => {
  const ask = async (user, jwt, query) => {
    const headers = { authorization: `Bearer ${jwt}`, "x-courier-user-id": user, "content-type": "application/json" };
    const reply = await fetch(`${server.url}/client/q`, { method: "POST", headers, body: JSON.stringify({ query }) });
    return { status: reply.status, body: await reply.json() };
  };
  const write = `mutation { updatePreferenceV2(templateId: "${topics.news}", preferences: {status: OPTED_OUT}) { status } }`;
  const read = "{ recipientPreferences { nodes { templateId status } } }";
  const ada = await token("eve");
  for (const query of [read, write]) assert.equal((await ask("mallory", ada, query)).status, 403, "another person's");
  const reader = await token("eve", "read:preferences");
  assert.equal((await ask("eve", reader, write)).status, 403);
  assert.equal((await ask("eve", reader, read)).body.data.recipientPreferences.nodes.length, 2);
  assert.equal((await said("eve")).status, "OPTED_IN");
  const required = write.replace(topics.news, topics.codes);
  assert.notEqual((await ask("eve", ada, required)).status, 200, "what is required stays");
  assert.equal((await ask("eve", ada, write)).body.data.updatePreferenceV2.status, "OPTED_OUT");
});
