// Builds elements. Text always goes in as text, so nothing a message says can become markup.

/** An element with attributes, listeners under `on`, and children (texts, elements, or nothing). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A drawing out of the page's own sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Whether an address may be opened from here: never `javascript:` and its like. */
export function safeLink(address) {
  try {
    return ["http:", "https:", "mailto:", "tel:", "sms:"].includes(new URL(address, location.href).protocol);
  } catch {
    return false;
  }
}

/** A link that opens elsewhere and learns nothing of this page; plain text when the address is not safe. */
export function outside(address, label = address, attributes = {}) {
  if (!safeLink(address)) return el("span", attributes, label);
  return el("a", { ...attributes, href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** A text in pieces, with its web addresses as links. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/u).map((part, index) => (index % 2 ? outside(part) : part));
}
