// The list: what was caught, newest first, what is unread, what a search leaves.

import { el, icon } from "../dom.js";
import { long, short } from "../time.js";

const slot = "tidings.read";
const list = document.querySelector("#entries");
const none = document.querySelector("#none");
const search = document.querySelector("#search");

/** Channels with a drawing of their own, and what people call them. */
export const CHANNELS = {
  email: "Mail", sms: "SMS", push: "Push", inbox: "In-app", direct_message: "Chat", webhook: "Webhook",
};

/** All entries known, newest first. */
export const entries = [];

const seen = new Set(JSON.parse(localStorage.getItem(slot) ?? "[]"));

/** The highest number known. */
export const last = () => entries[0]?.number ?? 0;

/** Takes entries over, each once. */
export function add(some) {
  const known = new Set(entries.map((entry) => entry.number));
  entries.push(...some.filter((entry) => !known.has(entry.number)));
  entries.sort((one, other) => other.number - one.number);
}

/** Forgets everything. */
export function clear() {
  entries.length = 0;
  seen.clear();
  localStorage.removeItem(slot);
}

/** An entry was looked at. */
export function markRead(number) {
  seen.add(number);
  localStorage.setItem(slot, JSON.stringify([...seen].slice(-1000)));
}

/** What the search leaves. */
export function shown() {
  const words = search.value.toLowerCase().split(/\s+/u).filter(Boolean);
  return entries.filter((entry) => {
    const text = [entry.title, entry.gist, entry.to, entry.provider, entry.message_id, CHANNELS[entry.channel]].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function row(entry, current) {
  const unread = !seen.has(entry.number);
  return el("li", {},
    el("a", { class: unread ? "entry unread" : "entry", href: `#${entry.number}`, "aria-current": entry.number === current && "true" },
      el("span", { class: "glyph", title: CHANNELS[entry.channel] }, icon(entry.channel)),
      el("span", { class: "body" },
        el("span", { class: "to" }, entry.to),
        el("strong", {}, entry.title),
        el("span", { class: "gist" }, entry.gist)),
      el("span", { class: "side" },
        el("time", { datetime: new Date(entry.at).toISOString(), title: long(entry.at) }, short(entry.at)),
        el("span", { class: "dot" }, unread && el("span", { class: "visually-hidden" }, "unread")))));
}

/** Draws the list. */
export function draw(current) {
  const rows = shown();
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...rows.map((entry) => row(entry, current)));
  if (focused) list.querySelector(`[href="${focused}"]`)?.focus({ preventScroll: true });
  none.hidden = rows.length > 0;
  const unread = entries.filter((entry) => !seen.has(entry.number)).length;
  document.title = unread ? `(${unread}) Outbox · Tidings` : "Outbox · Tidings";
}

/** Brings the current row into sight. */
export function reveal() {
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}
