// The published browser packages, unchanged, in a real browser against the running server.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ALONE, openBrowser, SIZES } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";
import { startHost } from "./host-page.mjs";

const SCOPES = "inbox:read:messages inbox:write:events read:preferences write:preferences read:brands";

let server;
let browser;
let host;
let shots;
let people = 0;

before(async () => {
  [server, browser, host] = await Promise.all([startDev(), openBrowser([ALONE]), startHost()]);
  shots = await mkdtemp(join(tmpdir(), "tidings-widgets-"));
});

after(async () => {
  await browser?.close();
  await host?.close();
  await server?.close();
  console.log(`screenshots are in ${shots}`);
});

/** Somebody whom no other test knows, with a token. */
async function person() {
  const user = `person-${++people}`;
  const { token } = await server.call("POST", "/auth/issue-token", { scope: `user_id:${user} ${SCOPES}`, expires_in: "1 hour" });
  return { user, jwt: token, url: server.url };
}

const send = ({ user, tenant }, title, more = {}) =>
  server.send({
    to: { user_id: user },
    content: { title, body: `About ${title}.` },
    routing: { method: "single", channels: ["inbox"] },
    ...(tenant && { context: { tenant_id: tenant } }),
    ...more,
  });

/**
 * The old client tries again one to five seconds after it lost its connection, and never more when it then finds nobody.
 * Of these it takes the upper end here, so that the server has time to start.
 */
function patient() {
  const random = Math.random;
  Math.random = () => 0.8 + 0.2 * random();
}

/** Opens a page with the packages in it. Nothing in it may call anyone but this machine; the browser would find nobody. */
async function open(bundle, settings, viewport = SIZES.desktop) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const strangers = [];
  const problems = [];
  const note = (url) => new URL(url).hostname === "127.0.0.1" || /^(data|blob):/.test(url) || strangers.push(url);
  page.on("request", (request) => note(request.url()));
  page.on("websocket", (socket) => note(socket.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  if (bundle === "v7") await page.addInitScript(patient);
  await page.goto(host.url(bundle, settings));
  return Object.assign(page, { strangers, problems, shot: (name) => page.screenshot({ path: join(shots, `${name}.png`) }) });
}

/** Ends with a page: nobody else was called, and nothing threw. */
async function close(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.strangers, [], "nothing leaves this machine");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
}

const row = (page, title) => page.locator("courier-inbox-list-item").filter({ hasText: title });
const toast = (page, title) => page.locator("courier-toast-item").filter({ hasText: title });
/** The number beside the inbox's name; empty when there is none. */
const badge = (page) =>
  page.locator("courier-inbox-header-title courier-unread-count-badge").evaluate((node) => {
    const shown = getComputedStyle(node).display !== "none";
    const inside = (node._shadowRoot ?? node.shadowRoot ?? node).querySelector(".badge-container");
    return shown ? (inside ?? node).textContent.trim() : "";
  });

/** Waits until a page's socket is open and subscribed: what is sent from then on arrives live. */
async function live(page, recipient) {
  const title = `Hello ${Math.random().toString(36).slice(2, 8)}`;
  for (;;) {
    await send(recipient, title);
    try {
      return await toast(page, title).first().waitFor({ timeout: 1500 });
    } catch {}
  }
}

const status = async (id) => (await server.call("GET", `/messages/${id}`)).status;

async function until(what, condition, ms = 20_000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) assert.fail(`${what}: not within ${ms} ms`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

test("elements: a message arrives live, with a toast, and is read back on a reload", async () => {
  const ada = await person();
  await send(ada, "Before");
  const page = await open("elements", ada);
  await row(page, "Before").waitFor();
  await live(page, ada);
  const id = await send(ada, "While open");
  await row(page, "While open").waitFor();
  await toast(page, "While open").waitFor();
  await page.shot("elements-live");
  await until("it was seen", async () => (await status(id)) === "OPENED");
  await page.reload();
  await row(page, "While open").waitFor();
  assert.equal(await row(page, "While open").count(), 1);
  await close(page);
});

/** Does what the buttons of a row do: `read_unread` is the first, `archive_unarchive` the second. */
async function press(page, title, which) {
  await row(page, title).hover();
  const buttons = row(page, title).locator("courier-inbox-list-item-menu courier-icon-button");
  await buttons.nth(which === "archive" ? 1 : 0).click();
}

for (const bundle of ["elements", "react"]) {
  test(`${bundle}: what is read on one page is read on the other, and the badge goes`, async () => {
    const ada = await person();
    const id = await send(ada, "Only once");
    const [one, two] = [await open(bundle, { ...ada, alone: true }), await open(bundle, { ...ada, alone: true })];
    for (const page of [one, two]) await row(page, "Only once").waitFor();
    await until("both count it", async () => (await badge(one)) === "1" && (await badge(two)) === "1");
    await one.waitForTimeout(1000);
    await press(one, "Only once", "read");
    await until("the other page counts none", async () => (await badge(two)) === "");
    const message = await server.call("GET", `/messages/${id}`);
    assert.ok(message.read, "the record knows");
    const kinds = (await server.call("GET", `/messages/${id}/history`)).results.map((line) => line.type);
    assert.ok(kinds.includes("OPENED") && kinds.includes("READ"), kinds.join());
    await two.shot(`${bundle}-read-elsewhere`);
    await close(one, two);
  });

  test(`${bundle}: what is archived on one page leaves the other and is in the archive`, async () => {
    const ada = await person();
    await send(ada, "Put away");
    await send(ada, "Stays");
    const [one, two] = [await open(bundle, { ...ada, alone: true }), await open(bundle, { ...ada, alone: true })];
    for (const page of [one, two]) await row(page, "Put away").waitFor();
    await one.waitForTimeout(1000);
    await press(one, "Put away", "archive");
    await row(two, "Put away").waitFor({ state: "detached" });
    await row(two, "Stays").waitFor();
    await two.reload();
    await row(two, "Stays").waitFor();
    assert.equal(await row(two, "Put away").count(), 0);
    await two.locator("courier-inbox-header-title").click();
    // Its menu is closed to scripts; the archive is the second of two entries.
    const menu = await two.locator("courier-inbox-option-menu").last().boundingBox();
    await two.mouse.click(menu.x + 60, menu.y + menu.height * 0.7);
    await row(two, "Put away").waitFor();
    await two.shot(`${bundle}-archive`);
    await close(one, two);
  });

  test(`${bundle}: tabs show what their filters say`, async () => {
    const ada = await person();
    const tab = (datasetId, title, filter) => ({ datasetId, title, filter });
    const feeds = [
      {
        feedId: "all",
        title: "Messages",
        tabs: [tab("everything", "Everything", {}), tab("billing", "Billing", { tags: ["billing"] }), tab("unread", "Unread", { status: "unread" })],
      },
    ];
    await send(ada, "An invoice", { metadata: { tags: ["billing"] } });
    await send(ada, "A comment");
    const page = await open(bundle, { ...ada, feeds, alone: true });
    await row(page, "A comment").waitFor();
    await page.locator("courier-inbox-tabs").getByText("Billing").click();
    await row(page, "An invoice").waitFor();
    await row(page, "A comment").waitFor({ state: "detached" });
    await send(ada, "Another invoice", { metadata: { tags: ["billing"] } });
    await row(page, "Another invoice").waitFor();
    await page.shot(`${bundle}-tabs`);
    await close(page);
  });

  test(`${bundle}: a page of a tenant shows that tenant's messages and no others`, async () => {
    const ada = await person();
    const acme = { ...ada, tenant: "acme" };
    await server.call("PUT", "/tenants/acme", { name: "Acme" });
    await server.call("PUT", "/tenants/other", { name: "Other" });
    await send(acme, "From Acme");
    await send(ada, "From nobody");
    const page = await open(bundle, { ...acme, alone: true });
    await row(page, "From Acme").waitFor();
    assert.equal(await row(page, "From nobody").count(), 0);
    await live(page, acme);
    await send({ ...ada, tenant: "other" }, "From the other");
    await send(acme, "Live from Acme");
    await row(page, "Live from Acme").waitFor();
    assert.equal(await row(page, "From the other").count(), 0);
    await close(page);
  });
}

test("elements: after a restart a page that is back shows every message once, and later ones live", async () => {
  const ada = await person();
  await send(ada, "Before the restart");
  const page = await open("elements", ada);
  await row(page, "Before the restart").waitFor();
  await live(page, ada);
  await server.restart("SIGKILL");
  await send(ada, "While it was away");
  // The browser comes back: the page refreshes, as our demo and our documentation do.
  await until("the page is up to date", async () => {
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.waitForTimeout(700);
    return row(page, "While it was away").count();
  });
  await until("live again", async () => {
    const title = `Later ${Math.random().toString(36).slice(2, 8)}`;
    await send(ada, title);
    return row(page, title).waitFor({ timeout: 1500 }).then(() => true, () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))));
  }, 60_000);
  for (const title of ["Before the restart", "While it was away"]) assert.equal(await row(page, title).count(), 1, title);
  await page.shot("elements-restarted");
  await close(page);
});

test("elements: nobody sees another's inbox with their own token", async () => {
  const [ada, bob] = [await person(), await person()];
  await send(bob, "For Bob alone");
  const page = await open("elements", { ...ada, user: bob.user });
  await page.waitForTimeout(1500);
  await send(bob, "Live for Bob alone");
  await page.waitForTimeout(1500);
  assert.equal(await page.getByText("For Bob alone").count(), 0);
  assert.equal(await page.getByText("Live for Bob alone").count(), 0);
  await close(page);
});

test("react: inbox, menu and toast hear the same", async () => {
  const ada = await person();
  const page = await open("react", ada);
  await page.locator("courier-inbox").last().waitFor();
  await live(page, ada);
  await send(ada, "Through React");
  // The menu holds a list of its own, and is closed.
  await row(page, "Through React").last().waitFor();
  await toast(page, "Through React").waitFor();
  await page.shot("react-live");
  await close(page);
});

/** The number on the menu's button; empty when there is none. */
const menuBadge = (page) =>
  page.locator("courier-inbox-popup-menu courier-unread-count-badge").first().evaluate((node) => {
    const inside = (node._shadowRoot ?? node.shadowRoot ?? node).querySelector(".badge-container") ?? node;
    return getComputedStyle(inside).display === "none" || getComputedStyle(node).display === "none" ? "" : inside.textContent.trim();
  });

test("react: the menu's badge counts what comes, and goes when it is read on another page", async () => {
  const ada = await person();
  await send(ada, "Counted");
  const two = await open("react", ada);
  await until("the menu counts it", async () => (await menuBadge(two)) === "1");
  await live(two, ada);
  await until("the menu counts what came live", async () => Number(await menuBadge(two)) >= 2);
  const one = await open("react", { ...ada, alone: true });
  await row(one, "Counted").waitFor();
  await one.waitForTimeout(1000);
  // What `live` sent stands above it, however many it took.
  const titles = await one.locator("courier-inbox-list-item").evaluateAll((rows) => rows.map((one) => one.textContent.match(/Counted|Hello \w{6}/)[0]));
  for (const title of titles) await press(one, title, "read");
  await until("the menu counts none", async () => (await menuBadge(two)) === "");
  await two.shot("react-menu-badge");
  await close(one, two);
});

/** The old packages have no custom elements: texts are all one can go by. */
const text = (page, title) => page.getByText(title, { exact: true });

for (const mode of ["a token", "a client key"]) {
  test(`v7 with ${mode}: live, with a toast, and by itself again after a restart`, async () => {
    const ada = await person();
    if (mode === "a client key") {
      const { key, secret } = server.clientKey();
      // What the application's own server does.
      const signature = createHmac("sha256", secret).update(ada.user).digest("hex");
      Object.assign(ada, { jwt: undefined, clientKey: key, signature });
    }
    await send(ada, "Before v7");
    const page = await open("v7", ada);
    await text(page, "Before v7").first().waitFor();
    await until("no footer advertises another service", async () => (await page.getByText("POWERED BY").count()) === 0);
    await until("live", async () => {
      const title = `Hello ${Math.random().toString(36).slice(2, 8)}`;
      await send(ada, title);
      return text(page, title).first().waitFor({ timeout: 1500 }).then(() => true, () => false);
    });
    await send(ada, "Live in v7");
    await until("it is in the list and in a toast", async () => (await text(page, "Live in v7").count()) === 2);
    await page.shot(`v7-${mode.replaceAll(" ", "-")}`);
    // The client tries again once, a while after the connection went. A busy machine may need longer than that to start
    // the server, which is no fault of either: then it is restarted again beneath a page that is live.
    const heard = async () => {
      const title = `Again ${Math.random().toString(36).slice(2, 8)}`;
      await send(ada, title);
      return text(page, title).first().waitFor({ timeout: 1500 }).then(() => true, () => false);
    };
    const recovers = async () => {
      await server.restart();
      return until("it recovered by itself", heard, 20_000).then(() => true, () => false);
    };
    for (let tries = 1; !(await recovers()); tries += 1) {
      assert.ok(tries < 3, "it recovered by itself");
      await page.reload();
      await until("live after a reload", heard);
    }
    await close(page);
  });
}
