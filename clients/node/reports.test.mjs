// What providers report of messages, and what webhooks are told: from outside, signed as the real ones sign.

import assert from "node:assert/strict";
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { arrived, clientOf, closeAll, serverSide, somebody } from "./inbox.mjs";
import { eventually, startWorld } from "./world.mjs";

const KEYS = generateKeyPairSync("ec", { namedCurve: "P-256" });
/** That of the SMS provider in the harness. */
const TOKEN = "twilio-test-token";

let world;
let rest;
let send;
let vendor;
let sendgrid;
const taken = [];

/** A vendor that takes everything, and a customer's own server that hears everything. */
async function double(answer) {
  const server = createServer(async (request, reply) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    answer(request, body, reply);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(server, { url: `http://127.0.0.1:${server.address().port}` });
}

before(async () => {
  world = await startWorld({ TIDINGS_ALLOW_PRIVATE_TARGETS: "true" });
  ({ rest, send } = serverSide(world));
  vendor = await double((request, body, reply) => {
    taken.push({ path: request.url, body });
    reply.writeHead(202, { "x-message-id": `sg-${taken.length}` }).end();
  });
  const key = KEYS.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  sendgrid = await rest("POST", "/providers", {
    provider: "sendgrid",
    alias: "reporting",
    settings: { api_key: "SG.key", from_address: "us@example.com", base_url: vendor.url, webhook_public_key: key },
  });
});

after(async () => {
  closeAll();
  vendor?.close();
  await world?.close();
});

/** Reports as SendGrid does: <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event>. */
async function report(account, events, { time = String(Math.floor(Date.now() / 1000)), spoil = "" } = {}) {
  const body = JSON.stringify(events);
  const signer = createSign("sha256");
  signer.update(time + body);
  return fetch(`${world.url}/inbound/providers/${account}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-twilio-email-event-webhook-signature": signer.sign(KEYS.privateKey, "base64"),
      "x-twilio-email-event-webhook-timestamp": time,
    },
    body: body + spoil,
  });
}

/** Mails through SendGrid; returns the message's id as SendGrid was given it, which it gives back. */
async function mail(to, more = {}) {
  const id = await send(to, "News", { routing: { method: "single", channels: ["sendgrid"] }, ...more });
  await eventually("SendGrid takes it", async () => (await rest("GET", `/messages/${id}`)).status === "SENT");
  const call = taken.find(({ body }) => body.includes(id));
  assert.ok(call, "the call carries the message's id");
  return id;
}

const event = (id, kind, more = {}) => ({ event: kind, message_id: id, email: "ada@example.com", timestamp: Math.floor(Date.now() / 1000), ...more });

const status = async (id) => {
  const { status, reason } = await rest("GET", `/messages/${id}`);
  return [status, reason].filter(Boolean).join(" ");
};

test("a receipt moves the status on, a bounce ends it, and only what is signed is believed", async () => {
  const [arrives, bounces] = [await mail({ email: "ada@example.com" }), await mail({ email: "gone@example.com" })];
  const forged = await report(sendgrid.id, [event(arrives, "delivered")], { spoil: " " });
  assert.equal(forged.status, 401);
  assert.equal((await forged.json()).type, "authentication_error");
  const late = String(Math.floor(Date.now() / 1000) - 25 * 3600 - 1);
  assert.equal((await report(sendgrid.id, [event(arrives, "delivered")], { time: late })).status, 401);
  assert.equal(await status(arrives), "SENT");
  const events = [event(arrives, "delivered"), event(bounces, "bounce", { reason: "550 no such mailbox" })];
  const reply = await report(sendgrid.id, events);
  assert.deepEqual([reply.status, await reply.json()], [200, { received: 2 }]);
  assert.equal(await status(arrives), "DELIVERED");
  assert.equal(await status(bounces), "UNDELIVERABLE BOUNCED");
  const [entry] = (await rest("GET", `/messages/${bounces}`)).providers;
  assert.deepEqual([entry.status, entry.error], ["UNDELIVERABLE", "550 no such mailbox"]);
  const { results } = await rest("GET", `/messages/${bounces}/history?type=UNDELIVERABLE`);
  assert.deepEqual([results.length, results[0].reason, results[0].source], [1, "BOUNCED", "sendgrid"]);
  assert.equal((await report(sendgrid.id, events)).status, 200, "said again, it changes nothing");
  assert.equal((await rest("GET", `/messages/${bounces}/history?type=UNDELIVERABLE`)).results.length, 1);
  assert.equal((await report("prv_nobody", events)).status, 404);
});

test("who complains wants no more of the topic, and the log says why", async () => {
  const user = somebody();
  const section = await rest("POST", "/preferences/sections", { name: "News" });
  const topic = await rest("POST", `/preferences/sections/${section.id}/topics`, { name: "Weekly", default_status: "OPTED_IN" });
  const about = { preferences: { subscription_topic_id: topic.id } };
  const id = await mail({ user_id: user, email: "ada@example.com" }, about);
  assert.equal((await report(sendgrid.id, [event(id, "spamreport")])).status, 200);
  assert.equal(await status(id), "UNDELIVERABLE BOUNCED");
  const { items } = await rest("GET", `/preferences/logs?user_id=${user}`);
  const line = items.find((one) => one.topic_id === topic.id);
  assert.ok(line, JSON.stringify(items));
  assert.equal(line.message_id, id);
  const again = await send({ user_id: user, email: "ada@example.com" }, "More", { routing: { method: "single", channels: ["sendgrid"] }, ...about });
  await eventually("it is not sent", async () => (await status(again)) === "UNDELIVERABLE UNSUBSCRIBED");
});

test("a bounce brings the next channel forward", async () => {
  const phone = "+15558675399";
  const id = await mail(
    { email: "gone@example.com", phone_number: phone },
    { routing: { method: "single", channels: ["sendgrid", "sms"] }, timeout: { escalation: 3_600_000, criteria: "viewed" } },
  );
  const texts = async () => (await world.sms("News")).filter((one) => one.to === phone);
  assert.deepEqual(await texts(), []);
  await report(sendgrid.id, [event(id, "bounce", { reason: "550 no such mailbox" })]);
  await eventually("the text message", async () => (await texts()).length);
  const { providers } = await rest("GET", `/messages/${id}`);
  assert.deepEqual(providers.map((one) => one.status), ["UNDELIVERABLE", "SENT"]);
});

test("Twilio reports with its own signature", async () => {
  const account = (await rest("GET", "/providers")).results.find((one) => one.provider === "twilio");
  const id = await send({ phone_number: "+15558675311" }, "Code", { routing: { method: "single", channels: ["sms"] } });
  await eventually("Twilio takes it", async () => (await status(id)) === "SENT");
  const path = `/inbound/providers/${account.id}?message_id=${encodeURIComponent(id)}`;
  const address = world.url + path;
  // What Twilio signs is the address it was given, which is the public one; on loopback that is localhost.
  const given = `http://localhost:${new URL(world.url).port}${path}`;
  const form = { MessageSid: "SM1", MessageStatus: "undelivered", ErrorCode: "30003" };
  const text = given + Object.keys(form).sort().map((name) => name + form[name]).join("");
  const tell = (signature) =>
    fetch(address, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature },
      body: new URLSearchParams(form),
    });
  assert.equal((await tell("AAAA")).status, 401);
  const reply = await tell(createHmac("sha1", TOKEN).update(text).digest("base64"));
  assert.equal(reply.status, 200, await reply.text());
  assert.equal(await status(id), "UNDELIVERABLE BOUNCED");
});

test("what a person does in the inbox is told to webhooks", async () => {
  const heard = [];
  const own = await double((request, body, reply) => {
    heard.push(JSON.parse(body));
    reply.writeHead(204).end();
  });
  const hook = await rest("POST", "/webhooks", { url: `${own.url}/in`, events: ["message:updated"] });
  const user = somebody();
  const id = await send({ user_id: user }, "Told");
  const client = await clientOf(world, user);
  const { trackingIds } = await arrived(client, id);
  const { inbox } = client;
  const latest = () => heard.filter((one) => one.data.id === id);
  const told = (what, wanted) => eventually(what, () => latest().find(({ data }) => wanted(data)));
  await told("accepted", (data) => data.status === "ENQUEUED");
  await told("routed", (data) => data.status === "ROUTED");
  await told("sent", (data) => data.status === "SENT");
  await inbox.open({ messageId: id });
  await told("opened", (data) => data.status === "OPENED" && data.opened && !data.read);
  await inbox.read({ messageId: id });
  await told("read", (data) => data.read && !data.archived);
  const before = latest().length;
  await inbox.unread({ messageId: id });
  await told("unread", (data) => latest().length > before && data.status === "OPENED" && !data.read);
  await inbox.archive({ messageId: id });
  await told("archived", (data) => data.archived);
  await inbox.click({ messageId: id, trackingId: trackingIds.clickTrackingId });
  const clicked = await told("clicked", (data) => data.status === "CLICKED");
  assert.equal(clicked.data.recipientId, user);
  assert.equal(clicked.data.providers[0].status, "CLICKED");
  await rest("DELETE", `/webhooks/${hook.id}`);
  own.close();
});

test("what becomes of audiences is told", async () => {
  const heard = [];
  const own = await double((request, body, reply) => {
    heard.push(JSON.parse(body));
    reply.writeHead(204).end();
  });
  const events = ["audiences:updated", "audiences:user:matched", "audiences:user:unmatched", "audiences:calculated"];
  const hook = await rest("POST", "/webhooks", { url: own.url, events });
  const [ada, id] = [somebody(), `bonn-${somebody()}`];
  await rest("PUT", `/profiles/${ada}`, { profile: { city: "Bonn" } });
  await rest("PUT", `/audiences/${id}`, { name: "Bonn", filter: { operator: "EQ", path: "city", value: "Bonn" } });
  const told = (kind) => eventually(kind, () => heard.find((one) => one.type === kind && one.data.audience_id === id));
  assert.equal((await told("audiences:updated")).data.audience_version, 1);
  const matched = await told("audiences:user:matched");
  assert.equal(matched.data.user_id, ada);
  assert.equal((await told("audiences:calculated")).data.user_count, 1);
  await rest("PUT", `/profiles/${ada}`, { profile: { city: "Ulm" } });
  assert.equal((await told("audiences:user:unmatched")).data.user_id, ada);
  await rest("DELETE", `/webhooks/${hook.id}`);
  own.close();
});
