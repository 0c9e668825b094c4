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
const BLUE = "#0044ff";
const LOGO = "http://127.0.0.1:9/logo.svg";

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
  const product = await server.call("POST", "/preferences/sections", { name: "Product" });
  const offer = async (name, more) =>
    (await server.call("POST", `/preferences/sections/${product.id}/topics`, { name, default_status: "OPTED_IN", ...more })).id;
  topics.tips = await offer("Tips", {});
  topics.trips = await offer("Trips", { allowed_preferences: ["channel_preferences"], routing_options: ["email", "push"] });
  const settings = { colors: { primary: BLUE }, email: { header: { logo: { image: LOGO, href: "https://acme.example" } } } };
  await server.call("POST", "/brands", { id: "acme", name: "Acme", settings });
  await server.call("PUT", "/tenants/acme", {
    name: "Acme",
    brand_id: "acme",
    default_preferences: { items: [{ id: topics.tips, status: "REQUIRED" }] },
  });
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

async function opened(page, user, run, more = {}) {
  const context = await browser.newContext({ viewport: SIZES.desktop });
  const tab = await context.newPage();
  const problems = [];
  tab.on("pageerror", (error) => problems.push(String(error)));
  await tab.goto(host.url(page, { url: server.url, user, jwt: await token(user), ...more }));
  await run(tab);
  await context.close();
  assert.deepEqual(problems, []);
}

const said = (user, topic = topics.news) =>
  server.call("GET", `/users/${user}/preferences/${topic}`).then((answer) => answer.topic);

/** Waits until something that is asked of the server is so. */
async function until(ask, is) {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await ask();
    if (is(answer)) return answer;
    await pause(50);
  }
  throw new Error(`it did not become so: ${JSON.stringify(await ask())}`);
}

/** A topic of the web component. */
const topic = (page, name) => page.locator(".courier-pref-topic").filter({ hasText: name });

test("the web component shows the published page and saves a switch and channels", async () => {
  await opened("preferences", "ada", async (page) => {
    const news = page.locator(".courier-pref-topic").filter({ hasText: "Product news" });
    await news.waitFor();
    await page.locator(".courier-pref-topic").filter({ hasText: "Sign-in codes" }).getByText("Required").waitFor();
    await news.getByRole("switch").first().click();
    await until(() => said("ada"), (topic) => topic.status === "OPTED_OUT");
    await news.getByRole("switch").first().click();
    await until(() => said("ada"), (topic) => topic.status === "OPTED_IN");
    await news.locator(".courier-channel-customize-button").click();
    await news.locator(".courier-channel-chip").filter({ hasText: "Email" }).click();
    await until(() => said("ada"), (topic) => String(topic.custom_routing) === "sms");
  });
  const log = await server.call("GET", "/preferences/logs?user_id=ada");
  assert.ok(log.items.length >= 3 && log.items.every((one) => one.source === "component"));
});

test("the web component offers the channels of one topic alone", async () => {
  await opened("preferences", "tia", async (page) => {
    await topic(page, "Trips").locator(".courier-channel-customize-button").click();
    await topic(page, "Trips").locator(".courier-channel-chip").filter({ hasText: "Push" }).click();
    await until(() => said("tia", topics.trips), (one) => String(one.custom_routing) === "email");
    assert.equal(await topic(page, "Tips").locator(".courier-channel-customize-button").count(), 0);
  });
});

test("the web component wears the logo of the tenant's brand and locks what the tenant requires", async () => {
  const logo = ".courier-preferences-logo img";
  await opened("preferences", "tom", async (page) => {
    await topic(page, "Tips").getByRole("switch").waitFor();
    assert.equal(await page.locator(logo).count(), 0);
  });
  await opened(
    "preferences",
    "tom",
    async (page) => {
      await page.locator(logo).waitFor();
      assert.equal(await page.locator(logo).getAttribute("src"), LOGO);
      await topic(page, "Tips").getByText("Required").waitFor();
    },
    { tenant: "acme" },
  );
});

test("the older component wears the colour of the tenant's brand", async () => {
  const track = (page) => page.locator(".react-toggle-track").first();
  const colour = (page) => track(page).evaluate((one) => getComputedStyle(one).backgroundColor);
  await opened("preferences-v7", "tom", async (page) => {
    await track(page).waitFor();
    assert.notEqual(await colour(page), "rgb(0, 68, 255)");
  });
  const inTenant = (page) => until(() => colour(page), (is) => is === "rgb(0, 68, 255)");
  await opened("preferences-v7", "tom", inTenant, { tenant: "acme" });
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
  assert.equal((await ask("eve", reader, read)).body.data.recipientPreferences.nodes.length, 4);
  assert.equal((await said("eve")).status, "OPTED_IN");
  const required = write.replace(topics.news, topics.codes);
  assert.notEqual((await ask("eve", ada, required)).status, 200, "what is required stays");
  assert.equal((await ask("eve", ada, write)).body.data.updatePreferenceV2.status, "OPTED_OUT");
});
