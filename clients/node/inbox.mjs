// The published in-app client, pointed at a server by `apiUrls` and otherwise unchanged.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import courier from "@trycourier/courier-js";
import WebSocket from "ws";

import { eventually } from "./world.mjs";

// The package is made for bundlers: Node reads its other form, which has no named exports.
const { CourierClient } = courier;

// What a browser has and this Node may not.
globalThis.WebSocket ??= WebSocket;
globalThis.window ??= globalThis;

const SCOPE = "inbox:read:messages inbox:write:events read:brands write:user-tokens read:preferences write:preferences";

const open = [];

/** Closes every socket that was opened. */
export const closeAll = () => open.splice(0).forEach((client) => client.inbox.socket.close());

export const somebody = () => `user-${randomUUID().slice(0, 13)}`;

/** What an application's own server does with an API key. */
export const serverSide = ({ url, key }) => {
  const rest = async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const reply = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await reply.text();
    assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  const send = async (to, title, more = {}) => {
    const message = {
      to,
      content: { title, body: `${title}!` },
      routing: { method: "single", channels: ["inbox"] },
      ...more,
    };
    return (await rest("POST", "/send", { message })).requestId;
  };
  return { rest, send };
};

/** A client of a person, as a page makes one: a token from the page's own server, and both groups of addresses. */
export const clientOf = async (world, userId, { tenantId, scope = SCOPE, as = userId } = {}) => {
  const claims = { scope: `user_id:${as} ${scope}`, expires_in: "1 hour" };
  const { token } = await serverSide(world).rest("POST", "/auth/issue-token", claims);
  const client = new CourierClient({
    userId,
    tenantId,
    jwt: token,
    apiUrls: {
      courier: { rest: world.url, graphql: `${world.url}/client/q` },
      inbox: { graphql: `${world.url}/q`, webSocket: world.url.replace("http", "ws") },
    },
  });
  open.push(client);
  return client;
};

export const messages = async (client, filter) => (await client.inbox.getMessages({ filter })).data;

/** Waits until a message stands in the feed. */
export const arrived = (client, id, filter) =>
  eventually("an arrival", async () => (await messages(client, filter)).messages.nodes.find((one) => one.messageId === id));

/** Connects, and gathers what is told from then on. */
export const listen = async (client) => {
  const heard = [];
  client.inbox.socket.addMessageEventListener((frame) => heard.push(frame));
  const answered = eventually("a subscription", () => client.inbox.socket.isOpen);
  await client.inbox.socket.connect();
  await answered;
  // The subscription is said at once; what is sent next is sent after it.
  await new Promise((done) => setTimeout(done, 150));
  heard.next = (event) => eventually(event, () => {
    const index = heard.findIndex((frame) => frame.event === event);
    return index >= 0 && heard.splice(index, 1)[0];
  });
  return heard;
};
