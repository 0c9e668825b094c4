// The published in-app client against one server.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";

import { arrived, clientOf as clientAt, closeAll, listen, messages, serverSide, somebody } from "./inbox.mjs";
import { eventually, never, startWorld } from "./world.mjs";

let world;
let rest;
let send;

before(async () => {
  world = await startWorld();
  ({ rest, send } = serverSide(world));
});

afterEach(closeAll);

after(async () => world?.close());

const clientOf = (userId, options) => clientAt(world, userId, options);

test("messages are listed, paged, counted and read", async () => {
  const user = somebody();
  const client = await clientOf(user);
  const ids = [];
  for (const title of ["one", "two", "three"]) {
    ids.push(await send({ user_id: user }, title, { data: { n: ids.length }, metadata: { tags: [title] } }));
    await arrived(client, ids.at(-1));
  }
  const first = (await client.inbox.getMessages({ paginationLimit: 2 })).data;
  assert.deepEqual(first.messages.nodes.map((one) => one.title), ["three", "two"]);
  assert.equal(first.count, 3);
  assert.equal(first.unreadCount, 3);
  assert.equal(first.messages.pageInfo.hasNextPage, true);
  const { startCursor } = first.messages.pageInfo;
  const second = (await client.inbox.getMessages({ paginationLimit: 2, startCursor })).data;
  assert.deepEqual(second.messages.nodes.map((one) => one.title), ["one"]);
  assert.equal(second.messages.pageInfo.hasNextPage, false);
  const [node] = second.messages.nodes;
  assert.match(node.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual([node.preview, node.data, node.tags], ["one!", { n: 0 }, ["one"]]);

  await client.inbox.read({ messageId: ids[0] });
  assert.equal(await client.inbox.getUnreadMessageCount(), 2);
  assert.deepEqual((await messages(client, { status: "read" })).messages.nodes.map((one) => one.messageId), [ids[0]]);
  await client.inbox.unread({ messageId: ids[0] });
  const counts = await client.inbox.getUnreadCounts({ "all-of_it": {}, two: { tags: ["two"] }, put_away: { archived: true } });
  assert.deepEqual(counts, { "all-of_it": 3, two: 1, put_away: 0 });
  await client.inbox.readAll();
  assert.equal(await client.inbox.getUnreadMessageCount(), 0);
});

test("messages are put away and taken out again", async () => {
  const user = somebody();
  const client = await clientOf(user);
  const ids = [await send({ user_id: user }, "one"), await send({ user_id: user }, "two")];
  for (const id of ids) await arrived(client, id);
  await client.inbox.archive({ messageId: ids[0] });
  const archive = async () => (await client.inbox.getArchivedMessages()).data.messages.nodes.map((one) => one.messageId);
  assert.deepEqual(await archive(), [ids[0]]);
  await client.inbox.unarchive({ messageId: ids[0] });
  assert.deepEqual(await archive(), []);
  await client.inbox.read({ messageId: ids[1] });
  await client.inbox.archiveRead();
  assert.deepEqual(await archive(), [ids[1]]);
  await client.inbox.archiveAll();
  assert.equal((await archive()).length, 2);
});

test("many are opened in one request, and the message itself knows", async () => {
  const user = somebody();
  const client = await clientOf(user);
  const ids = await Promise.all(Array.from({ length: 5 }, (_, n) => send({ user_id: user }, `m${n}`)));
  for (const id of ids) await arrived(client, id);
  await client.inbox.batchOpen([...ids, "unknown"]);
  for (const node of (await messages(client)).messages.nodes) assert.ok(node.opened);
  const { status } = await rest("GET", `/messages/${ids[0]}`);
  assert.equal(status, "OPENED");
  const { trackingIds } = (await messages(client)).messages.nodes[0];
  await client.inbox.click({ messageId: ids[0], trackingId: trackingIds.clickTrackingId });
  assert.equal((await rest("GET", `/messages/${ids[0]}`)).status, "CLICKED");
});

test("a message comes live, once, and what is done on one page shows on the other", async () => {
  const user = somebody();
  const [here, there] = [await clientOf(user), await clientOf(user)];
  const [heardHere, heardThere] = [await listen(here), await listen(there)];
  const id = await send({ user_id: user }, "live");
  for (const heard of [heardHere, heardThere]) {
    const frame = await heard.next("message");
    assert.equal(frame.data.messageId, id);
    assert.equal(frame.data.title, "live");
    assert.ok(frame.data.trackingIds.clickTrackingId);
  }
  await here.inbox.read({ messageId: id });
  assert.equal((await heardThere.next("read")).messageId, id);
  await here.inbox.readAll();
  await here.inbox.archiveAll();
  await heardThere.next("archive-all");
  await never("an echo or a second time", () => heardHere.length + heardThere.length);
});

test("tenants are apart", async () => {
  const user = somebody();
  const [plain, acme] = [await clientOf(user), await clientOf(user, { tenantId: "acme" })];
  const [heardPlain, heardAcme] = [await listen(plain), await listen(acme)];
  const id = await send({ user_id: user, context: { tenant_id: "acme" } }, "acme");
  assert.equal((await heardAcme.next("message")).data.messageId, id);
  await arrived(acme, id);
  assert.deepEqual((await messages(plain)).messages.nodes, []);
  await never("a message of another tenant", () => heardPlain.length);
});

test("a token opens its own person's inbox and no other", async () => {
  const [ada, eve] = [somebody(), somebody()];
  const id = await send({ user_id: ada }, "hers");
  await arrived(await clientOf(ada), id);
  const thief = await clientOf(ada, { as: eve });
  await assert.rejects(messages(thief), /not bound/);
  await assert.rejects(thief.inbox.read({ messageId: id }), /not bound/);
  const other = await clientOf(eve);
  assert.deepEqual((await messages(other)).messages.nodes, []);
  await other.inbox.read({ messageId: id });
  assert.equal(await (await clientOf(ada)).inbox.getUnreadMessageCount(), 1);
  await assert.rejects(messages(await clientOf(ada, { scope: "read:preferences" })), /lacks the scope/);
});

test("a brand is read and a device registered", async () => {
  const user = somebody();
  const client = await clientOf(user);
  const brandId = `brand-${randomUUID().slice(0, 8)}`;
  await rest("POST", "/brands", { id: brandId, name: "Acme", settings: { colors: { primary: "#123456" } } });
  const brand = await client.brands.getBrand({ brandId });
  assert.equal(brand.settings.colors.primary, "#123456");
  await client.tokens.putUserToken({ token: "abc:d-e/f", provider: "firebase-fcm" });
  const { tokens } = await rest("GET", `/users/${user}/tokens`);
  assert.deepEqual(tokens.map((one) => one.token), ["abc:d-e/f"]);
  await client.tokens.deleteUserToken({ token: "abc:d-e/f" });
  assert.deepEqual((await rest("GET", `/users/${user}/tokens`)).tokens, []);
});

test("a token that is refused again and again is told so, and others from there work", async () => {
  const client = await clientOf(somebody());
  const ask = (token) =>
    fetch(`${world.url}/q`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: JSON.stringify({ query: "{ count }" }) });
  const statuses = [];
  for (let tries = 0; tries < 25; tries += 1) statuses.push((await ask("a.bad.token")).status);
  assert.equal(statuses[0], 401);
  // The minute may have turned in between; then the counting began anew.
  const last = await eventually("too often", async () => {
    const reply = await ask("a.bad.token");
    return reply.status === 429 && reply;
  });
  const wait = Number(last.headers.get("retry-after"));
  assert.ok(wait >= 1 && wait <= 60, `${wait} seconds`);
  const { type, message } = await last.json();
  assert.equal(type, "rate_limit_exceeded");
  assert.match(message, /try again in \d+ seconds/);
  await messages(client);
});

test("a message that is unread in the inbox goes by mail after the time that was given, and one that was read does not", async () => {
  const [ada, bob] = [somebody(), somebody()];
  const escalating = {
    routing: { method: "single", channels: ["inbox", "email"] },
    timeout: { escalation: 2_000, criteria: "viewed" },
  };
  const to = (user) => ({ user_id: user, email: `${user}@example.com` });
  const [unread, read] = [await send(to(ada), "unread", escalating), await send(to(bob), "read", escalating)];
  const client = await clientOf(bob);
  await arrived(client, read);
  await client.inbox.read({ messageId: read });
  const [mail] = await eventually("a mail", async () => {
    const mails = await world.mails(`${ada}@example.com`);
    return mails.length && mails;
  });
  assert.equal(mail.subject, "unread");
  const { providers } = await rest("GET", `/messages/${unread}`);
  assert.deepEqual(providers.map((one) => one.channel.key), ["inbox:inbox", "email:smtp"]);
  await never("a mail of what was read", async () => (await world.mails(`${bob}@example.com`)).length, 3_000);
  assert.equal((await rest("GET", `/messages/${read}`)).status, "OPENED");
});
