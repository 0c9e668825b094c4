// `tidings dev` on a free port and a data folder of its own.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const START_MS = 30_000;

function binary() {
  if (process.env.TIDINGS_BIN) return process.env.TIDINGS_BIN;
  const metadata = ["metadata", "--no-deps", "--format-version", "1", "--offline"];
  const { target_directory: target } = JSON.parse(execFileSync("cargo", metadata, { cwd: REPOSITORY }));
  return join(target, "debug", "tidings");
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts the server and waits until it is ready, with some files beside where it runs. `send` puts a message in, `post` calls anything else with the same key,
 * `restart` stops it as told and starts it again; `close` expects a clean end.
 */
export async function startDev(files = {}) {
  const folder = await mkdtemp(join(tmpdir(), "tidings-e2e-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const where = ["--data-dir", folder];
  let printed = "";
  let child;
  let ended;

  async function start() {
    child = spawn(binary(), ["dev", "--listen", `127.0.0.1:${port}`, ...where], { cwd: folder });
    ended = once(child, "exit");
    child.stdout.on("data", (text) => (printed += text));
    child.stderr.on("data", (text) => (printed += text));
    await ready(url, child, () => printed);
  }

  async function stop(signal = "SIGTERM") {
    child.kill(signal);
    return (await ended)[0];
  }

  await start();
  const key = execFileSync(binary(), ["keys", "create", "--environment", "test", ...where], { encoding: "utf8" }).trim();
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const call = async (method, path, body) => {
    const reply = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  return {
    url,
    key,
    printed: () => printed,
    call,
    send: async (message) => (await call("POST", "/send", { message })).requestId,
    clientKey() {
      const shown = execFileSync(binary(), ["keys", "client", "--environment", "test", ...where], { encoding: "utf8" });
      return { key: shown.match(/client key: +(\S+)/)[1], secret: shown.match(/signing secret: (\S+)/)[1] };
    },
    async restart(signal) {
      await stop(signal);
      await start();
    },
    async close() {
      const status = await stop();
      await rm(folder, { recursive: true, force: true });
      if (status !== 0) throw new Error(`the server left with ${status}:\n${printed}`);
    },
  };
}

async function ready(url, child, printed) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const reply = await fetch(`${url}/readyz`).catch(() => null);
    if (reply?.status === 200) return;
    await pause(50);
  }
  child.kill("SIGKILL");
  throw new Error(`the server did not get ready:\n${printed()}`);
}
