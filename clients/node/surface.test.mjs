// What the other suites do not go through: every method of these resources, and that no resource is forgotten.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import Courier, { ConflictError, NotFoundError } from "@trycourier/courier";

import { every } from "./methods.mjs";
import { eventually, startWorld } from "./world.mjs";

// What this server does not have yet.
const ABSENT = ["automations", "journeys"];

let world;
let client;

before(async () => {
  world = await startWorld();
  client = new Courier({ baseURL: world.url, apiKey: world.key });
});

after(async () => world?.close());

const some = (word) => `${word}-${randomUUID().slice(0, 8)}`;

const elements = [{ type: "channel", channel: "inbox", elements: [{ type: "text", id: "words", content: "Hello" }] }];

const template = (name) => ({
  name,
  tags: [],
  brand: null,
  subscription: null,
  routing: null,
  content: { version: "2022-01-01", elements },
});

test("messages", () =>
  every(client.messages, async (messages) => {
    const user_id = some("user");
    const content = { title: "Hello", body: "Good day" };
    const routing = { method: "single", channels: ["inbox"] };
    const send = (more) => client.send.message({ message: { to: { user_id }, content, routing, ...more } });
    const { requestId } = await send({});
    await eventually("a sent message", async () => (await messages.retrieve(requestId)).status === "SENT");
    assert.ok((await messages.list({ recipient: user_id })).results.some((one) => one.id === requestId));
    assert.ok((await messages.history(requestId)).results.some((one) => one.type === "SENT"));
    assert.equal((await messages.content(requestId)).results[0].channel, "inbox");
    await assert.rejects(messages.cancel(requestId), ConflictError);
    const later = await send({ delay: { duration: 60_000 } });
    assert.equal((await messages.cancel(later.requestId)).status, "CANCELED");
  }));

test("brands", () =>
  every(client.brands, async (brands) => {
    const settings = { colors: { primary: "#2456d6", secondary: "#1f2937" } };
    const made = await brands.create({ name: "Ours", settings });
    assert.equal((await brands.retrieve(made.id)).name, "Ours");
    assert.equal((await brands.update(made.id, { name: "Theirs", settings })).name, "Theirs");
    assert.ok((await brands.list()).results.some((one) => one.id === made.id));
    await brands.delete(made.id);
    await assert.rejects(brands.retrieve(made.id), NotFoundError);
  }));

test("providers", () =>
  every(client.providers, async (providers) => {
    assert.ok((await providers.catalog.list()).results.some((one) => one.provider === "smtp"));
    const settings = { host: "mail.example", port: 587, from_address: "us@mail.example" };
    const made = await providers.create({ provider: "smtp", alias: some("mail"), settings });
    assert.equal((await providers.retrieve(made.id)).provider, "smtp");
    const title = some("mail");
    assert.equal((await providers.update(made.id, { provider: "smtp", title, settings })).title, title);
    assert.ok((await providers.list()).results.some((one) => one.id === made.id));
    await providers.delete(made.id);
    await assert.rejects(providers.retrieve(made.id), NotFoundError);
  }));

test("translations and tokens", async () => {
  await every(client.translations, async (translations) => {
    const body = 'msgid "hello"\nmsgstr "Hei"\n';
    await translations.update("nb", { domain: "default", body });
    assert.equal(await translations.retrieve("nb", { domain: "default" }), body);
  });
  await every(client.auth, async (auth) => {
    const { token } = await auth.issueToken({ scope: "user_id:ada inbox:read:messages", expires_in: "1 hour" });
    assert.equal(token.split(".").length, 3);
  });
});

test("templates", () =>
  every(client.notifications, async (notifications) => {
    const { id } = await notifications.create({ notification: template("First") });
    await notifications.replace(id, { notification: template("Second"), state: "PUBLISHED" });
    assert.equal((await notifications.retrieve(id)).name, "Second");
    assert.ok((await notifications.list()).results.some((one) => one.id === id));
    await notifications.putContent(id, { content: { version: "2022-01-01", elements } });
    await notifications.putElement("words", { id, type: "text", data: { content: "Good day" } });
    await notifications.putLocale("fr", { id, elements: [{ id: "words", content: "Bonjour" }] });
    await notifications.publish(id);
    const { versions } = await notifications.listVersions(id);
    assert.deepEqual(
      versions.map((one) => one.version),
      ["draft", "published:v002", "v001"],
    );
    assert.equal((await notifications.retrieveContent(id)).elements[0].elements[0].id, "words");
    // The client has no call of its own for submitting.
    const submitted = await client.post(`/notifications/${id}/submissions`, { body: {} });
    const [submission, of] = [submitted.submission_id, { id }];
    const checks = [{ id: "legal", status: "PENDING", type: "custom" }];
    assert.equal((await notifications.checks.update(submission, { ...of, checks })).checks[0].status, "PENDING");
    assert.equal((await notifications.checks.list(submission, of)).checks[0].id, "legal");
    await notifications.checks.delete(submission, of);
    await notifications.archive(id);
    await assert.rejects(notifications.retrieve(id), NotFoundError);
  }));

test("no resource of the client is forgotten", async () => {
  const here = new URL(".", import.meta.url);
  const suites = (await readdir(here)).filter((name) => name.endsWith(".test.mjs"));
  const text = (await Promise.all(suites.map((name) => readFile(new URL(name, here), "utf8")))).join("\n");
  const parts = Object.keys(client).filter((name) => client[name]?._client && !ABSENT.includes(name));
  assert.ok(parts.length > 15, "the client is looked through");
  const forgotten = parts.filter((name) => !text.includes(`every(client.${name},`));
  // `users` has nothing but parts, each gone through; `send` is one method, which everything calls.
  assert.deepEqual(forgotten, ["send", "users"]);
});
