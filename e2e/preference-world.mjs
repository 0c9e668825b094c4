// A server with topics of every kind, people who get mails about them, and their links: what tests of the pages share.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { openPage } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";

/** The languages the pages speak. */
export const LANGUAGES = ["en", "es", "fr", "de", "ar", "ja"];

/** Starts a server and makes sections and topics; `topics.<name>` is an id, `topics.<name>Template` writes about it. */
export async function startWorld() {
  const server = await startDev();
  return new World(server, await makeTopics(server));
}

const TWICE_A_WEEK = {
  frequency: "custom_days",
  days_of_week: ["monday", "thursday"],
  time: "18:30",
  timezone: "Europe/Berlin",
  is_default: true,
};

/** Stands in every mail, as marketing must show it. */
const POSTAL_ADDRESS = "Acme Inc., 1 Quay Street, Bristol";

async function makeTopics(server) {
  await server.call("PUT", "/settings/compliance", { postal_address: POSTAL_ADDRESS });
  const add = async (section, topic) => (await server.call("POST", `/preferences/sections/${section}/topics`, topic)).id;
  const account = await server.call("POST", "/preferences/sections", {
    name: "Account",
    description: "What happens with your account.",
    has_custom_routing: true,
    routing_options: ["email", "sms", "push"],
  });
  const product = await server.call("POST", "/preferences/sections", { name: "Product" });
  const digest = await makeTemplate(server, "digest");
  const topics = {
    resets: await add(account.id, { name: "Password resets", default_status: "OPTED_IN" }),
    codes: await add(account.id, { name: "Sign-in codes", default_status: "REQUIRED" }),
    receipts: await add(account.id, { name: "Receipts", default_status: "OPTED_IN" }),
    news: await add(product.id, {
      name: "Product news",
      description: "What is new, about once a month.",
      default_status: "OPTED_IN",
      allowed_preferences: ["snooze"],
      include_unsubscribe_header: true,
    }),
    summary: await add(product.id, {
      name: "Weekly summary",
      description: "What your team did.",
      default_status: "OPTED_IN",
      digest: {
        template_id: digest,
        schedules: [{ frequency: "instant" }, { frequency: "daily", time: "09:00", timezone: "Europe/Berlin" }, TWICE_A_WEEK],
      },
    }),
    offers: await add(product.id, { name: "Offers", default_status: "OPTED_OUT", classification: "marketing" }),
    letters: await add(product.id, {
      name: "Newsletter",
      description: "Stories, once a week.",
      default_status: "OPTED_OUT",
      classification: "marketing",
      double_opt_in: true,
    }),
  };
  for (const [alias, topic] of Object.entries(topics)) {
    topics[`${alias}Template`] = await makeTemplate(server, alias, topic);
  }
  return topics;
}

async function makeTemplate(server, alias, topic) {
  const link = "Not you? [Your notifications]({$.urls.preferences}) · [Unsubscribe]({$.urls.unsubscribe})";
  const text = { type: "text", content: `Follow the link to choose a new password.\n\n${link}\n\n${POSTAL_ADDRESS}` };
  const elements = [
    { type: "channel", channel: "email", elements: [{ type: "meta", title: "Reset your password" }, text] },
    { type: "channel", channel: "sms", elements: [{ type: "text", content: "Follow the link in your mail." }] },
  ];
  const notification = {
    name: alias,
    tags: [],
    brand: null,
    routing: null,
    subscription: topic ? { topic_id: topic } : null,
    content: { version: "2022-01-01", elements },
  };
  const made = await server.call("POST", "/notifications", { notification, state: "PUBLISHED" });
  return made.notification?.id ?? made.id;
}

class World {
  constructor(server, topics) {
    this.server = server;
    this.topics = topics;
  }

  call(...request) {
    return this.server.call(...request);
  }

  close() {
    return this.server.close();
  }

  /** Sends to a person and waits for the end; tells through which channels it went. */
  async send(person, template, more = {}) {
    const to = { user_id: person, email: `${person}@people.test`, phone_number: "+12025550143", ...more };
    const routing = { method: "all", channels: ["email", "sms"] };
    const id = await this.server.send({ to, template, routing });
    for (let tries = 0; tries < 200; tries += 1) {
      let message = await this.call("GET", `/messages/${id}`);
      if (!["ENQUEUED", "ROUTED", "DELAYED"].includes(message.status)) {
        // The first channel that takes it makes it sent; the other may still be under way.
        await pause(300);
        message = await this.call("GET", `/messages/${id}`);
        const providers = (message.providers ?? []).filter((one) => one.status === "SENT");
        return { id, message, channels: providers.map((one) => one.channel.key.split(":")[0]).sort() };
      }
      await pause(25);
    }
    throw new Error(`${id} did not end`);
  }

  /** A link as it stands in the mail of a message that was received. */
  async linkIn(id, page) {
    const outputs = (await this.call("GET", `/messages/${id}/output`)).results;
    const { html } = outputs.find((one) => one.channel === "email").content;
    const found = html.match(new RegExp(`href="([^"]*/${page}/[^"]+)"`));
    assert.ok(found, `a link to /${page}/ in the mail`);
    return found[1].replaceAll("&amp;", "&");
  }

  /** A person's link, out of a mail that was just sent to them. */
  async link(person, page = "p", template = this.topics.resetsTemplate, more = {}) {
    return this.linkIn((await this.send(person, template, more)).id, page);
  }

  /** The mails that were caught for a person, newest first, with what the outbox's list says of them. */
  async mails(person) {
    const { items } = await this.call("GET", "/outbox/messages");
    return items.filter((one) => one.channel === "email" && one.to.includes(`${person}@people.test`));
  }

  /** The newest mail that asks a person to confirm, and its link. */
  async asked(person) {
    for (let tries = 0; tries < 200; tries += 1) {
      for (const mail of await this.mails(person)) {
        const { text } = await this.call("GET", `/outbox/messages/${mail.number}`);
        const link = text.match(/https?:\/\/\S+\/c\/[^\s)>]+/);
        if (link) return { ...mail, link: link[0] };
      }
      await pause(25);
    }
    throw new Error(`nothing asks ${person} to confirm`);
  }

  /** What stands in a person's consent ledger of a topic, oldest first. */
  async consents(person, topic) {
    const { results } = await this.call("GET", `/users/${person}/consents`);
    return results.filter((one) => one.topic_id === topic);
  }

  /** What a person said of a topic, with what holds. */
  async said(person, topic) {
    return (await this.call("GET", `/users/${person}/preferences/${topic}`)).topic;
  }

  /** What a person changed, newest first. */
  async log(person) {
    return (await this.call("GET", `/preferences/logs?user_id=${person}`)).items;
  }
}

/** Opens an address and runs something on it; no script may fail and nothing be refused meanwhile. */
export async function visit(browser, options, url, run) {
  const { page, problems, close } = await openPage(browser, options);
  try {
    await page.goto(url);
    await run(page);
    assert.deepEqual(problems, [], "no script failed and nothing was refused");
  } finally {
    await close();
  }
}

export const row = (page, topic) => page.locator(`[data-topic="${topic}"]`);
export const chip = (page, topic, name) => row(page, topic).locator(".chip").filter({ hasText: name });
