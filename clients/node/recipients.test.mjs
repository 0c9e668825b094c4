// Lists, audiences, tenants, bulk jobs, events and the audit trail with the published Node client.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import Courier, { BadRequestError, ConflictError, NotFoundError } from "@trycourier/courier";

import { eventually, startWorld } from "./world.mjs";

const CONTENT = { title: "News", body: "Hello {{name}}" };

let world;
let client;

before(async () => {
  world = await startWorld();
  client = new Courier({ baseURL: world.url, apiKey: world.key });
});

after(async () => world?.close());

const some = (word) => `${word}-${randomUUID().slice(0, 8)}`;

const sent = async (to, count) => {
  const { requestId } = await client.send.message({ message: { to, content: CONTENT } });
  return eventually(`${count} messages`, async () => {
    const { results } = await client.messages.list({ traceId: requestId });
    return results.length === count && results.map((one) => one.recipient).sort();
  });
};

test("lists", async () => {
  const name = some("news");
  await client.lists.update(name, { name: "News" });
  assert.equal((await client.lists.retrieve(name)).name, "News");
  await client.lists.subscriptions.subscribe(name, { recipients: [{ recipientId: "a" }, { recipientId: "b" }] });
  await client.lists.subscriptions.add(name, { recipients: [{ recipientId: "c" }] });
  await client.lists.subscriptions.subscribeUser("d", { list_id: name });
  await client.lists.subscriptions.unsubscribeUser("a", { list_id: name });
  const { items } = await client.lists.subscriptions.list(name);
  assert.deepEqual(
    items.map((one) => one.recipientId),
    ["b", "c", "d"],
  );
  assert.deepEqual(await sent({ list_id: name }, 3), ["b", "c", "d"]);
  await client.lists.delete(name);
  await assert.rejects(client.lists.retrieve(name), NotFoundError);
  await client.lists.restore(name, {});
  assert.equal((await client.lists.list({ pattern: name })).items.length, 1);
});

test("lists of a person", async () => {
  const [user, name] = [some("user"), some("list")];
  assert.equal((await client.profiles.lists.subscribe(user, { lists: [{ listId: name }] })).status, "SUCCESS");
  assert.equal((await client.profiles.lists.retrieve(user)).results[0].id, name);
  assert.equal((await client.profiles.lists.delete(user)).status, "SUCCESS");
});

test("audiences", async () => {
  const [name, title] = [some("audience"), some("title")];
  await client.profiles.replace(`${name}-a`, { profile: { title } });
  const filter = { operator: "AND", filters: [{ operator: "EQ", path: "title", value: title }] };
  assert.equal((await client.audiences.update(name, { name: "Some", filter })).audience.id, name);
  const members = async () => (await client.audiences.listMembers(name)).items;
  await eventually("a member", async () => (await members()).length === 1);
  assert.equal((await members())[0].reason, `EQ('title', '${title}') => true`);
  assert.deepEqual(await sent({ audience_id: name }, 1), [`${name}-a`]);
  assert.equal((await client.audiences.retrieve(name)).name, "Some");
  await client.audiences.delete(name);
  await assert.rejects(client.audiences.retrieve(name), NotFoundError);
});

test("tenants", async () => {
  const [group, acme, user] = [some("group"), some("acme"), some("user")];
  await client.tenants.update(group, { name: "Group" });
  await client.tenants.update(acme, { name: "Acme", parent_tenant_id: group });
  await assert.rejects(client.tenants.update(group, { name: "Group", parent_tenant_id: acme }), BadRequestError);
  await client.tenants.preferences.items.update("news", { tenant_id: acme, status: "OPTED_OUT" });
  assert.equal((await client.tenants.retrieve(acme)).default_preferences.items[0].id, "news");
  await client.users.tenants.addSingle(acme, { user_id: user, profile: { role: "admin" } });
  await client.users.tenants.addMultiple(user, { tenants: [{ tenant_id: group }] });
  assert.equal((await client.users.tenants.list(user)).items.length, 2);
  assert.equal((await client.tenants.listUsers(acme)).items[0].user_id, user);
  assert.deepEqual(await sent({ tenant_id: group, include_children: true }, 1), [user]);
  await client.users.tenants.removeSingle(acme, { user_id: user });
  await client.users.tenants.removeAll(user);
  await client.tenants.delete(acme);
  await assert.rejects(client.tenants.retrieve(acme), NotFoundError);
});

test("bulk jobs", async () => {
  const { jobId } = await client.bulk.createJob({ message: { event: some("event") } });
  await client.bulk.addUsers(jobId, { users: [{ recipient: "a" }, { recipient: "b" }] });
  await client.bulk.runJob(jobId);
  const job = await eventually("a completed job", async () => {
    const { job } = await client.bulk.retrieveJob(jobId);
    return job.status === "COMPLETED" && job;
  });
  assert.deepEqual([job.received, job.enqueued, job.failures], [2, 2, 0]);
  const { items } = await client.bulk.listUsers(jobId);
  assert.ok(items.every((one) => one.status === "ENQUEUED" && one.messageId));
  await assert.rejects(client.bulk.runJob(jobId), ConflictError);
});

test("events and the audit trail", async () => {
  const event = { event: "signed up", messageId: some("m"), type: "track", properties: {}, userId: "a" };
  assert.equal((await client.inbound.trackEvent(event)).messageId, event.messageId);
  await assert.rejects(client.inbound.trackEvent(event), ConflictError);
  await client.lists.update(some("list"), { name: "Audited" });
  const { results } = await client.auditEvents.list();
  const made = results.find((one) => one.type === "lists:update");
  assert.equal((await client.auditEvents.retrieve(made.auditEventId)).source, "api");
});
