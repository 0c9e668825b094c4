// Why a message went this way: what was considered, then what happened.

import { el, icon } from "../dom.js";
import { later, long } from "../time.js";
import { read } from "./access.js";
import { CHANNELS } from "./list.js";

const TONES = {
  good: ["usable", "accepted", "required"],
  wait: ["waiting", "retry_later", "resting", "stand_in", "content_adjusted", "moved_on", "escalated", "snoozed"],
  bad: ["opted_out", "opt_in_required", "no_address", "bad_address", "condition_error", "no_provider", "unknown_name", "no_content", "render_failed", "failed", "timed_out"],
};
const DRAWINGS = { good: "check", wait: "pause", bad: "cross", plain: "dot" };

const toneOf = (code) => Object.keys(TONES).find((tone) => TONES[tone].includes(code)) ?? "plain";

function step(line, start) {
  const tone = toneOf(line.code);
  return el("li", {},
    el("span", { class: `tone ${tone}` }, icon(DRAWINGS[tone])),
    el("div", {},
      line.channel && el("span", { class: "badge" }, CHANNELS[line.channel] ?? line.channel),
      line.provider && el("span", { class: "badge" }, line.provider),
      line.detail),
    el("time", { title: long(line.at) }, later(line.at, start)));
}

function section(title, lines, start) {
  if (lines.length === 0) return [];
  return [el("h3", {}, title), el("ol", { class: "steps" }, lines.map((line) => step(line, start)))];
}

/** The panel that answers "why was it sent this way?". */
export async function why(detail) {
  const trace = await read(`/outbox/messages/${detail.number}/trace`);
  return el("div", { class: "why" },
    el("div", { class: "verdict" },
      el("b", {}, `Status: ${trace.status}${trace.reason ? ` (${trace.reason})` : ""}`),
      el("span", {}, trace.error ?? `Caught here instead of leaving through ${detail.provider === "outbox" ? "a provider" : detail.provider}.`)),
    section("What was considered", trace.considered, trace.enqueued),
    section("What happened", trace.happened, trace.enqueued));
}
