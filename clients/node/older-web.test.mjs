// Every method of the older web clients, as they were published.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";

import older from "courier-js-1";
import two from "courier-js-2.0";
import twoOne from "courier-js-2.1";

import { arrived, closeAll, listen, serverSide, somebody } from "./inbox.mjs";
import { eventually, startWorld } from "./world.mjs";

// What a browser has and this Node may not.
globalThis.self ??= globalThis;

let world;
let rest;
let send;

before(async () => {
  world = await startWorld();
  ({ rest, send } = serverSide(world));
});

afterEach(closeAll);

after(async () => world?.close());

const INBOX = "inbox:read:messages inbox:write:events read:brands write:user-tokens read:preferences write:preferences";

/** What the application's own server answers its page. */
const tokenOf = async (user, scope) =>
  (await rest("POST", "/auth/issue-token", { scope: `user_id:${user} ${scope}`, expires_in: "1 hour" })).token;

const profileOf = async (user) => {
  const headers = { authorization: `Bearer ${world.key}` };
  const reply = await fetch(`${world.url}/profiles/${user}`, { headers });
  return reply.ok ? (await reply.json()).profile : undefined;
};

const onList = async (list) => {
  const { items } = await rest("GET", `/lists/${list}/subscriptions`);
  return items.map((one) => one.recipientId);
};

const some = (kind) => `${kind}-${randomUUID().slice(0, 8)}`;

/** The topic of a section that has just been made. */
const makeTopic = async () => {
  const section = await rest("POST", "/preferences/sections", { name: "News", has_custom_routing: true });
  const kept = { name: "Weekly", default_status: "OPTED_OUT" };
  return rest("POST", `/preferences/sections/${section.id}/topics`, kept);
};

// --- 1.4.2: one client for a page. It tells of a refusal in the console, and only when it is to debug.

const first = older.default;

/** Makes the page's client; gathers what it complains of. */
const init = (options) => {
  const complaints = [];
  console.error = (text) => complaints.push(text);
  first.init({ baseUrl: world.url, debug: true, ...options });
  return complaints;
};

const consoleError = console.error;
afterEach(() => {
  console.error = consoleError;
});

/** An event that the page told of, by its name. */
const event = (name) =>
  eventually("an event", async () => (await rest("GET", "/inbound/events")).results.find((one) => one.event === name));

const everyMethodOfTheFirst = async (user, complaints, identifies) => {
  const [list, seen] = [some("list"), some("seen")];
  await first.identify(user, { email: `${user}@example.com`, custom: { plan: "pro" } });
  const profile = identifies ? { email: `${user}@example.com`, custom: { plan: "pro" } } : undefined;
  assert.deepEqual(await profileOf(user), profile);
  await first.subscribe(user, list);
  assert.deepEqual(await onList(list), [user]);
  await first.track(seen, { page: "/" });
  assert.deepEqual((await event(seen)).properties, { page: "/" });
  // It does not wait for the answer.
  await first.unsubscribe(user, list);
  await eventually("nobody on the list", async () => (await onList(list)).length === 0);
  return complaints;
};

for (const base of ["", "/client/q"]) {
  test(`1.4.2 with a token at ${base || "/"}`, async () => {
    const user = somebody();
    const authorization = await tokenOf(user, "write:profiles write:preferences");
    // The provider of the 7.x packages gives this for a key when it has a token.
    const complaints = init({ baseUrl: world.url + base, authorization, clientKey: "JWT_AUTH", userId: user });
    assert.deepEqual(await everyMethodOfTheFirst(user, complaints, true), []);
  });
}

test("1.4.2 with a token that may not write profiles", async () => {
  const user = somebody();
  const complaints = init({ authorization: await tokenOf(user, INBOX), clientKey: "JWT_AUTH", userId: user });
  const told = await everyMethodOfTheFirst(user, complaints, false);
  assert.equal(told.length, 1);
  assert.match(told[0], /identify.*403 because "The token lacks the scope `write:profiles`"/);
});

test("1.4.2 with a client key and a signed user id", async () => {
  const user = somebody();
  const { key, secret } = await world.clientKey();
  const userSignature = createHmac("sha256", secret).update(user).digest("hex");
  const page = { clientKey: key, userId: user, userSignature };
  const told = await everyMethodOfTheFirst(user, init(page), false);
  assert.equal(told.length, 1);
  assert.match(told[0], /identify.*403 because "A signed user id cannot write a profile while `identify_by_signature`/);
  await rest("PUT", "/settings/clients", { identify_by_signature: true });
  try {
    assert.deepEqual(await everyMethodOfTheFirst(user, init(page), true), []);
  } finally {
    await rest("PUT", "/settings/clients", {});
  }
});

test("1.4.2 with a client key alone tells of events and changes nobody", async () => {
  const [user, list, seen] = [somebody(), some("list"), some("seen")];
  const { key } = await world.clientKey();
  const complaints = init({ clientKey: key, userId: user });
  await rest("PUT", "/settings/clients", { identify_by_signature: true });
  try {
    await first.identify(user, { email: "eve@example.com" });
    await first.subscribe(user, list);
  } finally {
    await rest("PUT", "/settings/clients", {});
  }
  assert.equal(complaints.length, 2);
  for (const told of complaints) assert.match(told, /401 because "Unauthorized: a client key needs the user id's signature"/);
  assert.equal(await profileOf(user), undefined);
  await first.track(seen);
  await event(seen);
  // An address of its vendor's, put together without a question to anybody.
  assert.match(first.generatePreferencesUrl(user, { tenantId: "acme" }), /^https:\/\/view\.notificationcenter\.app\/p\/.+/);
});

// --- 2.0.11 and 2.1.3: a client per person.

const clientOf = (module, user, access) =>
  new module.CourierClient({
    userId: user,
    ...access,
    apiUrls: {
      courier: { rest: world.url, graphql: `${world.url}/client/q` },
      inbox: { graphql: `${world.url}/q`, webSocket: world.url.replace("http", "ws") },
    },
  });

for (const [version, module] of [["2.0.11", two], ["2.1.3", twoOne]]) {
  test(`${version}: the inbox`, async () => {
    const user = somebody();
    const client = clientOf(module, user, { jwt: await tokenOf(user, INBOX) });
    const { inbox } = client;
    const [old, other] = [await send({ user_id: user }, "old"), await send({ user_id: user }, "other")];
    for (const id of [old, other]) await arrived(client, id);
    const titles = async (page) => (await page).data.messages.nodes.map((one) => one.title);
    assert.deepEqual(await titles(inbox.getMessages({ paginationLimit: 1 })), ["other"]);
    const { startCursor } = (await inbox.getMessages({ paginationLimit: 1 })).data.messages.pageInfo;
    assert.deepEqual(await titles(inbox.getMessages({ paginationLimit: 1, startCursor })), ["old"]);
    assert.equal(await inbox.getUnreadMessageCount(), 2);
    const node = async (id) => (await inbox.getMessages()).data.messages.nodes.find((one) => one.messageId === id);
    await inbox.read({ messageId: old });
    assert.ok((await node(old)).read);
    await inbox.unread({ messageId: old });
    assert.equal((await node(old)).read ?? null, null);
    await inbox.open({ messageId: old });
    assert.ok((await node(old)).opened);
    const trackingId = (await node(old)).trackingIds.clickTrackingId;
    await inbox.click({ messageId: old, trackingId });
    assert.equal((await rest("GET", `/messages/${old}`)).status, "CLICKED");
    await inbox.archive({ messageId: old });
    assert.deepEqual(await titles(inbox.getArchivedMessages()), ["old"]);
    await inbox.unarchive({ messageId: old });
    assert.deepEqual(await titles(inbox.getArchivedMessages()), []);
    await inbox.read({ messageId: old });
    await inbox.archiveRead();
    assert.deepEqual(await titles(inbox.getArchivedMessages()), ["old"]);
    await inbox.readAll();
    assert.equal(await inbox.getUnreadMessageCount(), 0);
    await inbox.archiveAll();
    assert.deepEqual(await titles(inbox.getMessages()), []);
  });

  test(`${version}: the socket`, async () => {
    const user = somebody();
    const jwt = await tokenOf(user, INBOX);
    // As `Courier.shared.signIn` names connections; a client of 2.0 that is made without names none, and hears itself.
    const [here, there] = [0, 1].map(() => clientOf(module, user, { jwt, connectionId: randomUUID() }));
    const [heard, elsewhere] = [await listen(here), await listen(there)];
    try {
      const id = await send({ user_id: user }, "live");
      for (const one of [heard, elsewhere]) assert.equal((await one.next("message")).data.title, "live");
      await here.inbox.read({ messageId: id });
      assert.equal((await elsewhere.next("read")).messageId, id);
      here.inbox.socket.sendUnsubscribe();
      await there.inbox.unread({ messageId: id });
      await there.inbox.archiveAll();
      await new Promise((done) => setTimeout(done, 400));
      assert.deepEqual(heard.splice(0), [], "nothing after unsubscribing, and no echo before");
    } finally {
      for (const client of [here, there]) client.inbox.socket.close();
    }
  });

  test(`${version}: brands, tokens and preferences`, async () => {
    const user = somebody();
    const client = clientOf(module, user, { jwt: await tokenOf(user, INBOX) });
    const brand = await rest("POST", "/brands", { name: "House", settings: { colors: { primary: "#112233" } } });
    assert.equal((await client.brands.getBrand({ brandId: brand.id })).settings.colors.primary, "#112233");
    const token = some("token");
    await client.tokens.putUserToken({ token, provider: "firebase-fcm", device: { platform: "web", appId: "a" } });
    const { tokens } = await rest("GET", `/users/${user}/tokens`);
    assert.deepEqual([tokens[0].token, tokens[0].device.app_id], [token, "a"]);
    await client.tokens.deleteUserToken({ token });
    assert.deepEqual((await rest("GET", `/users/${user}/tokens`)).tokens, []);
    const topic = await makeTopic();
    const { preferences } = client;
    assert.equal((await preferences.getUserPreferenceTopic({ topicId: topic.id })).status, "OPTED_OUT");
    const wish = { status: "OPTED_IN", hasCustomRouting: true, customRouting: ["email", "inbox"] };
    await preferences.putUserPreferenceTopic({ topicId: topic.id, ...wish });
    const [kept] = (await preferences.getUserPreferences()).items;
    assert.deepEqual([kept.topicId, kept.status, kept.customRouting], [topic.id, "OPTED_IN", ["email", "inbox"]]);
    const { key } = await world.clientKey();
    assert.match(preferences.getNotificationCenterUrl({ clientKey: key }), /^https:\/\/view\.notificationcenter\.app\/p\/.+/);
  });

  test(`${version}: lists and events`, async () => {
    const user = somebody();
    const [listId, seen, messageId] = [some("list"), some("seen"), randomUUID()];
    const client = clientOf(module, user, { jwt: await tokenOf(user, "write:preferences") });
    await client.lists.putSubscription({ listId });
    assert.deepEqual(await onList(listId), [user]);
    await client.lists.deleteSubscription({ listId });
    assert.deepEqual(await onList(listId), []);
    const told = { event: seen, messageId, type: "track", properties: { page: "/" } };
    assert.deepEqual(await client.tracking.postInboundCourier(told), { messageId });
    assert.equal((await event(seen)).userId, user);
  });

  test(`${version}: another's list, and a client key alone`, async () => {
    const [ada, eve, listId] = [somebody(), somebody(), some("list")];
    const thief = clientOf(module, ada, { jwt: await tokenOf(eve, "write:preferences") });
    await assert.rejects(thief.lists.putSubscription({ listId }), /not bound/);
    const { key } = await world.clientKey();
    const bare = clientOf(module, ada, { publicApiKey: key });
    const [seen, messageId] = [some("seen"), randomUUID()];
    await assert.rejects(bare.inbox.getMessages());
    await assert.rejects(bare.lists.putSubscription({ listId }), { code: 401 });
    await assert.rejects(bare.preferences.getUserPreferences(), { code: 401 });
    await assert.rejects(bare.tokens.putUserToken({ token: "t", provider: "apn" }), { code: 401 });
    await bare.tracking.postInboundCourier({ event: seen, messageId, type: "track" });
    await event(seen);
  });

  test(`${version}: what a push reports`, async () => {
    const client = clientOf(module, somebody(), {});
    // The address stands in a push; one that was not made here is refused.
    const forged = client.tracking.postTrackingUrl({ url: `${world.url}/e/forged`, event: "CLICKED" });
    await assert.rejects(forged, (error) => error.code >= 400 && error.code < 500);
  });
}
