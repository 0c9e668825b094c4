// Saves each change at once. Without this script the page's own button saves them together.

const choices = document.getElementById("choices");
const toast = document.getElementById("toast");
/** How long an answer may take until the page says that it is saving, and until it gives up, in milliseconds. */
const [PATIENCE, LIMIT] = [600, 30_000];

/** The server says why it did not save. */
class Refused extends Error {}

let turn = Promise.resolve();

/** One after the other, so that the last change made is the last one kept. */
const inTurn = (work) => (turn = turn.then(work, work));

/** What the controls within an element say, as the form would send it. */
function said(element) {
  const fields = new URLSearchParams();
  for (const control of element.querySelectorAll("input[name], select[name]")) {
    const silent = control.disabled || control.name.startsWith("was:") || (control.type === "checkbox" && !control.checked);
    if (!silent) fields.append(control.name, control.value);
  }
  return fields;
}

async function send(fields) {
  const slow = setTimeout(() => tell(choices.dataset.saving), PATIENCE);
  try {
    // A page that is left takes its change along.
    const options = { method: "POST", body: fields, keepalive: true, signal: AbortSignal.timeout?.(LIMIT) };
    const reply = await fetch(location.href, { ...options, headers: { accept: "application/json" } });
    // The link is no longer good: the page says so better than a line here.
    if (reply.status === 404 || reply.status === 410) location.reload();
    const answer = await reply.json();
    if (!reply.ok) throw new Refused(answer.problem ?? choices.dataset.failed);
    return answer;
  } finally {
    clearTimeout(slow);
  }
}

function tell(text, { at, bad, more } = {}) {
  toast.className = bad ? "toast bad" : "toast";
  const words = document.createElement("span");
  words.textContent = more ? `${text} ${more}` : text;
  toast.replaceChildren(words);
  if (!at) return;
  const undo = document.createElement("button");
  undo.className = "button small";
  undo.textContent = choices.dataset.undo;
  undo.addEventListener("click", () => inTurn(() => takeBack(at)), { once: true });
  toast.append(undo);
}

const failed = (error) => tell(error instanceof Refused ? error.message : choices.dataset.failed, { bad: true });

async function takeBack(at) {
  try {
    await send(new URLSearchParams({ action: "undo", at }));
    others.postMessage("");
    location.reload();
  } catch (error) {
    failed(error);
  }
}

/** Shows what is to be known of topics as they are now; gives back what the person is to do. */
function noted(notes = {}) {
  let told = "";
  for (const [topic, text] of Object.entries(notes)) {
    const note = document.getElementById(`about-${topic}`);
    if (note && note.textContent !== text) note.textContent = text;
    if (document.getElementById(`on-${topic}`)?.checked) told = text;
  }
  return told;
}

const kept = new WeakMap();
const state = (control) => (control.type === "checkbox" ? control.checked : control.value);
const controlsOf = (element) => [...element.querySelectorAll("input:not([type=hidden]), select")];
/** Changes that were made and are not answered yet. */
let waiting = 0;

function show(control, value) {
  if (control.type === "checkbox") control.checked = value;
  else control.value = value;
}

/** What a control says in the page as it came. */
function asItCame(control) {
  if (control.type === "checkbox") return control.defaultChecked;
  if (control.options) return [...control.options].find((one) => one.defaultSelected)?.value ?? control.options[0]?.value;
  return control.defaultValue;
}

/** Remembers what controls showed when it was saved. */
function remember(shown) {
  for (const [control, value] of shown) kept.set(control, value);
}

/** What the form of a topic sets out from, which tells the server what is wished for and what is only said again. */
const setsOut = (element) => element.querySelector("input[name^='was:']");

/**
 * Saves what an element said when it was changed: meanwhile it may say something else, which has its own turn. Where that
 * fails, the control goes back to what was saved last.
 */
async function save(element, fields, shown, control) {
  const was = setsOut(element);
  const now = String(fields);
  if (was) fields.append(was.name, was.value);
  try {
    const answer = await send(fields);
    remember(shown);
    if (was) was.value = now;
    // An earlier refusal may have put a control back that this change has now saved.
    if (waiting === 1) for (const [one, value] of shown) show(one, value);
    tell(choices.dataset.saved, { at: answer.saved, more: noted(answer.notes) });
    others.postMessage("");
  } catch (error) {
    show(control, kept.get(control));
    failed(error);
  } finally {
    waiting -= 1;
  }
}

function changed(target) {
  const element = target.closest("[data-topic], [data-quiet]");
  // A time that is half typed is not a time yet.
  if (!element || (target.value === "" && target.type === "time")) return;
  const [fields, shown] = [said(element), controlsOf(element).map((control) => [control, state(control)])];
  waiting += 1;
  inTurn(() => save(element, fields, shown, target));
}

/** The same page in other tabs: what is saved in one is shown in all. */
const others = new BroadcastChannel(location.pathname);
others.addEventListener("message", () => waiting === 0 && location.reload());
// A page that was kept by the browser while another one was shown may be out of date.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
// Pressed twice is meant once.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form === choices || form.ariaBusy === "true") return event.preventDefault();
  const busy = [form, submitter].filter(Boolean);
  for (const one of busy) one.ariaBusy = "true";
  // Where the answer never comes it may be pressed again.
  setTimeout(() => busy.forEach((one) => (one.ariaBusy = null)), 5000);
});

if (choices) {
  const all = controlsOf(choices);
  remember(all.concat([...document.querySelectorAll("[data-quiet]")].flatMap(controlsOf)).map((one) => [one, asItCame(one)]));
  document.addEventListener("change", ({ target }) => changed(target));
  // What was changed before this script came has no other way to be saved now.
  for (const control of all) if (!control.disabled && state(control) !== asItCame(control)) changed(control);
  document.documentElement.classList.add("scripted");
}
