// The world of clients/harness, started beside a suite and gone with it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const CLIENTS = fileURLToPath(new URL("..", import.meta.url));

/** Starts a part of the harness; what it says of itself, and how it is ended. */
async function start(...options) {
  const child = spawn("python3", ["-m", ...options], {
    cwd: CLIENTS,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), ended.then(() => undefined)]);
  if (!first) throw new Error("the harness ended before the world was up");
  return {
    ...JSON.parse(first[0]),
    async close() {
      child.stdin.end();
      const [status] = await ended;
      if (status !== 0) throw new Error(`the harness left with ${status}`);
    },
  };
}

/** Starts several servers on one database: `{urls, key, close}`. */
export const startNodes = (count) => start("harness.nodes", String(count));

/** Starts server, mail server and SMS provider, with these settings; `close` fails unless all stopped cleanly. */
export async function startWorld(settings = {}) {
  const named = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const { url, key, control, close } = await start("harness", ...named);
  const ask = async (path, options) => (await fetch(control + path, options)).json();
  return {
    url,
    key,
    mails: (to) => ask(`/mails?to=${encodeURIComponent(to)}`),
    sms: (containing) => ask(`/sms?containing=${encodeURIComponent(containing)}`),
    clientKey: () => ask("/client-key"),
    mailServer: (state) => ask("/mail-server", { method: "PUT", body: JSON.stringify({ state }) }),
    close,
  };
}

/** The first truthy answer of `probe`, asked for at most `within` milliseconds. */
export async function eventually(what, probe, within = 15_000) {
  const deadline = Date.now() + within;
  for (;;) {
    const last = await probe();
    if (last) return last;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${within} ms`);
    await pause(50);
  }
}

/** Fails as soon as `probe` answers something truthy within `during` milliseconds. */
export async function never(what, probe, during = 800) {
  const deadline = Date.now() + during;
  while (Date.now() < deadline) {
    if (await probe()) throw new Error(`${what} happened`);
    await pause(50);
  }
}
