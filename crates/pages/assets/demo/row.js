// One message in the list.

import { el, icon, outside } from "../dom.js";
import { long } from "../time.js";

/** Short and relative, as inboxes show it. */
export function ago(created, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(created)) / 1000);
  for (const [size, unit] of [[604_800, "w"], [86_400, "d"], [3_600, "h"], [60, "m"]]) {
    if (seconds >= size) return `${Math.floor(seconds / size)}${unit}`;
  }
  return "now";
}

export function row(message, { archived, mark }) {
  const unread = !message.read;
  const button = (what, drawing, label) =>
    el("button", { type: "button", title: label, "aria-label": `${label}: ${message.title}`, "data-mark": what, on: { click: () => mark(what, message.messageId) } }, icon(drawing));
  const actions = (message.actions ?? []).filter((action) => action.content);
  return el(
    "li",
    { class: unread ? "row unread" : "row", "data-id": message.messageId },
    el("span", { class: "dot", title: unread ? "Unread" : false }),
    el(
      "div",
      { class: "words" },
      el("strong", {}, message.title || "Untitled"),
      message.preview ? el("p", {}, message.preview) : null,
      actions.length ? el("div", { class: "actions" }, actions.map((action) => outside(action.href, action.content, { class: "button quiet small" }))) : null,
    ),
    el("time", { datetime: message.created, title: long(message.created) }, ago(message.created)),
    el(
      "div",
      { class: "marks" },
      archived
        ? button("unarchive", "inbox", "Move to the inbox")
        : [
            unread ? button("read", "check", "Mark as read") : button("unread", "dot", "Mark as unread"),
            button("archive", "archive", "Archive"),
          ],
    ),
  );
}
