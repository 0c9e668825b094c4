// A message as the person sees it, one function for each channel.

import { el, icon, linked, outside } from "../dom.js";
import { face, long, short } from "../time.js";
import { key } from "./access.js";

const slot = "tidings.width";

/** The mail, in a frame that can run nothing and reach nothing of this page. */
function frame(detail) {
  const name = `mail-${detail.number}`;
  const path = `/outbox/messages/${detail.number}/html`;
  const view = el("iframe", {
    name, title: `The mail: ${detail.title}`, referrerpolicy: "no-referrer",
    sandbox: "allow-popups allow-popups-to-escape-sandbox", src: key() ? null : path,
  });
  if (key()) {
    // A frame's address cannot carry a header, and a key does not belong in an address: it goes as a form.
    const form = el("form", { method: "post", action: path, target: name, hidden: true },
      el("input", { type: "hidden", name: "key", value: key() }));
    // Its first load is that of the empty frame: from then on the form finds it by its name.
    view.addEventListener("load", () => { document.body.append(form); form.submit(); form.remove(); }, { once: true });
  }
  return view;
}

function email(detail) {
  const { rendered } = detail;
  const holder = el("div", { class: "frame", "data-width": localStorage.getItem(slot) ?? "desktop" }, frame(detail));
  const choice = (width, label) => el("button", {
    type: "button", "aria-pressed": String(holder.dataset.width === width),
    on: { click: (event) => {
      holder.dataset.width = width;
      localStorage.setItem(slot, width);
      for (const one of event.currentTarget.parentNode.children) one.setAttribute("aria-pressed", String(one === event.currentTarget));
    } },
  }, icon(width), label);
  const files = rendered.attachments ?? [];
  return [
    el("div", { class: "bar" },
      el("span", { class: "grow" }, rendered.from ? `From ${rendered.from.name ?? ""} <${rendered.from.email}>` : "From the provider account's sender"),
      el("span", { class: "segmented", role: "group", "aria-label": "Width" }, choice("desktop", "Desktop"), choice("phone", "Phone"))),
    files.length > 0 && el("div", { class: "files" }, files.map((file) => el("span", { class: "badge" },
      `${file.filename} · ${Math.ceil((file.data.length * 3) / 4096)} KB`))),
    holder,
  ];
}

function sms(detail) {
  const { encoding, characters, segments } = detail.sms;
  return [
    el("div", { class: "phone" },
      el("div", { class: "who" }, el("span", { class: "avatar" }, icon("person")), detail.to),
      el("div", { class: "talk" },
        el("time", { title: long(detail.at) }, `${face(detail.at)[1]}, ${short(detail.at)}`),
        el("div", { class: "bubble" }, linked(detail.rendered.body)))),
    el("div", { class: "count" },
      el("span", { class: "badge accent" }, `${segments} ${segments === 1 ? "segment" : "segments"}`),
      el("span", { class: "badge" }, encoding),
      el("span", { class: "badge" }, `${characters} characters`)),
  ];
}

function push(detail) {
  const { title, body, click_action: action } = detail.rendered;
  const [hour, day] = face(detail.at);
  return [
    el("div", { class: "lock" },
      el("div", { class: "clock" }, hour),
      el("div", { class: "day" }, day),
      el("div", { class: "notice" },
        document.querySelector(".mark").cloneNode(true),
        el("div", {},
          el("div", { class: "line" }, el("span", {}, title), el("time", {}, "now")),
          el("div", { class: "text" }, body)))),
    action && el("p", { class: "leads" }, "A tap opens ", outside(action)),
  ];
}

function inbox(detail) {
  const { title, preview, actions = [], tags = [] } = detail.rendered;
  const button = ({ content, href, style, background_color: colour }) => {
    const link = outside(href, content, { class: style === "link" ? "" : style === "button" || !style ? "button small" : "button small quiet" });
    if (colour && CSS.supports("color", colour)) link.style.backgroundColor = colour;
    return link;
  };
  return [
    el("div", { class: "feed" },
      el("header", {}, "Inbox", el("span", { class: "badge accent" }, "1")),
      el("div", { class: "card" },
        el("span", { class: "dot" }),
        el("div", {},
          el("h3", {}, title),
          preview && el("p", {}, linked(preview)),
          actions.length > 0 && el("div", { class: "actions" }, actions.map(button))),
        el("time", { title: long(detail.at) }, short(detail.at)))),
    tags.length > 0 && el("div", { class: "tags" }, tags.map((tag) => el("span", { class: "badge" }, tag))),
  ];
}

const json = (detail) => [el("pre", {}, JSON.stringify(detail.payload ?? detail.rendered, null, 2))];

const PROGRAMS = { slack: "Slack", msteams: "Microsoft Teams", discord: "Discord", whatsapp: "WhatsApp" };

/** What is read, and below it the program's own form. */
function chat(detail) {
  const { title, text, form, payload } = detail.rendered;
  return [
    el("div", { class: "phone" },
      el("div", { class: "who" }, el("span", { class: "avatar" }, icon("person")), detail.to),
      el("div", { class: "talk" },
        el("time", { title: long(detail.at) }, `${face(detail.at)[1]}, ${short(detail.at)}`),
        el("div", { class: "bubble" }, title && el("strong", {}, `${title}\n`), linked(text)))),
    form && el("div", { class: "count" }, el("span", { class: "badge accent" }, PROGRAMS[form] ?? form)),
    payload && el("details", { class: "form" },
      el("summary", {}, `As ${PROGRAMS[form] ?? "the program"} takes it`),
      el("pre", {}, JSON.stringify(payload, null, 2))),
  ];
}

const PREVIEWS = { email, sms, push, inbox, direct_message: chat, webhook: json };

/** What the person sees. */
export const preview = (detail) => (PREVIEWS[detail.channel] ?? json)(detail);
