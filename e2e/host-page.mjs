// A customer's own site: pages with the published packages in them, on an origin of its own.

import { build } from "esbuild";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("widgets/", import.meta.url));
const BUNDLES = {
  elements: "elements.js",
  react: "react.jsx",
  v7: "v7.jsx",
  "client-1": "client-1.js",
  preferences: "preferences.js",
  "preferences-v7": "preferences-v7.jsx",
};

/** Bundles the pages and serves them. `url(page, settings)` is the address of one. */
export async function startHost() {
  const entryPoints = Object.fromEntries(Object.entries(BUNDLES).map(([name, file]) => [name, FOLDER + file]));
  const built = await build({
    entryPoints,
    bundle: true,
    write: false,
    outdir: "out",
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    loader: { ".woff": "dataurl", ".woff2": "dataurl" },
    logLevel: "error",
  });
  const files = new Map(built.outputFiles.map((file) => [file.path.split("/").pop(), file.contents]));
  const server = createServer((request, reply) => {
    const [, page = "", file] = request.url.split("?")[0].split("/");
    if (file && files.has(file)) {
      reply.setHeader("content-type", file.endsWith(".css") ? "text/css" : "text/javascript");
      return reply.end(files.get(file));
    }
    reply.setHeader("content-type", "text/html; charset=utf-8");
    const style = files.has(`${page}.css`) ? `<link rel="stylesheet" href="/bundle/${page}.css">` : "";
    reply.end(
      `<!doctype html><meta charset="utf-8"><title>${page}</title><link rel="icon" href="data:,">${style}` +
        `<meta name="viewport" content="width=device-width"><body><script type="module" src="/bundle/${page}.js"></script>`,
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    url: (page, settings) => `${origin}/${page}#${encodeURIComponent(JSON.stringify(settings))}`,
    close: () => new Promise((done) => server.close(done)),
  };
}
