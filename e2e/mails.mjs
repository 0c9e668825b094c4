// Draws the mails of examples/mails as their readers see them, at three widths, for docs/images/mails.
//
//   node e2e/mails.mjs [NAME...]
//
// Each example goes the whole way: its brand and template are written through the API, the template is published and
// sent, and what the server rendered is opened in a browser. Pictures come from examples/mails/images: nothing is loaded
// from elsewhere. Debian's fonts-noto-core holds the letters; with pngquant installed the results are made smaller.

import { execFileSync } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { openBrowser } from "./browser.mjs";
import { startDev } from "./dev-server.mjs";

const EXAMPLES = new URL("../examples/mails/", import.meta.url);
const IMAGES = new URL("../docs/images/mails/", import.meta.url);
const WIDTHS = [320, 600, 1200];
const WAIT_MS = 20_000;

/** Sends an example through the server, and gives back the HTML that it rendered. */
async function render(server, example) {
  const { brand, notification, message } = example;
  const call = async (method, path, body) => {
    const reply = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  const { id: brandId, ...brandBody } = brand;
  await call("PUT", `/brands/${brandId}`, brandBody);
  const { id } = await call("POST", "/notifications", { notification, state: "PUBLISHED" });
  const { requestId } = await call("POST", "/send", { message: { template: id, ...message } });
  const deadline = Date.now() + WAIT_MS;
  while (Date.now() < deadline) {
    const { results } = await call("GET", `/messages/${requestId}/output`).catch(() => ({ results: [] }));
    const mail = results.find((one) => one.channel === "email");
    if (mail) return mail.content.html;
    await pause(100);
  }
  throw new Error(JSON.stringify(await call("GET", `/messages/${requestId}`)));
}

/** A picture of the mail in a window of this width. */
async function shoot(browser, html, width, dark) {
  const context = await browser.newContext({
    viewport: { width, height: 400 },
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  await page.route("**/*", async (route) => {
    const { hostname, pathname } = new URL(route.request().url());
    const name = pathname.replace(/^\/|\.png$/g, "");
    if (hostname !== "assets.example") return route.abort();
    const body = await readFile(new URL(`images/${name}.svg`, EXAMPLES));
    await route.fulfill({ body, contentType: "image/svg+xml" });
  });
  await page.setContent(html, { waitUntil: "load" });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  if (overflow) throw new Error(`the mail is wider than a window of ${width} pixels`);
  const picture = await page.screenshot({ fullPage: true });
  await context.close();
  return picture;
}

/** All widths side by side. */
async function sheet(browser, pictures) {
  const context = await browser.newContext({ viewport: { width: 2250, height: 800 } });
  const page = await context.newPage();
  const figures = pictures.map(({ width, picture }) => {
    const source = `data:image/png;base64,${picture.toString("base64")}`;
    return `<figure><figcaption>${width} px</figcaption><img src="${source}"></figure>`;
  });
  await page.setContent(`<style>
    body { margin: 0; padding: 24px; display: inline-flex; gap: 24px; align-items: flex-start; background: #c9ced6; }
    figure { margin: 0 } figcaption { font: 15px sans-serif; color: #374151; padding-bottom: 8px }
    img { display: block; box-shadow: 0 1px 6px #0004 }
  </style>${figures.join("")}`);
  const result = await page.locator("body").screenshot();
  await context.close();
  return result;
}

async function smaller(file) {
  try {
    execFileSync("pngquant", ["--force", "--skip-if-larger", "--quality", "60-90", "--output", file, file]);
  } catch (error) {
    if (error.code !== "ENOENT" && error.status !== 98) throw error;
  }
}

const wanted = process.argv.slice(2);
const files = (await readdir(EXAMPLES)).filter((name) => name.endsWith(".json")).sort();
const names = files.map((name) => name.replace(".json", "")).filter((name) => !wanted.length || wanted.includes(name));
await mkdir(IMAGES, { recursive: true });
const server = await startDev();
const browser = await openBrowser();
try {
  for (const name of names) {
    const example = JSON.parse(await readFile(new URL(`${name}.json`, EXAMPLES), "utf8"));
    const html = await render(server, example);
    if (process.env.MAILS_HTML) await writeFile(`${process.env.MAILS_HTML}/${name}.html`, html);
    const pictures = [];
    for (const width of WIDTHS) pictures.push({ width, picture: await shoot(browser, html, width, example.dark) });
    const file = fileURLToPath(new URL(`${name}.png`, IMAGES));
    await writeFile(file, await sheet(browser, pictures));
    await smaller(file);
    console.log(`${name}: ${html.length} bytes of HTML`);
  }
} finally {
  await browser.close();
  await server.close();
}
