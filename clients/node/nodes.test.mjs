// Two servers on one PostgreSQL, and people connected to either: nothing ties a person to a server.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { arrived, clientOf, closeAll, listen, messages, serverSide, somebody } from "./inbox.mjs";
import { never, startNodes } from "./world.mjs";

let nodes;
let one;
let other;

before(async () => {
  nodes = await startNodes(2);
  [one, other] = nodes.urls.map((url) => ({ url, key: nodes.key }));
});

afterEach(closeAll);

after(async () => nodes?.close());

test("what is sent at one server appears at once on a socket at the other", async () => {
  const user = somebody();
  const [here, there] = [await clientOf(one, user), await clientOf(other, user)];
  const [heardHere, heardThere] = [await listen(here), await listen(there)];
  for (const node of [one, other, one]) {
    const id = await serverSide(node).send({ user_id: user }, "live");
    for (const heard of [heardHere, heardThere]) assert.equal((await heard.next("message")).data.messageId, id);
  }
  await never("a second time", () => heardHere.length + heardThere.length);
});

test("what is read at one server is read at the other", async () => {
  const user = somebody();
  const [here, there] = [await clientOf(one, user), await clientOf(other, user)];
  const id = await serverSide(one).send({ user_id: user }, "once");
  await arrived(there, id);
  const heard = await listen(there);
  assert.equal(await there.inbox.getUnreadMessageCount(), 1);
  await here.inbox.read({ messageId: id });
  assert.equal((await heard.next("read")).messageId, id);
  assert.equal(await there.inbox.getUnreadMessageCount(), 0);
  await there.inbox.archive({ messageId: id });
  assert.deepEqual((await messages(here)).messages.nodes, []);
  const { status, read, archived } = await serverSide(one).rest("GET", `/messages/${id}`);
  assert.equal(status, "OPENED");
  assert.ok(read && archived);
});

test("what is marked at one server leaves the tenant that a socket at the other shows, and no other", async () => {
  const user = somebody();
  const { send } = serverSide(one);
  const acme = await clientOf(other, user, { tenantId: "acme" });
  const heard = await listen(acme);
  const plain = await send({ user_id: user }, "plain");
  const id = await send({ user_id: user, context: { tenant_id: "acme" } }, "acme");
  assert.equal((await heard.next("message")).data.messageId, id);
  const client = await clientOf(one, user);
  await arrived(client, plain);
  // It names its socket, which is at the other server.
  await acme.inbox.readAll();
  assert.equal(await acme.inbox.getUnreadMessageCount(), 0);
  assert.equal(await client.inbox.getUnreadMessageCount(), 1);
});
