// A page of a customer's that asks what the published template designer asks, in the same order and with the same headers.

import { once } from "node:events";
import { createServer } from "node:http";

import { openPage } from "./browser.mjs";

const OPENING = `
  query GetTenant($tenantId: String!, $input: GetNotificationInput!, $brandInput: GetTenantBrandInput!, $includeBrand: Boolean!) {
    tenant(tenantId: $tenantId) {
      tenantId
      name
      notification(input: $input) { createdAt publishedAt notificationId version data { content routing } }
      brand(input: $brandInput) @include(if: $includeBrand) {
        brandId
        name
        settings {
          colors { primary secondary tertiary }
          email {
            header { barColor logo { href image } }
            footer {
              markdown
              social { facebook { url } instagram { url } linkedin { url } medium { url } twitter { url } }
            }
          }
        }
      }
    }
  }`;
const FONTS = "query GetFontCatalog { fontCatalog { name fontFamily sourceType fontUrl previewUrl } }";
const SAVE = `
  mutation SaveNotification($input: SaveNotificationInput!) {
    tenant { notification { save(input: $input) { success version updatedAt createdAt } } }
  }`;
const PUBLISH = `
  mutation PublishNotification($input: PublishNotificationInput!) {
    tenant { notification { publish(input: $input) { success version publishedAt } } }
  }`;
const UPLOAD = "mutation UploadImage($input: UploadImageInput!) { tenant { notification { uploadImage(input: $input) { url } } } }";
const SAVE_BRAND = "mutation SaveTenantBrand($input: SaveBrandSettingsInput!) { tenant { brand { updateSettings(input: $input) { success } } } }";
const PUBLISH_BRAND = "mutation PublishNotification($input: PublishBrandInput!) { tenant { brand { publish(input: $input) { success } } } }";

/** Where mail goes unless somebody says otherwise. */
export const BY_MAIL = { method: "single", channels: ["email"] };

const block = (words, more = {}) => ({
  border_color: "transparent",
  ...more,
  padding: "6px 0px",
  background_color: "transparent",
  type: "text",
  align: "left",
  elements: words ? [{ type: "string", content: words }] : [],
});

/** What the editor writes, its keys in its order: a heading, words and a place for an image. A new one has neither `subject` nor words. */
export const document = ({ subject, heading = "Hello", words = "Hello there", image = "" } = {}) => ({
  version: "2022-01-01",
  elements: [
    {
      type: "channel",
      channel: "email",
      background_color: "#FAF8F6",
      content_body_color: "#ffffff",
      elements: [
        ...(subject === undefined ? [] : [{ type: "meta", title: subject }]),
        block(heading, { text_style: "h1" }),
        block(words),
        { width: image ? "2%" : "1%", border_color: "transparent", type: "image", src: image, align: "center" },
      ],
    },
  ],
});

/** The settings of a brand as the brand editor writes them: what is not set is an empty text. */
export const brandSettings = ({ primary = "#000000", barColor = "", image = "", markdown = "", facebook = "" } = {}) => ({
  colors: { primary, secondary: "#9CA3AF", tertiary: "#737373" },
  email: {
    header: { barColor, logo: { href: "", image } },
    footer: {
      markdown,
      social: { facebook: { url: facebook }, instagram: { url: "" }, linkedin: { url: "" }, medium: { url: "" }, twitter: { url: "" } },
    },
  },
});

/** Serves an empty page on an origin of its own. */
export async function startOrigin() {
  const server = createServer((_, reply) => {
    reply.setHeader("content-type", "text/html; charset=utf-8");
    reply.end('<!doctype html><title>A customer</title><link rel="icon" href="data:,">');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((done) => server.close(done)) };
}

/**
 * Opens that page for a template. Each call gives `{status, data, errors, message, type}` as a script of the page gets it, so
 * that what the browser keeps back from it counts as not answered.
 */
export async function openDesigner(browser, origin, { apiUrl, token, tenantId, templateId = "" }) {
  const { page, close } = await openPage(browser, {});
  await page.goto(origin.url);
  const ask = (query, variables, named = true) =>
    page.evaluate(
      async ([url, headers, body]) => {
        const reply = await fetch(url, { method: "POST", headers, body });
        return { status: reply.status, ...(await reply.json()) };
      },
      [
        apiUrl,
        {
          "Content-Type": "application/json",
          Authorization: `Bearer ${token}`,
          ...(named && { "x-courier-client-key": `Bearer ${token}` }),
        },
        JSON.stringify({ query, variables }),
      ],
    );
  const load = (includeBrand = true) =>
    ask(OPENING, { tenantId, input: { notificationId: templateId, version: "latest" }, brandInput: { version: "latest" }, includeBrand });
  return {
    page,
    load,
    /** Opening asks for the template and for the fonts at once. */
    open: () => Promise.all([load(), ask(FONTS)]),
    save: (content, { id = templateId, routing = BY_MAIL } = {}) =>
      ask(SAVE, { input: { tenantId, notificationId: id, name: id, data: routing ? { content, routing } : { content } } }),
    publish: (version) => ask(PUBLISH, { input: { tenantId, notificationId: templateId, version } }),
    upload: (type, bytes, name = "image_1_ab.png") => ask(UPLOAD, { input: { name, type, data: bytes.toString("base64") } }, false),
    saveBrand: (settings) => ask(SAVE_BRAND, { input: { tenantId, settings } }),
    publishBrand: () => ask(PUBLISH_BRAND, { input: { tenantId } }),
    /** Shows an image in the page; its width, or 0 when it does not load. */
    show: (url) =>
      page.evaluate(
        (src) => new Promise((done) => Object.assign(new Image(), { src, onload: ({ target }) => done(target.naturalWidth), onerror: () => done(0) })),
        url,
      ),
    close,
  };
}
