// The pages for people in every state and language: nothing for axe to find, nothing cut off, small, by keyboard alone.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openBrowser, openPage } from "./browser.mjs";
import { makeStates, withLogo, withoutScript } from "./preference-states.mjs";
import { LANGUAGES, startWorld } from "./preference-world.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 360, height: 740 } };
/** A desktop at 200 %, as browsers zoom: half the CSS pixels, each twice as large. */
const ZOOMED = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };
/** The narrowest window WCAG asks for (success criterion 1.4.10). */
const NARROW = { viewport: { width: 320, height: 640 } };
const LIMIT = 50_000;

let world;
let browser;
let states;
let shots;

before(async () => {
  world = await startWorld();
  browser = await openBrowser();
  states = await makeStates(world);
  shots = process.env.SHOTS ?? (await mkdtemp(join(tmpdir(), "tidings-screenshots-")));
  await mkdir(shots, { recursive: true });
});

after(async () => {
  await browser?.close();
  await world?.close();
  console.log(`screenshots are in ${shots}`);
});

/** Opens a state and runs something on it. */
async function at(name, options, { lang = "en", script = true }, run) {
  const state = states[name];
  const { page, close } = await openPage(browser, { bypassCSP: true, reducedMotion: "reduce", ...options });
  try {
    await withLogo(page);
    if (!script || state.plain) await withoutScript(page);
    const url = new URL(state.url);
    url.searchParams.set("lang", lang);
    await page.goto(url.href);
    await state.ready?.(page);
    return await run(page);
  } finally {
    await close();
  }
}

/** What axe finds, of any weight. */
async function found(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((one) => `${one.impact} ${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
}

/** Texts and controls that stand out of the window or of their card, or whose words do not fit. */
const cutOff = (page, { selects }) =>
  page.evaluate((selects) => {
    // What a select shows is cut where it does not fit, and nothing of the page's size tells.
    const pen = document.createElement("canvas").getContext("2d");
    const cut = (select) => {
      const { font, paddingInlineStart, paddingInlineEnd } = getComputedStyle(select);
      pen.font = font;
      const room = select.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
      return pen.measureText(select.selectedOptions[0].text).width > room + 1;
    };
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ["the page is wider than the window"] : [];
    const all = [...document.querySelectorAll("h1, h2, p, legend, label, button, select, a, summary, input:not([type=hidden])")];
    const out = all.filter((one) => {
      const { left, right, width } = one.getBoundingClientRect();
      const card = one.closest(".topics, .card, body").getBoundingClientRect();
      const words = one.matches("select") ? selects && cut(one) : one.matches("h1, h2, p, button") && one.scrollWidth > one.clientWidth + 1;
      return width > 1 && (left < card.left - 1 || right > card.right + 1 || words);
    });
    return wide.concat(out.map((one) => one.outerHTML.slice(0, 120)));
  }, selects);

async function look(name, options, more, label) {
  await at(name, options, more, async (page) => {
    if (more.fontSize) await page.addStyleTag({ content: `html { font-size: ${more.fontSize}; }` });
    const where = `${name} ${more.lang ?? "en"} ${label}`;
    await page.screenshot({ path: join(shots, `${where.replaceAll(" ", "-")}.png`), fullPage: name !== "toast" });
    // Letters twice as large in a narrow window leave a select no room; opened, it shows them whole.
    assert.deepEqual(await cutOff(page, { selects: !more.fontSize }), [], where);
    assert.deepEqual(await found(page), [], where);
  });
}

const NAMES = [
  ...["page", "toast", "saved", "undone", "problem", "paused", "tenant", "draft"],
  ...["lost", "stale", "ask", "done", "back", "required"],
  ...["awaited", "confirm", "confirmed"],
];

for (const name of NAMES) {
  test(`${name}: axe finds nothing and nothing is cut off, at any size, light and dark, in every language`, async () => {
    for (const lang of LANGUAGES) await look(name, PHONE, { lang }, "phone light");
    // Colours do not depend on the language.
    for (const lang of ["en", "ar"]) await look(name, { ...DESKTOP, colorScheme: "dark" }, { lang }, "desktop dark");
    await look(name, { ...PHONE, colorScheme: "dark" }, {}, "phone dark");
    await look(name, DESKTOP, {}, "desktop light");
    await look(name, NARROW, { lang: "de" }, "narrow");
    await look(name, ZOOMED, {}, "zoomed");
    await look(name, PHONE, { fontSize: "200%", lang: "fr" }, "large text on a phone");
    await look(name, { ...PHONE, forcedColors: "active" }, {}, "forced colours");
    // There is no toast without the script.
    if (name === "toast") return;
    await look(name, { ...PHONE, contrast: "more" }, { script: false }, "without script");
    await look(name, ZOOMED, { script: false }, "zoomed without script");
  });
}

test("the page and all that comes with it is small", async () => {
  for (const name of NAMES) {
    const { page, close } = await openPage(browser, PHONE);
    const parts = [];
    const { origin } = new URL(states[name].url);
    page.on("response", (reply) => reply.url().startsWith(origin) && parts.push(reply));
    await page.goto(states[name].url);
    await page.waitForLoadState("networkidle");
    const ours = parts.filter((reply) => !reply.url().endsWith("sunny.svg"));
    const sizes = await Promise.all(ours.map(async (reply) => (await reply.body()).length));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(ours.length >= 3 && bytes < LIMIT, `${name}: ${bytes} bytes in ${ours.length} parts`);
    await close();
  }
});

/** Where the focus is: what it is on, whether it can be seen, and whether something lies over it. */
const focused = (page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const shown = one.closest(".chip") ?? one;
    const { left, top, width, height } = shown.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    const style = getComputedStyle(shown);
    return {
      what: one.getAttribute("name") ?? one.textContent.trim(),
      outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      hidden: !(over && (shown.contains(over) || over.contains(shown))),
      tall: height >= 24 && width >= 24,
    };
  });

for (const script of [true, false]) {
  test(`the keyboard walks the whole page in order and sees where it is, ${script ? "with" : "without"} the script`, async () => {
    await at("page", PHONE, { script }, async (page) => {
      const walked = [];
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press("Tab");
        const place = await focused(page);
        if (!place || walked.some((one) => one.what === place.what && place.what === "English")) break;
        assert.ok(place.outlined && !place.hidden && place.tall, JSON.stringify(place));
        walked.push(place);
      }
      const { topics } = world;
      const expected = ["on", `pause:${topics.news}`, "on", `rhythm:${topics.summary}`, "on", "on", "on"];
      const ways = ["resets", "codes", "receipts"].flatMap((topic) => Array(3).fill(`via:${topics[topic]}`));
      const rest = ["for", "for", "for", "Until a date you choose", "quiet"];
      const saves = script ? [] : ["Save"];
      const end = ["Unsubscribe from everything", "English", "Español", "Français", "Deutsch", "العربية", "日本語"];
      const all = [...expected, ...ways, ...saves, ...rest, ...saves, ...end];
      assert.deepEqual(walked.map((one) => one.what), all);
    });
  });
}

test("controls have names, states and explanations for those who hear the page", async () => {
  await at("page", DESKTOP, {}, async (page) => {
    const heard = await page.locator("main").ariaSnapshot();
    for (const line of [
      'heading "Your notifications" [level=1]',
      'region "Product"',
      'switch "Product news" [checked]',
      'combobox "Pause Product news"',
      'combobox "How often Weekly summary"',
      'switch "Sign-in codes" [checked] [disabled]',
      'group "How Password resets reaches you"',
      'checkbox "Text message" [checked]',
      'group "Pause everything"',
      'switch "Keep quiet hours"',
      'navigation "Language"',
    ]) {
      assert.ok(heard.includes(line), `${line} in\n${heard}`);
    }
    const told = await page.getByRole("switch", { name: "Offers" }).evaluate((one) => {
      const ids = one.getAttribute("aria-describedby").split(" ").filter(Boolean);
      return ids.map((id) => document.getElementById(id).textContent).join(" ");
    });
    assert.match(told, /you agree to get these messages/);
  });
});

test("who wants no motion gets none", async () => {
  for (const reducedMotion of ["reduce", "no-preference"]) {
    const { page, close } = await openPage(browser, { ...PHONE, reducedMotion });
    await page.goto(states.page.url);
    const moves = await page.getByRole("switch").first().evaluate((one) => getComputedStyle(one).transitionDuration);
    assert.equal(moves.split(",").every((one) => parseFloat(one) === 0), reducedMotion === "reduce", moves);
    await close();
  }
});
