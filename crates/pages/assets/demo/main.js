// The demo: asks for a token, shows an inbox, and sends into it.

import { issueToken, send, user } from "./client.js";
import { ideas } from "./ideas.js";
import { follow } from "./told.js";

const find = (selector) => document.querySelector(selector);
const form = find("#compose");
const field = (name) => form.elements[name];
let idea = 0;

find("#who").textContent = user.charAt(0).toUpperCase() + user.slice(1);
find("#second").href = location.href;

find("#another").addEventListener("click", () => {
  idea = (idea + 1) % ideas.length;
  [field("title").value, field("body").value, field("action").value] = ideas[idea];
});

function content() {
  const elements = [
    { type: "meta", title: field("title").value },
    { type: "text", content: field("body").value || " " },
  ];
  const action = field("action").value.trim();
  if (action) elements.push({ type: "action", content: action, href: "https://example.com/" });
  return { version: "2022-01-01", elements };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  find("#compose-error").textContent = "";
  const mail = field("mail").checked;
  try {
    const { requestId } = await send({
      to: { user_id: user, ...(mail && { email: `${user}@example.com` }) },
      content: content(),
      routing: { method: "single", channels: mail ? ["inbox", "email"] : ["inbox"] },
      ...(mail && { timeout: { escalation: 30_000, criteria: "viewed" } }),
    });
    follow(requestId, field("title").value);
  } catch (error) {
    find("#compose-error").textContent = error.message;
  } finally {
    button.disabled = false;
  }
});

function live(is) {
  const state = find("#live");
  state.dataset.state = is ? "live" : "away";
  state.firstElementChild.textContent = is ? "Live" : "Reconnecting";
}

try {
  const token = await issueToken();
  const published = document.body.dataset.inbox === "published";
  const { mount } = await import(published ? "/demo/inbox/published.js" : "./plain.js");
  await mount(find("#inbox"), token, live, { user, url: location.origin });
} catch (error) {
  find("#inbox").textContent = `The inbox cannot be opened: ${error.message}`;
}
