// Our own small inbox and toast, over the same protocol as the published components.

import { el } from "../dom.js";
import { Inbox } from "./client.js";
import { ago, row } from "./row.js";
import { listen } from "./socket.js";
import { toast } from "./toasts.js";

/** Shows the inbox in an element. `live` hears whether the connection stands. */
export async function mount(element, token, live) {
  const inbox = new Inbox(token);
  // By id, so that what is both fetched and pushed stands there once.
  let messages = new Map();
  let archived = false;
  let unread = 0;
  let next = null;

  const badge = el("span", { class: "count", hidden: true });
  const list = el("ol", { class: "rows" });
  const none = el("p", { class: "none", hidden: true });
  const older = el("button", { class: "button quiet small older", type: "button", hidden: true, on: { click: () => fetchPage(next) } }, "Older messages");
  const tabs = ["Inbox", "Archive"].map((name, index) =>
    el("button", { type: "button", role: "tab", "aria-selected": String(index === 0), on: { click: () => show(index === 1) } }, name, index === 0 ? badge : null));
  const all = el("button", { class: "button quiet small", type: "button", on: { click: readAll } }, "Read all");
  element.replaceChildren(el("div", { class: "inbox" }, el("header", {}, el("div", { role: "tablist" }, tabs), all), list, none, older));

  function draw() {
    badge.textContent = unread > 99 ? "99+" : String(unread);
    badge.hidden = unread === 0;
    all.hidden = archived || unread === 0;
    document.title = `${unread ? `(${unread}) ` : ""}Inbox demo · Tidings`;
    const sorted = [...messages.values()].sort((a, b) => Date.parse(b.created) - Date.parse(a.created));
    list.replaceChildren(...sorted.map((message) => row(message, { archived, mark })));
    none.textContent = archived ? "Nothing archived." : "Nothing here yet. Send something.";
    none.hidden = sorted.length > 0;
    older.hidden = !next;
  }

  async function fetchPage(after) {
    const asked = archived;
    const page = await inbox.page(archived, after);
    if (asked !== archived) return;
    if (!after) messages = new Map();
    for (const message of page.nodes) messages.set(message.messageId, message);
    ({ unread, next } = page);
    draw();
    seen(page.nodes);
  }

  /** What is on screen counts as opened. */
  function seen(nodes) {
    if (document.visibilityState !== "visible" || archived) return;
    for (const message of nodes.filter((node) => !node.opened)) {
      message.opened = true;
      inbox.mark("opened", message.messageId).catch(() => {});
    }
  }

  function show(wanted) {
    archived = wanted;
    tabs.forEach((tab, index) => tab.setAttribute("aria-selected", String((index === 1) === archived)));
    messages = new Map();
    next = null;
    draw();
    fetchPage();
  }

  /** Changes what is shown as an event says, whether it happened here or elsewhere. */
  function change(event, id) {
    const known = messages.get(id);
    if (event === "read" || event === "unread") {
      const wasRead = known ? Boolean(known.read) : event === "unread";
      const isRead = event === "read";
      if (known) known.read = isRead ? new Date().toISOString() : null;
      if (wasRead !== isRead) unread = Math.max(0, unread + (isRead ? -1 : 1));
    } else if (event === "archive") {
      if (known && !known.read && !archived) unread = Math.max(0, unread - 1);
      if (!archived) messages.delete(id);
    } else if (event === "unarchive") {
      if (archived) messages.delete(id);
    }
    draw();
  }

  async function mark(what, id) {
    change(what, id);
    await inbox.mark(what, id);
    if (what === "unarchive") fetchPage();
  }

  async function readAll() {
    await inbox.markAllRead();
    await fetchPage();
  }

  await fetchPage();
  listen(token, {
    away: () => live(false),
    back: () => {
      live(true);
      fetchPage();
    },
    on: ({ event, messageId, data }) => {
      if (event === "message") {
        const id = data.messageId;
        if (messages.has(id)) return;
        unread += 1;
        if (!archived) messages.set(id, data);
        draw();
        toast(data, { open: () => mark("read", id) });
        seen([data]);
      } else if (["mark-all-read", "archive-all", "archive-read", "unarchive"].includes(event)) fetchPage();
      else if (messageId) change(event, messageId);
    },
  });

  const refresh = () => document.visibilityState === "visible" && fetchPage();
  window.addEventListener("online", refresh);
  document.addEventListener("visibilitychange", refresh);
  setInterval(() => {
    for (const time of list.querySelectorAll("time")) time.textContent = ago(time.dateTime);
  }, 30_000);
}
