// The article's scenes with the published Node client, unchanged but for base URL and key.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import Courier, { AuthenticationError, ConflictError, NotFoundError } from "@trycourier/courier";

import { eventually, never, startWorld } from "./world.mjs";

const ARTICLE_NUMBER = "123-456-7890";
const DIALLED = "+11234567890";
const FAILOVER_MS = 10_000;
const WAITING = new Set(["ENQUEUED", "ROUTED", "DELAYED"]);

let world;
let client;

before(async () => {
  world = await startWorld();
  process.env.COURIER_BASE_URL = world.url;
  process.env.COURIER_API_KEY = world.key;
  client = new Courier();
});

after(async () => world?.close());

const somebody = () => {
  const name = randomUUID().slice(0, 13);
  return { user: `user-${name}`, email: `${name}@people.test`, code: `code-${name}` };
};

const settled = (id) =>
  eventually("a settled message", async () => {
    const message = await client.messages.retrieve(id);
    return WAITING.has(message.status) ? undefined : message;
  });

const reset = (person, method) => ({
  to: { email: person.email, phone_number: ARTICLE_NUMBER },
  content: { title: "Hi!", body: "Your reset code is {{code}}." },
  data: { code: person.code },
  routing: { method, channels: ["email", "sms"] },
});

const oneMail = async (person) => {
  const mails = await eventually("a mail", async () => {
    const found = await world.mails(person.email);
    return found.length > 0 && found;
  });
  assert.equal(mails.length, 1);
  return mails[0];
};

test("a readable multipart mail arrives", async () => {
  const person = somebody();
  const link = "https://shop.example/reset?user=7&step=2";
  const { requestId } = await client.send.message({
    message: {
      to: { email: person.email },
      content: { title: "Hi!", body: "Your reset code is {{code}}. You can also use {{link}}." },
      data: { code: person.code, link },
    },
  });
  const mail = await oneMail(person);
  assert.deepEqual(mail.types, ["multipart/alternative", "text/plain", "text/html"]);
  assert.equal(mail.subject, "Hi!");
  assert.ok(mail.text.includes(`Your reset code is ${person.code}.`) && mail.text.includes(link));
  assert.ok(mail.html.includes(person.code) && mail.html.includes(link.replace("&", "&amp;")));
  const message = await settled(requestId);
  assert.equal(message.status, "SENT");
  assert.equal(message.providers[0].provider, "smtp");
});

test("single uses the first channel that works", async () => {
  const person = somebody();
  const { requestId } = await client.send.message({ message: reset(person, "single") });
  await oneMail(person);
  assert.equal((await settled(requestId)).status, "SENT");
  await never("an SMS", async () => (await world.sms(person.code)).length > 0);
});

for (const state of ["refusing", "down"]) {
  test(`single falls back when the mail server is ${state}`, async () => {
    const person = somebody();
    await world.mailServer(state);
    try {
      const { requestId } = await client.send.message({ message: reset(person, "single") });
      const calls = await eventually(
        "an SMS",
        async () => {
          const found = await world.sms(person.code);
          return found.length > 0 && found;
        },
        FAILOVER_MS,
      );
      assert.deepEqual(calls.map((call) => call.to), [DIALLED]);
      assert.equal((await settled(requestId)).status, "SENT");
    } finally {
      await world.mailServer("up");
    }
    assert.deepEqual(await world.mails(person.email), []);
  });
}

test("all uses both once", async () => {
  const person = somebody();
  const { requestId } = await client.send.message({ message: reset(person, "all") });
  await oneMail(person);
  await eventually("an SMS", async () => (await world.sms(person.code)).length === 1);
  assert.deepEqual((await settled(requestId)).providers.map((one) => one.status), ["SENT", "SENT"]);
  await never("a second delivery", async () => {
    const [mails, sms] = await Promise.all([world.mails(person.email), world.sms(person.code)]);
    return mails.length > 1 || sms.length > 1;
  });
});

test("an opted-out person gets nothing", async () => {
  const person = somebody();
  const section = await client.post("/preferences/sections", { body: { name: "Account" } });
  const topic = await client.post(`/preferences/sections/${section.id}/topics`, {
    body: { name: "Security", default_status: "OPTED_IN" },
  });
  const elements = [
    { type: "meta", title: "Reset your password" },
    { type: "text", content: "Your code is {{code}}." },
  ];
  const template = await client.notifications.create({
    notification: {
      name: "Password reset",
      tags: [],
      brand: null,
      subscription: { topic_id: topic.id },
      routing: null,
      content: { version: "2022-01-01", elements: [{ type: "channel", channel: "email", elements }] },
      alias: "0ZP3AH34H945QHPNZ2S0NF7X1RNB",
    },
  });
  await client.notifications.publish(template.id);
  const send = async () => {
    const message = {
      to: { user_id: person.user, email: person.email },
      template: "0ZP3AH34H945QHPNZ2S0NF7X1RNB",
      data: { code: person.code },
    };
    return settled((await client.send.message({ message })).requestId);
  };

  assert.equal((await send()).status, "SENT");
  assert.ok((await oneMail(person)).text.includes(person.code));

  const choice = { user_id: person.user, topic: { status: "OPTED_OUT" } };
  await client.users.preferences.updateOrCreateTopic(topic.id, choice);
  const refused = await send();
  assert.deepEqual([refused.status, refused.reason], ["UNDELIVERABLE", "UNSUBSCRIBED"]);
  assert.equal((await world.mails(person.email)).length, 1);
});

test("errors are the client's own classes", async () => {
  const nobody = new Courier({ apiKey: "pk_prod_nobody" });
  await assert.rejects(nobody.messages.list(), AuthenticationError);
  await assert.rejects(client.messages.retrieve("1-00000000-000000000000000000000000"), NotFoundError);
});

test("a sent message is refused with one request", async () => {
  const person = somebody();
  const { requestId } = await client.send.message({ message: { ...reset(person, "single") } });
  await settled(requestId);
  let requests = 0;
  const counting = new Courier({
    fetch: (...call) => {
      requests += 1;
      return fetch(...call);
    },
  });
  await assert.rejects(counting.messages.cancel(requestId), ConflictError);
  assert.equal(requests, 1);
});

test("the same key sends once", async () => {
  const person = somebody();
  const options = { headers: { "Idempotency-Key": person.code } };
  const first = await client.send.message({ message: reset(person, "single") }, options);
  const second = await client.send.message({ message: reset(person, "single") }, options);
  assert.equal(first.requestId, second.requestId);
  await settled(first.requestId);
  await oneMail(person);
});

test("a profile says where to send, and a list of statuses filters", async () => {
  const person = somebody();
  await client.profiles.create(person.user, { profile: { email: person.email, name: "Ada" } });
  assert.deepEqual((await client.profiles.retrieve(person.user)).profile, { email: person.email, name: "Ada" });
  const { requestId } = await client.send.message({
    message: { to: { user_id: person.user }, content: { title: "Hi {{profile.name}}", body: "Hello" } },
  });
  assert.equal((await oneMail(person)).subject, "Hi Ada");
  await settled(requestId);
  const listed = await client.messages.list({ status: ["SENT", "DELIVERED"], recipient: person.user });
  assert.deepEqual(listed.results.map((message) => message.id), [requestId]);
});

test("a template is made, localised, published, versioned and sent", async () => {
  const person = somebody();
  const { notifications } = client;
  const mail = [
    { type: "meta", id: "subject", title: "Hello" },
    { type: "text", id: "words", content: "Hello {{name}}" },
  ];
  const { id } = await notifications.create({
    notification: {
      name: "Greeting",
      tags: [],
      brand: null,
      subscription: null,
      routing: null,
      content: { version: "2022-01-01", elements: [{ type: "channel", channel: "email", elements: mail }] },
    },
  });
  await assert.rejects(notifications.retrieve(id), NotFoundError);
  await notifications.putLocale("fr", { id, elements: [{ id: "words", content: "Salut {{name}}" }] });
  await notifications.putElement("subject", { id, type: "meta", data: { title: "Bonjour" } });
  await notifications.publish(id);
  await notifications.putContent(id, { content: (await notifications.retrieveContent(id)), state: "PUBLISHED" });
  const { versions } = await notifications.listVersions(id);
  assert.deepEqual(versions.map((one) => one.version), ["draft", "published:v002", "v001"]);
  const { requestId } = await client.send.message({
    message: { to: { email: person.email, locale: "fr" }, template: id, data: { name: "Ada" } },
  });
  const arrived = await oneMail(person);
  assert.equal(arrived.subject, "Bonjour");
  assert.ok(arrived.text.includes("Salut Ada"));
  assert.equal((await settled(requestId)).notification, id);
});

test("translations and tenants' templates are written and read", async () => {
  const person = somebody();
  const po = 'msgid "hello"\nmsgstr "Hej"\n';
  await client.translations.update("sv-TEST", { domain: "default", body: po });
  assert.equal(await client.translations.retrieve("sv-TEST", { domain: "default" }), po);

  const tenant_id = `tenant-${person.code}`;
  await client.tenants.update(tenant_id, { name: "Acme" });
  const { templates } = client.tenants;
  const elements = [{ type: "channel", channel: "email", elements: [{ type: "text", content: "Acme" }] }];
  const saved = await templates.replace("nt_any", { tenant_id, template: { content: { version: "2022-01-01", elements } } });
  assert.equal(saved.version, "v1");
  assert.equal((await templates.publish("nt_any", { tenant_id })).version, "v1");
  assert.equal((await templates.list(tenant_id)).items[0].id, "nt_any");
  assert.equal((await templates.retrieve("nt_any", { tenant_id })).version, "v1");
  const version = await templates.versions.retrieve("latest", { tenant_id, template_id: "nt_any" });
  assert.equal(version.version, "v1");
});
