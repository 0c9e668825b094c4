// Lists, audiences, tenants, bulk jobs, events and the audit trail with the published Node client.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import Courier, { BadRequestError, ConflictError, NotFoundError } from "@trycourier/courier";

import { every } from "./methods.mjs";
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

test("lists", () =>
  every(client.lists, async (lists) => {
    const name = some("news");
    await lists.update(name, { name: "News" });
    assert.equal((await lists.retrieve(name)).name, "News");
    await lists.subscriptions.subscribe(name, { recipients: [{ recipientId: "a" }, { recipientId: "b" }] });
    await lists.subscriptions.add(name, { recipients: [{ recipientId: "c" }] });
    await lists.subscriptions.subscribeUser("d", { list_id: name });
    await lists.subscriptions.unsubscribeUser("a", { list_id: name });
    const { items } = await lists.subscriptions.list(name);
    assert.deepEqual(
      items.map((one) => one.recipientId),
      ["b", "c", "d"],
    );
    assert.deepEqual(await sent({ list_id: name }, 3), ["b", "c", "d"]);
    await lists.delete(name);
    await assert.rejects(lists.retrieve(name), NotFoundError);
    await lists.restore(name, {});
    assert.equal((await lists.list({ pattern: name })).items.length, 1);
  }));

test("lists by pattern, and what is preferred of them", async () => {
  const root = some("orders");
  const { subscriptions } = client.lists;
  const preferences = { notifications: {}, categories: { anything: { status: "OPTED_OUT" } } };
  await subscriptions.subscribe(`${root}.eu`, { recipients: [{ recipientId: "a" }, { recipientId: "b", preferences }] });
  await subscriptions.subscribe(`${root}.us`, { recipients: [{ recipientId: "b" }, { recipientId: "c" }] });
  assert.deepEqual(await sent({ list_pattern: `${root}.*` }, 3), ["a", "b", "c"]);
  const { items } = await subscriptions.list(`${root}.eu`);
  assert.equal(items[1].preferences.categories.anything.status, "OPTED_OUT");
  const wrong = client.send.message({ message: { to: { list_pattern: "**" }, content: CONTENT } });
  await assert.rejects(wrong, BadRequestError);
});

test("very many people at once", async () => {
  const name = some("crowd");
  const recipients = Array.from({ length: 50_000 }, (_, n) => ({ recipientId: `person${String(n).padStart(5, "0")}` }));
  await client.lists.subscriptions.subscribe(name, { recipients });
  const last = recipients.at(-1).recipientId;
  await eventually(
    "the last of them",
    async () => (await client.profiles.lists.retrieve(last)).results.some((one) => one.id === name),
    60_000,
  );
  const to = recipients.map((one) => ({ user_id: one.recipientId }));
  await assert.rejects(client.send.message({ message: { to, content: CONTENT } }), (error) => {
    assert.ok(error instanceof BadRequestError);
    assert.match(error.message, /message\.to has 50000 recipients\. Max is 500/);
    return true;
  });
});

test("profiles and the lists of a person", () =>
  every(client.profiles, async (profiles) => {
    const [user, name] = [some("user"), some("list")];
    assert.equal((await profiles.create(user, { profile: { name: "Ada", custom: { a: 1 } } })).status, "SUCCESS");
    await profiles.update(user, { patch: [{ op: "add", path: "/locale", value: "de" }] });
    assert.deepEqual((await profiles.retrieve(user)).profile, { name: "Ada", custom: { a: 1 }, locale: "de" });
    assert.equal((await profiles.replace(user, { profile: { name: "Bea" } })).status, "SUCCESS");
    assert.equal((await profiles.lists.subscribe(user, { lists: [{ listId: name }] })).status, "SUCCESS");
    assert.equal((await profiles.lists.retrieve(user)).results[0].id, name);
    assert.equal((await profiles.lists.delete(user)).status, "SUCCESS");
    await profiles.delete(user);
    await assert.rejects(profiles.retrieve(user), NotFoundError);
  }));

test("audiences", () =>
  every(client.audiences, async (audiences) => {
    const [name, title] = [some("audience"), some("title")];
    await client.profiles.replace(`${name}-a`, { profile: { title } });
    const filter = { operator: "AND", filters: [{ operator: "EQ", path: "title", value: title }] };
    assert.equal((await audiences.update(name, { name: "Some", filter })).audience.id, name);
    const members = async () => (await audiences.listMembers(name)).items;
    await eventually("a member", async () => (await members()).length === 1);
    assert.equal((await members())[0].reason, `EQ('title', '${title}') => true`);
    assert.deepEqual(await sent({ audience_id: name }, 1), [`${name}-a`]);
    assert.equal((await audiences.retrieve(name)).name, "Some");
    assert.ok((await audiences.list()).items.some((one) => one.id === name));
    await audiences.delete(name);
    await assert.rejects(audiences.retrieve(name), NotFoundError);
  }));

test("an audience of groups within groups", async () => {
  const [name, plan] = [some("audience"), some("plan")];
  const { audiences, profiles } = client;
  await profiles.replace(`${name}-a`, { profile: { plan, age: "41" } });
  await profiles.replace(`${name}-b`, { profile: { plan, age: 17 } });
  await profiles.replace(`${name}-c`, { profile: { plan, tags: ["vip"] } });
  const ours = { operator: "EQ", path: "plan", value: plan };
  const grown = { operator: "GTE", path: "age", value: "18" };
  const known = { operator: "INCLUDES", path: "tags", value: "vip" };
  const members = async () =>
    (await audiences.listMembers(name)).items.map((one) => `${one.member_id.at(-1)}${one.audience_version}`).join();
  const either = { operator: "OR", filters: [grown, known] };
  await audiences.update(name, { filter: { operator: "AND", filters: [ours, either] } });
  await eventually("those who are grown or known", async () => (await members()) === "a1,c1");
  await audiences.update(name, { filter: { operator: "AND", filters: [ours, grown] } });
  await eventually("those who are grown", async () => (await members()) === "a2");
});

test("tenants", () =>
  every(client.tenants, async (tenants) => {
    const [group, acme, user] = [some("group"), some("acme"), some("user")];
    await tenants.update(group, { name: "Group" });
    await tenants.update(acme, { name: "Acme", parent_tenant_id: group });
    await assert.rejects(tenants.update(group, { name: "Group", parent_tenant_id: acme }), BadRequestError);
    assert.ok((await tenants.list({ parent_tenant_id: group })).items.some((one) => one.id === acme));
    await tenants.preferences.items.update("news", { tenant_id: acme, status: "OPTED_OUT" });
    assert.equal((await tenants.retrieve(acme)).default_preferences.items[0].id, "news");
    await tenants.preferences.items.delete("news", { tenant_id: acme });
    await templatesOf(tenants, acme);
    await every(client.users.tenants, async (memberships) => {
      await memberships.addSingle(acme, { user_id: user, profile: { role: "admin" } });
      await memberships.addMultiple(user, { tenants: [{ tenant_id: group }] });
      assert.equal((await memberships.list(user)).items.length, 2);
      assert.equal((await tenants.listUsers(acme)).items[0].user_id, user);
      assert.deepEqual(await sent({ tenant_id: group, include_children: true }, 1), [user]);
      await memberships.removeSingle(acme, { user_id: user });
      await memberships.removeAll(user);
      assert.equal((await memberships.list(user)).items.length, 0);
    });
    await tenants.delete(acme);
    await assert.rejects(tenants.retrieve(acme), NotFoundError);
  }));

/** A template that says something of its own for one tenant. */
async function templatesOf(tenants, tenant_id) {
  const id = some("template");
  const elements = [{ type: "channel", channel: "email", elements: [{ type: "text", content: "Hello" }] }];
  const template = { content: { version: "2022-01-01", elements } };
  assert.equal((await tenants.templates.replace(id, { tenant_id, template })).version, "v1");
  assert.equal((await tenants.templates.publish(id, { tenant_id })).version, "v1");
  assert.ok((await tenants.templates.list(tenant_id)).items.some((one) => one.id === id));
  assert.equal((await tenants.templates.retrieve(id, { tenant_id })).id, id);
  const version = await tenants.templates.versions.retrieve("published", { tenant_id, template_id: id });
  assert.equal(version.version, "v1");
}

test("bulk jobs", () =>
  every(client.bulk, async (bulk) => {
    const { jobId } = await bulk.createJob({ message: { event: some("event") } });
    await bulk.addUsers(jobId, { users: [{ recipient: "a" }, { recipient: "b" }] });
    await bulk.runJob(jobId);
    const job = await eventually("a completed job", async () => {
      const { job } = await bulk.retrieveJob(jobId);
      return job.status === "COMPLETED" && job;
    });
    assert.deepEqual([job.received, job.enqueued, job.failures], [2, 2, 0]);
    const { items } = await bulk.listUsers(jobId);
    assert.ok(items.every((one) => one.status === "ENQUEUED" && one.messageId));
    await assert.rejects(bulk.runJob(jobId), ConflictError);
    // The other form of a job's message; who cannot be taken is told, and the others are taken.
    const other = await bulk.createJob({ message: { event: "unused", message: { content: CONTENT } } });
    const users = [{ recipient: "a" }, { recipient: "a" }, {}, { to: { list_id: "anybody" } }];
    const told = await bulk.addUsers(other.jobId, { users }).asResponse();
    const { total, errors } = await told.json();
    assert.deepEqual([total, errors.length], [1, 3]);
    assert.equal(errors.filter((one) => one.error === "Duplicate user").length, 1);
  }));

test("device tokens", () =>
  every(client.users.tokens, async (tokens) => {
    const [user_id, token] = [some("user"), some("token")];
    await tokens.addSingle(token, { user_id, provider_key: "expo" });
    await tokens.addMultiple(user_id);
    assert.equal((await tokens.retrieve(token, { user_id })).status, "active");
    await tokens.update(token, { user_id, patch: [{ op: "add", path: "/properties", value: { a: 1 } }] });
    assert.deepEqual((await tokens.list(user_id)).tokens[0].properties, { a: 1 });
    await tokens.delete(token, { user_id });
    await assert.rejects(tokens.retrieve(token, { user_id }), NotFoundError);
  }));

test("preferences", () =>
  every(client.users.preferences, async (preferences) => {
    const call = (method, path, body) =>
      fetch(world.url + path, {
        method,
        headers: { authorization: `Bearer ${world.key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      }).then((reply) => reply.json());
    const section = await call("POST", "/preferences/sections", { name: "News", has_custom_routing: true });
    const topics = `/preferences/sections/${section.id}/topics`;
    const topic = (await call("POST", topics, { name: "News", default_status: "OPTED_IN" })).id;
    const user_id = some("user");
    await preferences.updateOrCreateTopic(topic, { user_id, topic: { status: "OPTED_OUT" } });
    assert.equal((await preferences.retrieveTopic(topic, { user_id })).topic.status, "OPTED_OUT");
    assert.equal((await preferences.retrieve(user_id)).items[0].topic_id, topic);
  }));

test("routing strategies and the templates linked to them", () =>
  every(client.routingStrategies, async (strategies) => {
    const routing = { method: "single", channels: ["email"] };
    const made = await strategies.create({ name: "Mail", routing });
    assert.equal((await strategies.retrieve(made.id)).name, "Mail");
    assert.equal((await strategies.replace(made.id, { name: "Mail first", routing })).name, "Mail first");
    assert.ok((await strategies.list({ limit: 100 })).results.some((one) => one.id === made.id));
    const elements = [{ type: "channel", channel: "email", elements: [{ type: "text", content: "Hello" }] }];
    const template = await client.notifications.create({
      notification: {
        name: "Linked",
        tags: [],
        brand: null,
        subscription: null,
        routing: { strategy_id: made.id },
        content: { version: "2022-01-01", elements },
      },
    });
    const linked = await strategies.listNotifications(made.id);
    assert.deepEqual(
      linked.results.map((one) => one.id),
      [template.id],
    );
    await assert.rejects(strategies.archive(made.id), ConflictError);
    await client.notifications.archive(template.id);
    await strategies.archive(made.id);
    await assert.rejects(strategies.retrieve(made.id), NotFoundError);
  }));

test("requests", () =>
  every(client.requests, async (requests) => {
    const { requestId } = await client.send.message({ message: { to: { user_id: some("user") }, content: CONTENT } });
    await requests.archive(requestId);
    assert.equal((await client.messages.list({ traceId: requestId })).results.length, 0);
    assert.equal((await client.messages.list({ traceId: requestId, archived: true })).results.length, 1);
  }));

test("events and the audit trail", () =>
  every(client.auditEvents, async (auditEvents) => {
    const event = { event: "signed up", messageId: some("m"), type: "track", properties: {}, userId: "a" };
    await every(client.inbound, async (inbound) => {
      assert.equal((await inbound.trackEvent(event)).messageId, event.messageId);
      await assert.rejects(inbound.trackEvent(event), ConflictError);
    });
    await client.lists.update(some("list"), { name: "Audited" });
    const { results } = await auditEvents.list();
    const made = results.find((one) => one.type === "lists:update");
    assert.equal((await auditEvents.retrieve(made.auditEventId)).source, "api");
  }));
