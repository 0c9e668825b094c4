// What became of what was sent from here: the status moves on as the person sees it, in whichever window.

import { el } from "../dom.js";
import { message } from "./client.js";

const LOOK_MS = 1_200;
const MOST = 6;
const STEPS = ["SENT", "DELIVERED", "OPENED", "CLICKED"];
const list = document.querySelector("#told");
const sent = [];

/** Follows a message. */
export function follow(id, title) {
  const node = el("li", { "data-id": id }, el("span", { class: "title" }, title), el("span", { class: "badge" }, "ENQUEUED"), el("span", { class: "ways" }));
  sent.unshift({ id, node });
  list.prepend(node);
  for (const old of sent.splice(MOST)) old.node.remove();
  document.querySelector("#nothing-told").hidden = true;
}

async function look({ id, node }) {
  const { status, providers = [], read } = await message(id);
  const badge = node.querySelector(".badge");
  badge.textContent = read ? "READ" : status;
  badge.classList.toggle("accent", read || STEPS.indexOf(status) >= 2);
  const ways = providers.map((one) => one.channel?.key?.split(":")[0]).filter(Boolean);
  node.querySelector(".ways").textContent = [...new Set(ways)].join(" + ");
}

setInterval(() => {
  if (document.visibilityState === "visible") for (const one of sent) look(one).catch(() => {});
}, LOOK_MS);
