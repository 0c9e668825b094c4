// The customer's site with the designer's page, on an origin of its own.

import { once } from "node:events";
import { createServer } from "node:http";

const page = (settings) =>
  '<!doctype html><meta charset="utf-8"><title>Designer</title><link rel="icon" href="data:,">' +
  '<link rel="stylesheet" href="/bundle/designer.css"><link rel="stylesheet" href="/bundle/page.css">' +
  "<style>html, body, #root { height: 100%; margin: 0; }</style>" +
  `<script>const settings = ${JSON.stringify(settings).replaceAll("<", "\\u003c")};</script>` +
  '<body><div id="root"></div><script type="module" src="/bundle/page.js"></script>';

/** Serves the built files. `url(settings)` is the address of the page with these; without any it has its own. */
export async function startSite(files, settings = {}) {
  const server = createServer((request, reply) => {
    const name = request.url.split("?")[0].match(/^\/bundle\/(.+)$/)?.[1];
    if (name && !files.has(name)) return reply.writeHead(404).end();
    reply.setHeader("content-type", !name ? "text/html; charset=utf-8" : name.endsWith(".css") ? "text/css" : "text/javascript");
    reply.end(name ? files.get(name) : page(settings));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    url: (settings) => `${origin}/#${encodeURIComponent(JSON.stringify(settings))}`,
    close: () => new Promise((done) => server.close(done)),
  };
}
