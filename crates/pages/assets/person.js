// Saves each change at once. Without this script the page's own button saves them together.

const choices = document.getElementById("choices");
const toast = document.getElementById("toast");
let turn = Promise.resolve();

/** One after the other, so that the last change made is the last one kept. */
const inTurn = (work) => (turn = turn.then(work, work));

/** What the controls within an element say, as the form would send it. */
function said(element) {
  const fields = new URLSearchParams();
  for (const control of element.querySelectorAll("input[name], select[name]")) {
    const silent = control.disabled || (control.type === "checkbox" && !control.checked);
    if (!silent) fields.append(control.name, control.value);
  }
  return fields;
}

async function send(fields) {
  const reply = await fetch(location.href, { method: "POST", body: fields, headers: { accept: "application/json" } });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.problem ?? "");
  return answer;
}

function tell(text, at) {
  toast.replaceChildren();
  toast.className = at === undefined ? "toast bad" : "toast";
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  if (!at) return;
  const undo = document.createElement("button");
  undo.className = "button small";
  undo.textContent = choices.dataset.undo;
  undo.addEventListener("click", () => inTurn(() => takeBack(at)));
  toast.append(undo);
}

async function takeBack(at) {
  try {
    await send(new URLSearchParams({ action: "undo", at }));
    location.reload();
  } catch {
    tell(choices.dataset.failed);
  }
}

const kept = new WeakMap();
const state = (control) => (control.type === "checkbox" ? control.checked : control.value);
const controlsOf = (element) => [...element.querySelectorAll("input, select")];
/** Changes that were made and are not answered yet. */
let waiting = 0;

function show(control, value) {
  if (control.type === "checkbox") control.checked = value;
  else control.value = value;
}

/** Remembers what controls showed when it was saved. */
function remember(shown) {
  for (const [control, value] of shown) kept.set(control, value);
}

/**
 * Saves what an element said when it was changed: meanwhile it may say something else, which has its own turn. Where that
 * fails, the control goes back to what was saved last.
 */
async function save(fields, shown, control) {
  try {
    const answer = await send(fields);
    remember(shown);
    // An earlier refusal may have put a control back that this change has now saved.
    if (waiting === 1) for (const [one, value] of shown) show(one, value);
    tell(choices.dataset.saved, answer.saved);
  } catch (error) {
    show(control, kept.get(control));
    tell(error instanceof TypeError || !error.message ? choices.dataset.failed : error.message);
  } finally {
    waiting -= 1;
  }
}

if (choices) {
  document.documentElement.classList.add("scripted");
  remember(controlsOf(document.body).map((control) => [control, state(control)]));
  choices.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("change", ({ target }) => {
    const element = target.closest("[data-topic], [data-quiet]");
    // A time that is half typed is not a time yet.
    if (!element || (target.value === "" && target.type === "time")) return;
    const [fields, shown] = [said(element), controlsOf(element).map((control) => [control, state(control)])];
    waiting += 1;
    inTurn(() => save(fields, shown, target));
  });
}
