// Takes the pictures of the preference page in docs/images, in states of the tests' own world.
//
//   node e2e/pictures.mjs
//
// Debian's fonts-noto-core holds the letters; with pngquant installed the results are made smaller.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { openBrowser, openPage, SIZES } from "./browser.mjs";
import { makeStates, withLogo } from "./preference-states.mjs";
import { startWorld } from "./preference-world.mjs";

const IMAGES = new URL("../docs/images/", import.meta.url);
const PICTURES = [
  { file: "preferences.png", state: "page", lang: "en", colorScheme: "light" },
  { file: "preferences-dark.png", state: "tenant", lang: "de", colorScheme: "dark" },
];

function smaller(file) {
  try {
    execFileSync("pngquant", ["--force", "--skip-if-larger", "--quality", "60-90", "--output", file, file]);
  } catch (error) {
    if (error.code !== "ENOENT" && error.status !== 98) throw error;
  }
}

const world = await startWorld();
const browser = await openBrowser();
try {
  const states = await makeStates(world);
  for (const { file, state, lang, colorScheme } of PICTURES) {
    const { page, close } = await openPage(browser, { viewport: SIZES.phone, reducedMotion: "reduce", colorScheme });
    await withLogo(page);
    const url = new URL(states[state].url);
    url.searchParams.set("lang", lang);
    await page.goto(url.href);
    const path = fileURLToPath(new URL(file, IMAGES));
    await page.screenshot({ path, fullPage: true });
    smaller(path);
    await close();
    console.log(file);
  }
} finally {
  await browser.close();
  await world.close();
}
