// The conversation of the published template designer, held by a page of our own: the designer itself is in no package.
// `node clients/web/designer.mjs` runs it out of a checkout of its repository.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { ALONE, openBrowser } from "./browser.mjs";
import { BY_MAIL, brandSettings, document, openDesigner, startOrigin } from "./designer-page.mjs";
import { startDev } from "./dev-server.mjs";

/** Ten pixels square, red. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR42mM4oKCABzGMSmNDAM86ZAErpDc4AAAAAElFTkSuQmCC",
  "base64",
);
const RIGHTS = ["read", "notification:read", "notification:write", "brand:read", "brand:write"];
const WAIT_MS = 15_000;

let server;
let browser;
let origin;

before(async () => {
  server = await startDev();
  browser = await openBrowser([`${ALONE} , EXCLUDE localhost`]);
  origin = await startOrigin();
});

after(async () => {
  await origin?.close();
  await browser?.close();
  await server?.close();
});

const scopes = (tenant, rights = RIGHTS) => rights.map((right) => `tenant:${tenant}:${right}`).join(" ");

async function token(scope, expires_in = "1 hour") {
  return (await server.call("POST", "/auth/issue-token", { scope: `user_id:editor ${scope}`, expires_in })).token;
}

/** A tenant of its own, and the designer open on one of its templates. */
async function designing(tenantId, templateId, run, { scope = scopes(tenantId), expires, exists = true, path = "/client/q" } = {}) {
  if (exists) await server.call("PUT", `/tenants/${tenantId}`, { name: `${tenantId} Ltd` });
  const page = { apiUrl: server.url + path, token: await token(scope, expires), tenantId, templateId };
  const designer = await openDesigner(browser, origin, page);
  try {
    await run(designer);
  } finally {
    await designer.close();
  }
}

const saved = (reply) => reply.data.tenant.notification.save;
const version = (tenant, id, name) => server.call("GET", `/tenants/${tenant}/templates/${id}/versions/${name}`);

/** The mail that a tenant's template makes. */
async function mail(tenant, id, data = {}) {
  const message = { to: { user_id: "ada", email: "ada@people.test" }, context: { tenant_id: tenant }, template: `tenant/${id}`, data };
  const sent = await server.send(message);
  const deadline = Date.now() + WAIT_MS;
  while (Date.now() < deadline) {
    const { results } = await server.call("GET", `/messages/${sent}/output`).catch(() => ({ results: [] }));
    const found = results.find((one) => one.channel === "email");
    if (found) return found.content;
    await pause(50);
  }
  throw new Error(JSON.stringify(await server.call("GET", `/messages/${sent}`)));
}

/** A refusal that every client can read: the designer looks for `errors`, others for `message` and `type`. */
function refused(reply, status) {
  assert.equal(reply.status, status, JSON.stringify(reply));
  assert.equal(reply.data ?? null, null);
  assert.ok(reply.message && reply.type);
  assert.deepEqual(reply.errors.map(({ message }) => message), [reply.message]);
}

test("a page from elsewhere may ask", async () => {
  for (const headers of ["authorization,content-type,x-courier-client-key", "authorization,content-type"]) {
    for (const path of ["/client/q", "/q"]) {
      const reply = await fetch(server.url + path, {
        method: "OPTIONS",
        headers: { origin: "https://shop.example", "access-control-request-method": "POST", "access-control-request-headers": headers },
      });
      assert.ok(reply.ok, String(reply.status));
      assert.ok(["*", "https://shop.example"].includes(reply.headers.get("access-control-allow-origin")));
      const allowed = reply.headers.get("access-control-allow-headers").toLowerCase().split(/, */);
      for (const header of headers.split(",")) assert.ok(allowed.includes(header), header);
      assert.ok(Number(reply.headers.get("access-control-max-age")) > 0);
    }
  }
});

for (const path of ["/client/q", "/q"]) {
  test(`a new template is opened, saved twice, typed into, published and sent by ${path}`, async () => {
    const tenant = `new${path.length}`;
    await designing(
      tenant,
      "welcome",
      async (designer) => {
        const [opening, fonts] = await designer.open();
        assert.equal(opening.errors, undefined);
        assert.deepEqual([opening.data.tenant.tenantId, opening.data.tenant.name], [tenant, `${tenant} Ltd`]);
        assert.equal(opening.data.tenant.notification, null);
        for (const font of fonts.data.fontCatalog) {
          assert.ok(font.name && font.fontFamily);
          assert.ok(["system", "google"].includes(font.sourceType));
          assert.equal(font.fontUrl ?? null, null, "no page is sent to other hosts for a font");
        }

        const first = saved(await designer.save(document({ heading: "", words: "" })));
        const second = saved(await designer.save(document({ subject: "", heading: "", words: "" })));
        assert.ok(first.success && second.success && first.version && second.createdAt && second.updatedAt);
        let last;
        for (const words of ["T", "There is", "There is tea."]) last = saved(await designer.save(document({ subject: "Hello", heading: "Welcome", words })));
        const published = (await designer.publish(last.version)).data.tenant.notification.publish;
        assert.deepEqual([published.success, published.version], [true, last.version]);
        assert.ok(Date.parse(published.publishedAt));

        const again = (await designer.load()).data.tenant.notification;
        assert.deepEqual([again.notificationId, again.version], ["welcome", last.version]);
        assert.ok(Date.parse(again.createdAt) <= Date.parse(again.publishedAt));
      },
      { path },
    );
    const { subject, text, html } = await mail(tenant, "welcome");
    assert.equal(subject, "Hello");
    assert.match(text, /Welcome\s+There is tea\./);
    assert.doesNotMatch(html, /<img/, "an image that was never chosen");
  });
}

test("content and routing come back letter by letter", async () => {
  const content = document({ subject: 'Quotes " and \\ and \u2028 and 😀', words: "{{a.b}} <b>&amp;</b>" });
  content.elements[0].elements.push({ z: 1, a: [1.5, -0, 1e21, null, true], type: "comment", "10": "ten", "9": "nine" });
  const routing = { method: "all", channels: ["email", { method: "single", channels: ["sms", "inbox"] }] };
  await designing("letters", "exact", async (designer) => {
    await designer.save(content, { routing });
    const { data } = (await designer.load()).data.tenant.notification;
    assert.equal(JSON.stringify(data), JSON.stringify({ content, routing }));
  });
});

test("opening a template, which saves what is there, makes no version", async () => {
  await designing("calm", "same", async (designer) => {
    const last = saved(await designer.save(document({ subject: "Same" })));
    await designer.publish(last.version);
    const before = (await designer.load()).data.tenant.notification;
    const { content, routing } = before.data;
    for (const _ of [1, 2]) assert.equal(saved(await designer.save(content, { routing })).version, last.version);
    const after = (await designer.load()).data.tenant.notification;
    assert.deepEqual(after, before);
  });
});

test("a draft is not sent before it is published, and what was published stays", async () => {
  await designing("draft", "careful", async (designer) => {
    const first = saved(await designer.save(document({ subject: "First" })));
    await designer.publish(first.version);
    const second = saved(await designer.save(document({ subject: "Second" })));
    assert.notEqual(second.version, first.version);
    assert.equal((await mail("draft", "careful")).subject, "First");
    assert.equal((await designer.load()).data.tenant.notification.data.content.elements[0].elements[0].title, "Second");
    assert.equal((await version("draft", "careful", "published")).data.content.elements[0].elements[0].title, "First");
    await designer.publish(second.version);
    assert.equal((await mail("draft", "careful")).subject, "Second");
  });
});

test("what cannot be sent can be saved, and is told when it is published", async () => {
  await designing("unfit", "broken", async (designer) => {
    const last = saved(await designer.save(document({ subject: "Hello", words: "{{#if name}}unclosed" })));
    const reply = await designer.publish(last.version);
    assert.ok(reply.status >= 400, "any 200 is shown as published");
    assert.ok(reply.errors.length && reply.message);
    refused(await designer.publish("v99"), 404);
  });
});

test("what was left empty is not in the way", async () => {
  await designing("blank", "empty", async (designer) => {
    const last = saved(await designer.save(document({ subject: "Few words", heading: "", words: "Only these" })));
    const reply = await designer.publish(last.version);
    assert.equal(reply.data?.tenant.notification.publish.success, true, JSON.stringify(reply));
    const { html, text } = await mail("blank", "empty");
    assert.equal(text.trim(), "Only these");
    assert.doesNotMatch(html, /<img/);
  });
});

test("a copy has no routing of its own, and is sent by mail", async () => {
  await designing("copies", "original", async (designer) => {
    const content = document({ subject: "Twice", words: "Said twice" });
    await designer.save(content);
    const copied = saved(await designer.save(content, { id: "original-copy", routing: null }));
    assert.ok(copied.success && copied.version);
    await server.call("POST", "/tenants/copies/templates/original-copy/publish", {});
    assert.equal((await mail("copies", "original-copy")).subject, "Twice");
  });
});

test("an uploaded image is there at once, for everyone", async () => {
  await designing("images", "picture", async (designer) => {
    const reply = await designer.upload("image/png", PNG);
    const { url } = reply.data.tenant.notification.uploadImage;
    assert.equal(await designer.show(url), 10);
    const image = await fetch(url);
    assert.equal(image.headers.get("content-type"), "image/png");
    assert.equal(image.headers.get("x-content-type-options"), "nosniff");
    assert.deepEqual(Buffer.from(await image.arrayBuffer()), PNG);

    const last = saved(await designer.save(document({ subject: "Look", words: "A picture", image: url })));
    await designer.publish(last.version);
    assert.ok((await mail("images", "picture")).html.includes(url));
  });
});

test("what is no image is refused with a reason", async () => {
  await designing("fakes", "picture", async (designer) => {
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    const page = Buffer.from("<!doctype html><script>alert(1)</script>");
    for (const [type, bytes] of [["image/svg+xml", script], ["image/png", script], ["text/html", page], ["image/gif", page], ["image/png", Buffer.alloc(0)]]) {
      const reply = await designer.upload(type, bytes);
      assert.ok(reply.status >= 400 && reply.errors?.[0].message, `${type}: ${JSON.stringify(reply)}`);
      assert.equal(reply.data ?? null, null);
    }
  });
});

test("megabytes are taken, and too many are refused with a reason", async () => {
  await designing("large", "picture", async (designer) => {
    const inline = `data:image/png;base64,${"A".repeat(3 * 1024 * 1024)}`;
    assert.ok(saved(await designer.save(document({ image: inline }))).success);
    assert.ok((await designer.saveBrand(brandSettings({ image: inline }))).data.tenant.brand.updateSettings.success);
    const reply = await designer.save(document({ image: "A".repeat(40 * 1024 * 1024) }));
    refused(reply, 413);
  });
});

test("a brand is saved, shown again, published, and in the mail", async () => {
  await designing("brand", "letter", async (designer) => {
    const last = saved(await designer.save(document({ subject: "Letter", words: "Dear reader" })));
    await designer.publish(last.version);
    const settings = brandSettings({
      primary: "#aa00aa",
      image: `data:image/png;base64,${PNG.toString("base64")}`,
      markdown: "Acme, **Tea** Street\n\n[Manage Notification Preferences]({{urls.preferences}})",
      facebook: "https://social.example/acme",
    });
    const reply = await designer.saveBrand(settings);
    assert.equal(reply.data.tenant.brand.updateSettings.success, true, JSON.stringify(reply));
    assert.doesNotMatch((await mail("brand", "letter")).html, /Tea/, "a draft is not sent");

    const { brand } = (await designer.load()).data.tenant;
    assert.ok(brand.brandId);
    assert.deepEqual(brand.settings, settings);
    assert.equal((await designer.load(false)).data.tenant.brand, undefined);

    assert.equal((await designer.publishBrand()).data.tenant.brand.publish.success, true);
    const { html, text } = await mail("brand", "letter");
    assert.match(text, /Dear reader[\s\S]*Acme, Tea Street/);
    assert.match(html, /<strong[^>]*>Tea<\/strong>/);
    assert.match(html, /href="https:\/\/social\.example\/acme"/);
    assert.doesNotMatch(html, /<a[^>]*href=""|<img[^>]*src=""/, "what is not set is not there");
    assert.doesNotMatch(html, /class="c--bar"/, "no bar was wished for");
    assert.match(html, /<img/);
  });
});

test("the brand editor alone, which names no template", async () => {
  await designing("lonely", "", async (designer) => {
    const { tenant } = (await designer.load()).data;
    assert.deepEqual([tenant.tenantId, tenant.notification], ["lonely", null]);
  });
});

test("a token opens its own tenant and no other", async () => {
  await server.call("PUT", "/tenants/mine", { name: "Mine" });
  await designing(
    "theirs",
    "secret",
    async (designer) => {
      refused(await designer.load(), 403);
      refused(await designer.save(document()), 403);
      refused(await designer.publish("v1"), 403);
      refused(await designer.saveBrand(brandSettings()), 403);
      refused(await designer.publishBrand(), 403);
    },
    { scope: scopes("mine") },
  );
  const missing = await fetch(`${server.url}/tenants/theirs/templates/secret`, { headers: { authorization: `Bearer ${server.key}` } });
  assert.equal(missing.status, 404, "nothing came of it");
});

test("who may only read can neither save, publish nor upload", async () => {
  await designing("shown", "letter", async (designer) => {
    await designer.save(document({ subject: "Before" }));
  });
  await designing(
    "shown",
    "letter",
    async (designer) => {
      const { tenant } = (await designer.load()).data;
      assert.equal(tenant.notification.data.content.elements[0].elements[0].title, "Before");
      refused(await designer.save(document({ subject: "After" })), 403);
      refused(await designer.publish(tenant.notification.version), 403);
      refused(await designer.upload("image/png", PNG), 403);
      refused(await designer.saveBrand(brandSettings()), 403);
      refused(await designer.publishBrand(), 403);
    },
    { scope: scopes("shown", ["read", "notification:read", "brand:read"]) },
  );
  assert.equal((await version("shown", "letter", "latest")).data.content.elements[0].elements[0].title, "Before");
});

test("the scopes as the designer's own guide spells them", async () => {
  const spelled = [
    "tenants:read tenants:notifications:read tenants:notifications:write tenants:brand:read",
    "tenant:guide:read tenant:guide:notifications:read tenants:guide:notifications:write",
  ];
  for (const scope of spelled) {
    await designing(
      "guide",
      "letter",
      async (designer) => {
        assert.equal((await designer.load(false)).data.tenant.tenantId, "guide");
        assert.ok(saved(await designer.save(document({ subject: "Guided" }))).success);
      },
      { scope },
    );
  }
});

test("a token of a person's inbox opens no designer", async () => {
  await designing("inboxes", "letter", async (designer) => refused(await designer.load(), 403), { scope: "inbox:read:messages inbox:write:events" });
});

test("a token that has ended is refused", async () => {
  await designing(
    "ended",
    "letter",
    async (designer) => {
      await pause(2100);
      refused(await designer.load(), 401);
      refused(await designer.save(document()), 401);
      refused(await designer.upload("image/png", PNG), 401);
    },
    { expires: "2 seconds" },
  );
});

test("an unknown tenant is told", async () => {
  const scope = "tenants:read tenants:notifications:read tenants:notifications:write tenants:brand:read";
  await designing(
    "nobody",
    "letter",
    async (designer) => {
      for (const reply of [await designer.load(), await designer.save(document())]) assert.ok(reply.errors?.[0].message, JSON.stringify(reply));
    },
    { scope, exists: false },
  );
});

test("routing that is not the editor's own is kept, and REST and the editor see the same template", async () => {
  await designing("both", "letter", async (designer) => {
    const content = { version: "2022-01-01", elements: [{ type: "channel", channel: "email", elements: [{ type: "meta", title: "By REST" }, { type: "text", content: "Written **by hand**" }] }] };
    await server.call("PUT", "/tenants/both/templates/letter", { template: { content, routing: BY_MAIL }, published: true });
    const { notification } = (await designer.load()).data.tenant;
    const [title, words] = notification.data.content.elements[0].elements;
    assert.deepEqual([title.title, words.content], ["By REST", "Written **by hand**"]);
    assert.deepEqual(notification.data.routing, BY_MAIL);
    assert.ok(notification.publishedAt);
    const next = saved(await designer.save(document({ subject: "By the editor" })));
    assert.notEqual(next.version, notification.version);
    assert.equal((await version("both", "letter", next.version)).data.content.elements[0].elements[0].title, "By the editor");
    assert.equal((await mail("both", "letter")).subject, "By REST");
  });
});
