// A recorded conversation of the published SDK for Android, said again to a server.
//
// `recorded/courier-android-6.1.1.jsonl` was recorded on the wire, between the SDK and this server: its own client, socket and
// inbox code (version 6.1.1, unchanged but for a line that sets out its log), compiled for the JVM with small stand-ins for
// what Android gives, over OkHttp 5.5.0 (the SDK asks for 4.10.0). The SDK understood every answer and every frame. Hosts and
// what HTTP itself adds are left out. Each line is one of:
//
//   say, headers, body      a request, byte for byte; `answered` and `with` are status and body of the answer
//   connect, headers        a socket's address; `answered` as above
//   frame, told             a frame that the phone says, or is told
//   closes, closed          the close code it gives, and the one it gets
//   do                      what happens meanwhile: a send, or a mark on another device
//
// `<name>` stands for what differs from time to time: the same name is the same thing wherever it stands. `<time>` is any
// moment, `<text>` any text. An answer may have fields beside the recorded ones, which the SDK passes over.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";

import WebSocket from "ws";

import { serverSide } from "./inbox.mjs";
import { eventually, startWorld } from "./world.mjs";

const SCOPE = "read:brands read:preferences write:preferences write:user-tokens";
const INBOX = "user_id:ada inbox:read:messages inbox:write:events";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let world;

before(async () => {
  world = await startWorld();
});

after(async () => world?.close());

/** What the names stand for so far. */
class Names {
  #known;

  constructor(known) {
    this.#known = new Map(Object.entries(known));
  }

  set(name, value) {
    this.#known.set(name, value);
  }

  /** A recorded text with everything in its place. */
  fill(text) {
    return text.replace(/<([a-z0-9-]+)>/g, (_, name) => {
      assert.ok(this.#known.has(name), `nothing was called ${name} before: ${text}`);
      return this.#known.get(name);
    });
  }

  /** Fails unless what came is as recorded; learns the names that are new. */
  match(recorded, came, where) {
    if (Array.isArray(recorded)) {
      assert.ok(Array.isArray(came), `${where} is no list: ${JSON.stringify(came)}`);
      assert.equal(came.length, recorded.length, `${where} has another length: ${JSON.stringify(came)}`);
      recorded.forEach((one, index) => this.match(one, came[index], `${where}[${index}]`));
    } else if (recorded !== null && typeof recorded === "object") {
      assert.ok(came !== null && typeof came === "object" && !Array.isArray(came), `${where} is no object: ${came}`);
      for (const [key, one] of Object.entries(recorded)) {
        assert.ok(key in came, `${where}.${key} is missing in ${JSON.stringify(came)}`);
        this.match(one, came[key], `${where}.${key}`);
      }
    } else {
      this.#matchOne(recorded, came, where);
    }
  }

  #matchOne(recorded, came, where) {
    const name = typeof recorded === "string" ? /^<([a-z0-9-]+)>$/.exec(recorded)?.[1] : undefined;
    if (name === undefined) return assert.deepEqual(came, recorded, where);
    assert.ok(typeof came === "string" && came !== "", `${where} is no text: ${came}`);
    if (name === "time") return assert.match(came, TIME, where);
    if (name === "text") return undefined;
    if (!this.#known.has(name)) this.#known.set(name, came);
    assert.equal(came, this.#known.get(name), `${where}, which is ${name}`);
  }
}

/** Says a request as it was said, and reads the answer. */
async function say(line, names) {
  const [method, path] = line.say.split(" ");
  const headers = Object.fromEntries(Object.entries(line.headers).map(([name, value]) => [name, names.fill(value)]));
  const body = names.fill(line.body ?? "");
  // Bodies that are written have a length, also one of nothing.
  if (method !== "GET") headers["Content-Length"] = Buffer.byteLength(body);
  const { hostname, port } = new URL(world.url);
  const request = http.request({ hostname, port, method, path: names.fill(path), headers });
  request.end(body);
  const [reply] = await once(request, "response");
  const parts = await reply.toArray();
  const bytes = Buffer.concat(parts);
  const text = (reply.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
  return { status: reply.statusCode, text };
}

/** A phone's socket: what it was told and did not look at yet, and how it ended. */
class Phone {
  #socket;
  told = [];

  constructor(socket) {
    this.#socket = socket;
    socket.on("message", (data) => this.told.push(JSON.parse(data)));
  }

  /** Connects, unless it is refused; returns the status, and the socket or the refusal's text. */
  static async connect(line, names) {
    const socket = new WebSocket(world.url.replace("http", "ws") + names.fill(line.connect), {
      headers: line.headers,
      // The header says what the phone offered.
      perMessageDeflate: false,
    });
    const phone = new Phone(socket);
    const refused = once(socket, "unexpected-response").then(async ([, reply]) => {
      const text = Buffer.concat(await reply.toArray()).toString();
      return { status: reply.statusCode, text };
    });
    const open = once(socket, "open").then(() => ({ status: 101, text: "", phone }));
    // The one that does not come about fails with the other's end.
    return Promise.race([open, refused]);
  }

  /** Says a frame, and waits until it was heard: what is asked after it has been answered. */
  async say(text) {
    this.#socket.send(text);
    const heard = once(this.#socket, "pong");
    this.#socket.ping();
    await heard;
  }

  async hear() {
    await eventually("a frame", () => this.told.length > 0);
    return this.told.shift();
  }

  /** Closes, and returns the code it got. */
  async close(code) {
    const closed = once(this.#socket, "close");
    this.#socket.close(code);
    return (await closed)[0];
  }
}

test("what the SDK for Android said is answered as it was", async () => {
  const { rest, send } = serverSide(world);
  const token = async (scope) => (await rest("POST", "/auth/issue-token", { scope, expires_in: "2 days" })).token;
  const section = await rest("POST", "/preferences/sections", { name: "News", has_custom_routing: true });
  const kept = { name: "Weekly", default_status: "OPTED_OUT" };
  const topic = await rest("POST", `/preferences/sections/${section.id}/topics`, kept);
  const colors = { primary: "#112233", secondary: "#445566", tertiary: "#778899" };
  const brand = await rest("POST", "/brands", { name: "House", settings: { colors } });
  const names = new Names({
    token: await token(`${INBOX} ${SCOPE}`),
    topic: topic.id,
    section: section.id,
    brand: brand.id,
    "connection-1": randomUUID(),
    "connection-2": randomUUID(),
  });
  const desk = { authorization: `Bearer ${await token(INBOX)}`, "x-courier-user-id": "ada" };
  const ask = async (query) => {
    const headers = { ...desk, "content-type": "application/json" };
    const reply = await fetch(`${world.url}/q`, { method: "POST", headers, body: JSON.stringify({ query }) });
    const { data, errors } = await reply.json();
    assert.equal(errors, undefined, query);
    return data;
  };

  let phone;
  let closed;
  const steps = {
    async say(line) {
      const { status, text } = await say(line, names);
      assert.equal(status, line.answered, `${line.say} ${line.body}: ${text}`);
      if (line.with) names.match(line.with, JSON.parse(text), line.say);
      else assert.equal(text, "", line.say);
    },
    async connect(line) {
      const { status, text, phone: connected } = await Phone.connect(line, names);
      assert.equal(status, line.answered);
      if (line.with) names.match(line.with, JSON.parse(text), "a refused socket");
      phone = connected ?? phone;
    },
    frame: (line) => phone.say(names.fill(line.frame)),
    async told(line) {
      const frame = await phone.hear();
      names.match(line.told, frame, "a frame");
      assert.ok(!("tid" in frame) && !("response" in frame), `phones know no envelopes: ${JSON.stringify(frame)}`);
    },
    async closes(line) {
      assert.deepEqual(phone.told, [], "the phone was told what the recording does not have");
      closed = await phone.close(line.closes);
    },
    closed: (line) => assert.equal(closed, line.closed),
    async do(line) {
      if (line.do === "elsewhere") return ask(`mutation { ${names.fill(line.mutation)} }`);
      const title = line.as[0].toUpperCase() + line.as.slice(1);
      const id = await send(line.to, title, line.more);
      names.set(line.as, id);
      return eventually("an arrival", async () => (await ask(`{ message(messageId: "${id}") { messageId } }`)).message);
    },
  };
  const recorded = await readFile(new URL("recorded/courier-android-6.1.1.jsonl", import.meta.url), "utf8");
  for (const text of recorded.trimEnd().split("\n")) {
    const line = JSON.parse(text);
    const step = Object.keys(steps).find((name) => name in line);
    assert.ok(step, `nothing is known of ${text}`);
    await steps[step](line);
  }
});
