// The published template designer, in Chromium, against this server. It is built from its repository, of which a checkout is
// needed; nothing is fetched but what its package names. No test of `make test` needs it: those are in e2e/designer.test.mjs.
//
//   node clients/web/designer.mjs <folder of the repository>
//
// PICTURES=<folder> keeps pictures of the editor and of the mails.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { ALONE, openBrowser } from "../../e2e/browser.mjs";
import { buildDesigner } from "./designer/build.mjs";
import { data, everyBlock, paragraph, text } from "./designer/documents.mjs";
import { openDesigner } from "./designer/driver.mjs";
import { startSite } from "./designer/site.mjs";
import { scopes, startWorld } from "./designer/world.mjs";

const [checkout] = process.argv.slice(2);
if (!checkout) throw new Error("which folder holds the designer's repository?");

/** Ten pixels square, red. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR42mM4oKCABzGMSmNDAM86ZAErpDc4AAAAAElFTkSuQmCC",
  "base64",
);
const VARIABLES = { order: { id: "" }, data: { tier: "", items: [] } };

let world;
let site;
let browser;
let token;

before(async () => {
  const built = await buildDesigner(checkout);
  console.log(`react-designer ${built.version}`);
  site = await startSite(built.files);
  browser = await openBrowser([`${ALONE} , EXCLUDE localhost`]);
  world = await startWorld();
  await world.tenant("acme");
  token = await world.token(scopes("acme"));
});

after(async () => {
  await browser?.close();
  await site?.close();
  await world?.close();
});

/** Opens a template in the designer; `run` gets it. Nothing may have gone wrong, and nobody else may have been asked. */
async function designing(templateId, run, { provider, editor, problems = [], ...more } = {}) {
  const designer = await openDesigner(browser, site, {
    provider: { apiUrl: world.apiUrl, token, tenantId: "acme", templateId, variables: VARIABLES, emailFormattingEnabled: true, ...provider },
    editor: { brandEditor: true, variables: VARIABLES, ...editor },
    ...more,
  });
  try {
    await designer.ready();
    await run(designer);
    assert.deepEqual(designer.problems.filter((one) => !problems.some((expected) => expected.test(one))), []);
    assert.deepEqual(designer.outside, []);
  } finally {
    await designer.close();
  }
}

const template = (id, tenant = "acme") => world.call("GET", `/tenants/${tenant}/templates/${id}`);
const version = (id, name, tenant = "acme") => world.call("GET", `/tenants/${tenant}/templates/${id}/versions/${name}`);
const channel = (content, name) => content.elements.find((one) => one.channel === name);
const mailOf = ({ results }) => results.find((one) => one.channel === "email")?.content;

/** Keeps a picture, where pictures are wanted. */
async function picture(name, page) {
  if (!process.env.PICTURES) return;
  mkdirSync(process.env.PICTURES, { recursive: true });
  writeFileSync(join(process.env.PICTURES, `${name}.png`), await page.screenshot({ fullPage: true }));
}

/** What a reader of the mail sees; `look` gets the page. */
async function reading(name, html, look) {
  for (const width of [1280, 360]) {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    await page.setContent(html, { waitUntil: "load" });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, `wider than ${width} pixels`);
    await picture(`mail-${name}-${width}`, page);
    await look?.(page);
    await context.close();
  }
}

test("a new template is written, kept while it is typed, published, and shown again", async () => {
  let kept;
  await designing("welcome", async (designer) => {
    const { page } = designer;
    const [opening] = designer.named("GetTenant");
    assert.deepEqual(opening.variables, {
      tenantId: "acme",
      input: { notificationId: "welcome", version: "latest" },
      brandInput: { version: "latest" },
      includeBrand: true,
    });
    assert.equal(opening.answer.data.tenant.notification, null);
    assert.ok(designer.named("SaveNotification").every((save) => save.answer.data.tenant.notification.save.success));

    await designer.subject("Welcome to Acme");
    // The empty paragraph below the empty heading, and then the heading.
    await designer.caret(3);
    await page.keyboard.type("There is tea.");
    await designer.caret(1);
    await page.keyboard.type("Good to see you");
    await designer.rest();
    kept = designer.saved();
    assert.match(JSON.stringify(kept.content), /Good to see you/);
    assert.deepEqual((await version("welcome", "latest")).data.content, kept.content);
    assert.equal((await template("welcome")).published_at ?? null, null);

    await designer.publish();
    await designer.told("Template published");
    assert.equal(designer.named("PublishNotification").at(-1).answer.data.tenant.notification.publish.success, true);
    assert.ok((await template("welcome")).published_at);
    await picture("editor-welcome", page);
  });

  await designing("welcome", async (designer) => {
    const loaded = designer.named("GetTenant")[0].answer.data.tenant.notification;
    assert.deepEqual(loaded.data, kept);
    assert.ok(loaded.publishedAt);
    const saves = designer.named("SaveNotification");
    for (const save of saves) {
      assert.deepEqual(save.variables.input.data, kept, "opening rewrites what is there already");
      assert.equal(save.answer.data.tenant.notification.save.version, loaded.version, "and makes no version");
    }
    await designer.page.locator("h1").filter({ hasText: "Good to see you" }).waitFor();
    assert.equal(await designer.subjectLine().innerText(), "Welcome to Acme");
  });

  const sent = await world.sendTemplate("acme", "welcome");
  const mail = mailOf(sent);
  assert.equal(mail.subject, "Welcome to Acme");
  assert.match(mail.text, /Good to see you/);
  await reading("welcome", mail.html, async (page) => {
    assert.match(await page.locator("body").innerText(), /There is tea\./);
    assert.equal(await page.locator("img:visible").count(), 0, "an image that was never chosen is not there");
  });
});

test("what is typed after publishing is not sent before it is published", async () => {
  await designing("careful", async (designer) => {
    await designer.subject("First");
    await designer.setDocument([paragraph(text("The first words"))]);
    await designer.publish();
    await designer.setDocument([paragraph(text("The second words"))]);
  });
  assert.match(mailOf(await world.sendTemplate("acme", "careful")).text, /The first words/);
  await designing("careful", async (designer) => {
    assert.match(JSON.stringify(designer.named("GetTenant")[0].answer.data), /The second words/);
    await designer.publish();
  });
  assert.match(mailOf(await world.sendTemplate("acme", "careful")).text, /The second words/);
});

test("every block of the library, untouched, is kept and can be sent", async () => {
  await designing("untouched", async (designer) => {
    for (const block of ["heading", "text", "list", "image", "spacer", "divider", "button", "column", "customCode", "blockquote"]) await designer.insert(block);
    await designer.rest();
    const types = channel(designer.saved().content, "email").elements.map(({ type }) => type);
    for (const type of ["text", "list", "image", "divider", "action", "columns", "html", "quote"]) assert.ok(types.includes(type), type);
    assert.deepEqual((await version("untouched", "latest")).data, designer.saved());
    await designer.publish();
    await picture("editor-untouched", designer.page);
  });
  const sent = await world.sendTemplate("acme", "untouched");
  assert.equal(sent.status, "SENT");
  await reading("untouched", mailOf(sent).html, async (page) => {
    assert.equal(await page.locator("img:visible").count(), 0);
    assert.equal(await page.locator('a[href=""]').count(), 0);
  });
});

test("every block, filled, looks in the mail as it was made", async () => {
  await designing("filled", async (designer) => {
    const { page } = designer;
    await page.locator("input[type=file]").first().setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: PNG });
    await designer.rest();
    const url = designer.named("UploadImage")[0].answer.data.tenant.notification.uploadImage.url;
    await designer.subject("Order {{order.id}}");
    await designer.setDocument(everyBlock(url));
    assert.deepEqual((await version("filled", "latest")).data, designer.saved());
    await designer.publish();
    await picture("editor-filled", page);
  });
  const mail = mailOf(await world.sendTemplate("acme", "filled", { data }));
  assert.equal(mail.subject, "Order A&7");
  assert.match(mail.html, /A&amp;7/);
  assert.doesNotMatch(mail.html, /\{\{|4 <EUR>/);
  await reading("filled", mail.html, async (page) => {
    const words = await page.locator("body").innerText();
    for (const expected of ["Your order A&7", "For gold members", "Tea: 4 <EUR>", "Cups: 12 EUR", "On the left", "with more below", "Made by hand for A&7", "Well said"]) {
      assert.ok(words.includes(expected), `${expected}: ${words}`);
    }
    assert.doesNotMatch(words, /For nobody/);
    const drawn = (locator, what) => locator.first().evaluate((node, name) => getComputedStyle(node)[name], what);
    assert.ok(Number(await drawn(page.getByText("bold", { exact: true }), "fontWeight")) >= 600);
    assert.equal(await drawn(page.getByText("italic", { exact: true }), "fontStyle"), "italic");
    assert.match(await drawn(page.getByText("underlined", { exact: true }), "textDecorationLine"), /underline/);
    assert.match(await drawn(page.getByText("struck", { exact: true }), "textDecorationLine"), /line-through/);
    assert.equal(await drawn(page.getByText("red", { exact: true }), "color"), "rgb(192, 32, 32)");
    assert.equal(await page.getByText("a link", { exact: true }).getAttribute("href"), "https://shop.example/orders?a=1&b=2");
    assert.equal(await page.locator("a").filter({ hasText: "See it" }).first().getAttribute("href"), "https://shop.example/orders/A&7");
    const pictures = page.locator("img:visible");
    assert.equal(await pictures.count(), 1);
    assert.ok((await pictures.evaluate((node) => node.naturalWidth)) > 0, "the picture is there");
  });
});

test("HTML is written in the code editor, in the dark", async () => {
  const editor = { colorScheme: "dark" };
  await designing(
    "by-hand",
    async (designer) => {
      const { page } = designer;
      await designer.insert("customCode");
      await page.getByRole("button", { name: "Expand Editor" }).click();
      await page.locator(".monaco-editor").first().waitFor();
      await page.locator(".monaco-editor").first().click();
      await page.keyboard.press("Control+A");
      // No brackets: it closes them itself, sooner or later.
      await page.keyboard.type("Written by hand");
      const last = () => channel(designer.saved().content, "email").elements.at(-1).content;
      for (let tries = 0; tries < 10 && last() !== "Written by hand"; tries += 1) await designer.rest();
      await picture("editor-html-dark", page);
      assert.equal(last(), "Written by hand");
      await page.getByRole("button", { name: "Minimize" }).click();
      await designer.publish();
    },
    { editor },
  );
  assert.match(mailOf(await world.sendTemplate("acme", "by-hand")).html, /Written by hand/);
});

test("an uploaded image shows in the editor at once, and is kept", async () => {
  await designing("picture", async (designer) => {
    await designer.page.locator("input[type=file]").first().setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: PNG });
    await designer.rest();
    const [upload] = designer.named("UploadImage");
    assert.equal(upload.headers["x-courier-client-key"], undefined);
    assert.deepEqual(Buffer.from(upload.variables.input.data, "base64"), PNG);
    const { url } = upload.answer.data.tenant.notification.uploadImage;
    await designer.page.waitForFunction((src) => [...document.images].some((one) => one.src === src && one.naturalWidth === 10), url);
    assert.match(JSON.stringify(designer.saved()), new RegExp(url.replaceAll(/[.?/]/g, "\\$&")));
    const stranger = await fetch(url);
    assert.equal(stranger.headers.get("content-type"), "image/png");
    assert.deepEqual(Buffer.from(await stranger.arrayBuffer()), PNG);
  });
});

test("what is no image is refused, and the editor says so", async () => {
  await designing(
    "no-picture",
    async (designer) => {
      await designer.page.locator("input[type=file]").first().setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)>") });
      await designer.rest();
      const [upload] = designer.named("UploadImage");
      assert.ok(upload.answer.errors.length, JSON.stringify(upload.answer));
      await designer.told(upload.answer.errors[0].message);
    },
    { problems: [/uploading image|Failed to load resource/] },
  );
});

test("a brand is edited, published, and in the mail", async () => {
  await world.tenant("branded");
  const mine = await world.token(scopes("branded"));
  const provider = { tenantId: "branded", token: mine };
  await designing(
    "letter",
    async (designer) => {
      const { page } = designer;
      await designer.subject("A letter");
      await designer.setDocument([paragraph(text("Dear reader"))]);
      await designer.publish();

      await designer.brand();
      const footer = page.locator(".courier-brand-editor .tiptap");
      await footer.click();
      await page.keyboard.press("Control+A");
      // The editor saves the second change of a footer, not the first.
      await page.keyboard.type("Acme, Tea Street");
      await pause(800);
      await page.keyboard.type(" 5");
      await designer.rest();
      await page.locator("input[name=facebookLink]").fill("https://social.example/acme");
      await designer.rest();
      await page.locator("input[type=file]").first().setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: PNG });
      await designer.rest();
      const saves = designer.named("SaveTenantBrand");
      assert.ok(saves.every((save) => save.answer.data.tenant.brand.updateSettings.success));
      assert.equal(saves.at(-1).variables.input.settings.email.footer.markdown, "Acme, Tea Street 5");
      assert.doesNotMatch(mailOf(await world.sendTemplate("branded", "letter")).html, /Tea Street/, "a draft is not sent");
      await picture("editor-brand", page);
    },
    { provider },
  );

  await designing(
    "letter",
    async (designer) => {
      const { page } = designer;
      const { brand } = designer.named("GetTenant")[0].answer.data.tenant;
      assert.equal(brand.settings.email.footer.markdown, "Acme, Tea Street 5");
      assert.equal(brand.settings.email.footer.social.facebook.url, "https://social.example/acme");
      await page.getByText("Acme, Tea Street 5").waitFor();
      await picture("editor-branded", page);
      await designer.brand();
      await designer.publish();
      await designer.told("Brand published");
      assert.equal(designer.named("PublishNotification").at(-1).answer.data.tenant.brand.publish.success, true);
    },
    { provider },
  );
  const { html } = mailOf(await world.sendTemplate("branded", "letter"));
  await reading("letter", html, async (page) => {
    const words = await page.locator("body").innerText();
    assert.match(words, /Dear reader[\s\S]*Acme, Tea Street 5/);
    assert.equal(await page.locator('a[href="https://social.example/acme"]').count(), 1);
    assert.equal(await page.locator("img:visible").first().evaluate((node) => node.naturalWidth), 10, "the logo is there");
  });
});

test("the brand editor alone", async () => {
  await world.tenant("lonely");
  const designer = await openDesigner(browser, site, {
    brandOnly: true,
    provider: { apiUrl: world.apiUrl, token: await world.token(scopes("lonely")), tenantId: "lonely" },
    editor: {},
  });
  try {
    await designer.page.getByText("Brand theme").waitFor();
    await designer.rest();
    const [opening] = designer.named("GetTenant");
    assert.equal(opening.variables.input.notificationId, "");
    assert.equal(opening.answer.data.tenant.tenantId, "lonely");
    assert.equal(designer.named("GetTenant").length, 1, "it does not ask again and again");
    assert.deepEqual([designer.problems, designer.outside], [[], []]);
    await picture("editor-brand-alone", designer.page);
  } finally {
    await designer.close();
  }
});

test("a copy is a template of its own", async () => {
  await designing("original", async (designer) => {
    await designer.subject("Twice");
    await designer.setDocument([paragraph(text("Said twice"))]);
    const result = await designer.page.evaluate(() => window.designer.actions.duplicateTemplate({ targetTemplateId: "copy" }));
    assert.equal(result.success, true);
    assert.deepEqual((await version("copy", "latest")).data.content, designer.saved().content);
  });
  await designing("copy", async (designer) => {
    await designer.page.getByText("Said twice").waitFor();
    await designer.publish();
  });
  assert.match(mailOf(await world.sendTemplate("acme", "copy")).text, /Said twice/);
});

test("several channels are designed, kept and sent", async () => {
  const routing = { method: "all", channels: ["email", "sms", "push"] };
  await designing(
    "everywhere",
    async (designer) => {
      const { page } = designer;
      await designer.subject("Everywhere");
      await designer.setDocument([paragraph(text("By mail"))]);
      for (const [tab, words] of [["SMS", "By SMS"], ["Push", "By push"]]) {
        await page.getByRole("button", { name: "+ Add channel" }).click();
        await page.getByRole("menuitem", { name: tab, exact: true }).click();
        await designer.rest();
        await page.locator('.tiptap.ProseMirror[contenteditable="true"]').first().click();
        await page.keyboard.press("Control+End");
        await page.keyboard.type(words);
        await designer.rest();
        assert.match(JSON.stringify(designer.saved().content), new RegExp(words));
        await picture(`editor-${tab}`, page);
      }
      assert.deepEqual(designer.saved().routing, routing);
      assert.deepEqual((await version("everywhere", "latest")).data, designer.saved());
      await designer.publish();
    },
    { editor: { routing } },
  );
  const { results } = await world.sendTemplate("acme", "everywhere", { to: { user_id: "ada", email: "ada@people.test", phone_number: "+12025550143" } });
  const by = (name) => JSON.stringify(results.filter((one) => one.channel === name));
  assert.match(by("email"), /By mail/);
  assert.match(by("sms"), /By SMS/);
});

test("a token of another tenant is refused, and the editor says why", async () => {
  await world.tenant("stranger");
  const other = await world.token(scopes("stranger"));
  await designing(
    "welcome",
    async (designer) => {
      const [opening] = designer.named("GetTenant");
      assert.ok([401, 403].includes(opening.status), String(opening.status));
      assert.equal(opening.answer.data ?? null, null);
      await designer.told(opening.answer.errors[0].message);
      assert.ok(designer.named("SaveNotification").every(({ status }) => [401, 403].includes(status)));
      await picture("editor-refused", designer.page);
    },
    { provider: { token: other }, problems: [/Failed to load resource/] },
  );
  assert.match(JSON.stringify((await version("welcome", "latest")).data), /Good to see you/, "nothing was overwritten");
});

test("who may only read is shown the template, and told that he may not save", async () => {
  const reader = await world.token("tenant:acme:read tenant:acme:notification:read tenant:acme:brand:read");
  await designing(
    "welcome",
    async (designer) => {
      await designer.page.getByText("Good to see you").waitFor();
      await designer.setDocument([paragraph(text("Not by me"))]);
      const refused = designer.named("SaveNotification").at(-1);
      assert.equal(refused.status, 403);
      await designer.told(refused.answer.errors[0].message);
    },
    { provider: { token: reader }, problems: [/Failed to load resource/] },
  );
  assert.doesNotMatch(JSON.stringify((await version("welcome", "latest")).data), /Not by me/);
});

test("a token that has ended is refused, and the editor says so", async () => {
  const ends = Date.now() + 31_000;
  const brief = await world.token(scopes("acme"), "30 seconds");
  await designing(
    "brief",
    async (designer) => {
      await designer.setDocument([paragraph(text("In time"))]);
      await pause(Math.max(0, ends - Date.now()));
      await designer.setDocument([paragraph(text("Too late"))]);
      const refused = designer.named("SaveNotification").at(-1);
      assert.equal(refused.status, 401);
      await designer.told(refused.answer.errors[0].message);
    },
    { provider: { token: brief }, problems: [/Failed to load resource/] },
  );
  assert.match(JSON.stringify((await version("brief", "latest")).data), /In time/);
});

test("an unknown tenant is told", async () => {
  const all = await world.token("tenants:read tenants:notifications:read tenants:notifications:write tenants:brand:read");
  await designing(
    "welcome",
    async (designer) => {
      const [opening] = designer.named("GetTenant");
      assert.ok(opening.answer.errors.length);
      await designer.told(opening.answer.errors[0].message);
    },
    { provider: { token: all, tenantId: "nobody" }, problems: [/Failed to load resource/] },
  );
});
