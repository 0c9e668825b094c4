// Webhooks and tracking from outside: a mail is clicked, and a customer's own server hears of it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { startDev } from "./dev-server.mjs";

const BROWSER = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const SECRET = "a long random text";

let server;
let listener;
let answer = 204;
const heard = [];

before(async () => {
  server = await startDev();
  listener = createServer(async (request, reply) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    heard.push({ headers: request.headers, body, told: JSON.parse(body) });
    reply.writeHead(answer).end();
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
});

after(async () => {
  listener?.close();
  await server?.close();
});

async function until(what, condition, ms = 15_000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) assert.fail(`${what}: not within ${ms} ms`);
    await pause(100);
  }
}

const message = (id) => server.call("GET", `/messages/${id}`);

/** The HTML of a mail as it would have left. */
async function mail(id) {
  return until("the mail is caught", async () => {
    const { items } = await (await fetch(`${server.url}/outbox/messages`)).json();
    const entry = items.find((one) => one.message_id === id);
    return entry && (await (await fetch(`${server.url}/outbox/messages/${entry.number}/html`)).text());
  });
}

test("status changes are told, signed, logged, and told again when asked", async () => {
  const hook = await server.call("POST", "/webhooks", {
    url: `http://127.0.0.1:${listener.address().port}/in`,
    events: ["message:updated"],
    secret: SECRET,
  });
  const id = await server.send({ to: { user_id: "ada" }, content: { title: "Hi", body: "There" }, routing: { method: "single", channels: ["inbox"] } });
  const heardOf = (status) => heard.find(({ told }) => told.data.id === id && told.data.status === status);
  // They come in no particular order.
  await until("all of it is heard", () => ["ENQUEUED", "ROUTED", "SENT"].every(heardOf));
  const first = heardOf("SENT");
  assert.equal(first.told.type, "message:updated");
  const [, time, signature] = first.headers["courier-signature"].match(/^t=(\d+),signature=([0-9a-f]+)$/);
  assert.equal(signature, createHmac("sha256", SECRET).update(`${time}.${first.body}`).digest("hex"));

  const log = await until("it is logged", async () => {
    const { results } = await server.call("GET", `/webhooks/${hook.id}/deliveries`);
    return results.find((one) => one.resource === id && one.state === "delivered");
  });
  assert.equal(log.attempts[0].status, 204);
  const before = heard.length;
  await server.call("POST", `/webhooks/${hook.id}/deliveries/${log.id}/redeliver`);
  await until("it is heard again", () => heard.length > before);
  const { payload } = await server.call("GET", `/webhooks/${hook.id}/deliveries/${log.id}`);
  assert.deepEqual(heard.at(-1).told, payload);

  answer = 410;
  await server.send({ to: { user_id: "ada" }, content: { title: "Hi", body: "There" }, routing: { method: "single", channels: ["inbox"] } });
  await until("it is disabled", async () => (await server.call("GET", `/webhooks/${hook.id}`)).enabled === false);
  answer = 204;
});

const letter = {
  to: { email: "ada@example.com" },
  content: {
    version: "2022-01-01",
    elements: [
      { type: "meta", title: "News" },
      ...["one", "two", "three"].map((name) => ({ type: "action", content: name, href: `https://shop.example/${name}?x=1` })),
      { type: "action", content: "quiet", href: "https://shop.example/quiet", disable_tracking: true },
    ],
  },
  metadata: { utm: { source: "tidings" } },
  routing: { method: "single", channels: ["email"] },
};

test("links and the pixel count people and not machines", async () => {
  const plain = await mail(await server.send(letter));
  assert.ok(plain.includes("https://shop.example/one?x=1") && !plain.includes("/r/"), "nothing until it is asked for");

  await server.call("PUT", "/settings/tracking", { clicks: true, opens: true });
  const id = await server.send(letter);
  const html = await mail(id);
  // A button's link stands there twice: Outlook draws its own.
  const links = [...new Set([...html.matchAll(/href="([^"]*\/r\/[^"]+)"/g)].map(([, link]) => link))];
  assert.equal(links.length, 3);
  assert.ok(html.includes('href="https://shop.example/quiet"'));
  const pixel = html.match(/src="([^"]*\/o\/[^"]+\.gif)"/)[1];
  const here = (address) => server.url + new URL(address).pathname;

  const machine = await fetch(here(links[0]), { redirect: "manual", headers: { "user-agent": "Slackbot-LinkExpanding 1.0" } });
  assert.equal(machine.headers.get("location"), "https://shop.example/one?x=1&utm_source=tidings");
  await Promise.all(links.map((link) => fetch(here(link), { redirect: "manual", headers: BROWSER })));
  await pause(6_000);
  assert.equal((await message(id)).clicked, undefined, "a burst is a gateway's");
  const kinds = (await server.call("GET", `/messages/${id}/history`)).results.map((line) => line.type);
  assert.equal(kinds.filter((kind) => kind === "SCANNED").length, 4);

  const picture = await fetch(here(pixel), { headers: BROWSER });
  assert.equal(picture.headers.get("content-type"), "image/gif");
  assert.equal((await message(id)).status, "OPENED");
  await fetch(here(links[1]), { redirect: "manual", headers: BROWSER });
  await until("the click counts", async () => (await message(id)).status === "CLICKED");
  assert.equal((await fetch(`${server.url}/r/forged.token`, { redirect: "manual" })).status, 404);
});
