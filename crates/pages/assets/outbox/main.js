// The outbox page: puts list, detail and stream together.

import { el } from "../dom.js";
import "../copy.js";
import { call, read } from "./access.js";
import { say, show, welcome } from "./detail.js";
import * as list from "./list.js";
import { follow } from "./live.js";

const body = document.body;
const search = document.querySelector("#search");
const older = document.querySelector("#older");
const live = document.querySelector("#live");
let cursor = null;

const current = () => Number(location.hash.slice(1)) || null;

function draw() {
  list.draw(current());
  body.dataset.view = list.entries.length === 0 ? "empty" : current() ? "detail" : "list";
}

/** Which detail is on show; a slow answer for an older choice is dropped. */
let wanted = null;

async function open() {
  const number = current();
  wanted = number;
  if (!number) {
    if (list.entries.length === 0) welcome();
    else say("Choose a message, or walk with ", el("kbd", {}, "j"), " and ", el("kbd", {}, "k"), ".");
    return draw();
  }
  list.markRead(number);
  draw();
  list.reveal();
  try {
    const detail = await read(`/outbox/messages/${number}`);
    if (wanted === number) show(detail);
  } catch (problem) {
    if (wanted === number) say(problem.message);
  }
}

function arrived(entries) {
  if (entries.length === 0) return;
  const first = list.entries.length === 0;
  list.add(entries);
  if (first && !current()) open();
  draw();
}

/** Tells of mail domains from which people opt out in numbers. */
function warn(waves) {
  const told = (wave) =>
    `${wave.people} people at ${wave.mail_domain} unsubscribed within a day: a mail scanner may be pressing the buttons.`;
  document.querySelector("#waves").textContent = waves.map(told).join(" ");
}

async function load(from) {
  const page = await read(`/outbox/messages${from ? `?cursor=${encodeURIComponent(from)}` : ""}`);
  list.add(page.items);
  cursor = page.cursor;
  if (!from) warn(page.waves ?? []);
  older.hidden = !cursor;
  draw();
}

function step(by) {
  const rows = list.shown();
  if (rows.length === 0) return;
  const index = rows.findIndex((entry) => entry.number === current());
  const next = rows[index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + by))];
  location.hash = String(next.number);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search) {
    if (event.key === "Escape") { search.value = ""; search.blur(); draw(); }
    return;
  }
  if (event.target.closest("input, textarea, dialog")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") { event.preventDefault(); search.focus(); }
});

document.querySelector("#clear").addEventListener("click", async () => {
  if (list.entries.length > 0 && !confirm("Empty the outbox? Every message caught here is forgotten.")) return;
  await call("/outbox/messages", { method: "DELETE" });
  list.clear();
  cursor = null;
  older.hidden = true;
  history.replaceState(null, "", location.pathname);
  open();
});

search.addEventListener("input", draw);
older.addEventListener("click", () => load(cursor));
addEventListener("hashchange", open);

try {
  await load(null);
  await open();
  const words = { live: "Live", polling: "Reconnecting", offline: "Offline" };
  follow({
    last: list.last,
    arrived,
    state: (name) => { live.dataset.state = name; live.firstElementChild.textContent = words[name]; },
  });
} catch (problem) {
  say(problem.message);
}
