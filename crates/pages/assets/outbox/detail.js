// One message: who, what, when, and its tabs.

import { el, icon, linked } from "../dom.js";
import { long, short } from "../time.js";
import { preview } from "./previews.js";
import { why } from "./trace.js";

const pane = document.querySelector("#detail");
let tab = "preview";

const headers = (detail) => el("table", { class: "headers" }, el("tbody", {},
  detail.headers.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)))));

/** The tabs of a message: name, label, and what fills the panel. */
function tabs(detail) {
  return [
    ["preview", "Preview", preview],
    detail.text !== null && ["text", "Text", () => el("pre", {}, linked(detail.text))],
    detail.headers && ["headers", "Headers", headers],
    ["source", "Source", () => el("pre", {}, detail.source)],
    ["why", "Why this way?", why],
  ].filter(Boolean);
}

async function fill(panel, make, detail) {
  panel.replaceChildren(el("p", { class: "loading" }, "…"));
  try {
    panel.replaceChildren(...[await make(detail)].flat().filter(Boolean));
  } catch (problem) {
    panel.replaceChildren(el("p", { class: "loading" }, problem.message));
  }
}

function tabList(detail) {
  const all = tabs(detail);
  if (!all.some(([name]) => name === tab)) tab = "preview";
  const panel = el("div", { class: "panel", role: "tabpanel", id: "panel", tabindex: "0", "aria-labelledby": `tab-${tab}` });
  const bar = el("div", { class: "tabs", role: "tablist", "aria-label": "Views of this message" });
  const select = (name) => {
    tab = name;
    for (const button of bar.children) {
      const on = button.id === `tab-${name}`;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    fill(panel, all.find(([one]) => one === name)[2], detail);
  };
  bar.append(...all.map(([name, label]) => el("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel", on: { click: () => select(name) },
  }, label)));
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const index = all.findIndex(([name]) => name === tab);
    const [name] = all[(index + by + all.length) % all.length];
    select(name);
    bar.querySelector(`#tab-${name}`).focus();
  });
  select(tab);
  return [bar, panel, select];
}

/** Shows a message. */
export function show(detail) {
  const [bar, panel, select] = tabList(detail);
  pane.replaceChildren(
    el("header", { class: "head" },
      el("a", { class: "back button quiet small", href: "#" }, icon("back"), "All messages"),
      el("h2", {}, detail.title),
      el("p", { class: "facts" },
        el("span", {}, "To ", el("b", {}, detail.to)),
        el("span", {}, detail.provider === "outbox" ? "no provider configured" : ["stands in for ", el("b", {}, detail.provider)]),
        el("span", { class: "badge" }, detail.environment),
        el("time", { datetime: new Date(detail.at).toISOString(), title: long(detail.at) }, short(detail.at)),
        el("button", { type: "button", title: "Why was it sent this way?", on: { click: () => select("why") } }, detail.message_id)),
      bar),
    panel);
}

/** Shows a sentence instead of a message. */
export function say(...words) {
  pane.replaceChildren(el("p", { class: "hint" }, ...words));
}

/** Shows how to send a first message. */
export function welcome() {
  pane.replaceChildren(document.querySelector("#welcome").content.cloneNode(true));
}
