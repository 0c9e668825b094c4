// Moments in the reader's own words and zone.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** Short, for lists: the hour today, the day before that. */
export function short(at) {
  const moment = new Date(at);
  return moment.toDateString() === new Date().toDateString() ? clock.format(moment) : day.format(moment);
}

/** Everything, for those who ask. */
export const long = (at) => full.format(new Date(at));

/** As on a lock screen: the hour, and the day. */
export const face = (at) => [
  clock.formatToParts(new Date(at)).filter((part) => part.type !== "dayPeriod").map((part) => part.value).join("").trim(),
  weekday.format(new Date(at)),
];

/** How much later a moment is than another. */
export function later(at, start) {
  const ms = at - start;
  if (ms < 1000) return `+${Math.max(0, ms)} ms`;
  if (ms < 60_000) return `+${(ms / 1000).toFixed(1)} s`;
  return `+${Math.round(ms / 60_000)} min`;
}
