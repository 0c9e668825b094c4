// Every state the pages for people can be in, each as a person gets there.

import { row } from "./preference-world.mjs";

const FORM = "application/x-www-form-urlencoded";

const post = (url, body) =>
  fetch(url, { method: "POST", headers: { "content-type": FORM }, body, redirect: "manual" });

/** A page without its script, as it is where scripts are off or fail to come. */
export const withoutScript = (page) => page.route("**/person.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));

/**
 * The states by name: `url` to go to, `ready` to do there until it is so, and whether it is so `plain`, without a script,
 * only.
 */
export async function makeStates(world) {
  const { topics, server } = world;
  await world.call("POST", "/brands", {
    id: "sunny",
    name: "Sunny",
    settings: {
      colors: { primary: "#ffd400" },
      email: { header: { logo: { image: `${server.url}/sunny.svg`, href: "https://sunny.example" } } },
    },
  });
  await world.call("PUT", "/tenants/rockets", { name: "Acme Rockets", brand_id: "sunny" });
  const link = (person, page, topic = "news", more = {}) =>
    world.link(person, page, topics[`${topic}Template`], { zoneinfo: "Europe/Berlin", ...more });
  const states = {
    page: { url: await link("looking", "p") },
    toast: { url: await link("toasting", "p"), ready: toast(topics) },
    saved: { url: await link("saving", "p"), plain: true, ready: save(topics) },
    undone: { url: await link("undoing", "p"), plain: true, ready: undo(topics) },
    problem: { url: await link("failing", "p", "resets"), plain: true, ready: leaveNoWay(topics) },
    paused: { url: await link("pausing", "p") },
    tenant: { url: await link("flying", "p", "resets", { tenant_id: "rockets" }) },
    draft: { url: (await world.call("POST", "/preferences/publish", {})).preview_url },
    lost: { url: `${server.url}/p/none` },
    stale: { url: await link("stale", "p", "resets", { tenant_id: "rockets" }) },
    ask: { url: await link("asked", "u") },
    done: { url: await link("gone", "u") },
    back: { url: await link("returning", "u"), ready: comeBack },
    required: { url: await link("bound", "u", "receipts") },
    awaited: { url: await link("waiting", "p") },
    confirm: { url: await optIn(world, "asked-again") },
    confirmed: { url: await optIn(world, "sure") },
  };
  await post(states.awaited.url, letters(topics));
  await post(states.confirmed.url, "");
  await post(states.paused.url, "action=pause&for=month");
  await post(states.paused.url, "action=quiet&quiet=on&start=21:30&end=08:00");
  for (const left of [states.done, states.back]) await post(left.url, "");
  await world.call("DELETE", "/users/stale/preference-page/links");
  // What can be left today may be required tomorrow, and the link in the mail stays.
  const { results } = await world.call("GET", "/preferences/sections");
  const account = results.find((one) => one.name === "Account");
  const receipts = { name: "Receipts", default_status: "REQUIRED" };
  await world.call("PUT", `/preferences/sections/${account.id}/topics/${topics.receipts}`, receipts);
  return states;
}

/** The form of a page on which the newsletter is turned on, and nothing else said. */
const letters = ({ letters: topic }) => `topic=${topic}&on=${topic}`;

/** Opts in to the newsletter on the page; the link of the mail that asks to confirm it. */
async function optIn(world, person) {
  await post(await world.link(person, "p", world.topics.newsTemplate), letters(world.topics));
  const { link } = await world.asked(person);
  return link.split("?")[0];
}

async function comeBack(page) {
  // Who came back before is asked again first.
  if (await page.locator(".aside").count() === 0) await page.locator("form .button").click();
  await page.locator(".aside .button").click();
  await page.locator(".aside input[value=out]").waitFor({ state: "attached" });
}

function toast(topics) {
  return async (page) => {
    await row(page, topics.news).getByRole("switch").click();
    await page.locator("#toast button").waitFor();
    await page.locator("#toast button").click();
    await page.waitForEvent("load");
    await row(page, topics.news).getByRole("switch").click();
    await page.locator("#toast button").waitFor();
  };
}

const submit = (page) => page.locator(".save button").click();

function save(topics) {
  return async (page) => {
    await row(page, topics.news).getByRole("switch").click();
    await submit(page);
    await page.locator(".notice.good").waitFor();
  };
}

function undo(topics) {
  return async (page) => {
    await save(topics)(page);
    await page.locator(".notice .button").click();
    await page.waitForURL(/undone=/);
  };
}

function leaveNoWay(topics) {
  return async (page) => {
    for (const one of await row(page, topics.resets).locator(".chip").all()) await one.click();
    await submit(page);
    await page.locator(".notice.bad").waitFor();
  };
}

/** Serves the brand's logo, which is no part of the server. */
export const withLogo = (page) =>
  page.route("**/sunny.svg", (route) => route.fulfill({ contentType: "image/svg+xml", body: LOGO }));

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="140" height="40"><circle cx="20" cy="20" r="16" fill="#ffb300"/>' +
  '<text x="46" y="27" font-family="sans-serif" font-size="22" font-weight="700" fill="#e65100">Sunny</text></svg>';
