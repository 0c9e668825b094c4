// Toasts: shortly on top of everything, then gone unless one points at them.

import { el, icon } from "../dom.js";

const SHOWN_MS = 6_000;
const MOST = 3;

export function toast(message, { open }) {
  const list = document.querySelector("#toasts");
  let timer;
  const leave = () => {
    clearTimeout(timer);
    node.classList.add("leaving");
    setTimeout(() => node.remove(), 250);
  };
  const later = () => (timer = setTimeout(leave, SHOWN_MS));
  const node = el(
    "article",
    { class: "toast", on: { mouseenter: () => clearTimeout(timer), mouseleave: later } },
    icon("push"),
    el("button", { class: "words", type: "button", on: { click: () => (open(message), leave()) } }, el("strong", {}, message.title), message.preview ? el("span", {}, message.preview) : null),
    el("button", { class: "close", type: "button", "aria-label": "Dismiss", on: { click: leave } }, icon("cross")),
  );
  list.prepend(node);
  for (const old of [...list.children].slice(MOST)) old.remove();
  later();
}
