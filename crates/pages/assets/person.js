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

/** Saves what an element says; `restore` puts its control back where that fails. */
async function save(element, restore) {
  try {
    const answer = await send(said(element));
    remember();
    tell(choices.dataset.saved, answer.saved);
  } catch (error) {
    restore();
    tell(error instanceof TypeError || !error.message ? choices.dataset.failed : error.message);
  }
}

const kept = new WeakMap();
const state = (control) => (control.type === "checkbox" ? control.checked : control.value);

/** What the controls showed when it was last saved. */
function remember() {
  for (const control of document.querySelectorAll(".sheet input, .sheet select")) kept.set(control, state(control));
}

function restorer(control) {
  const before = kept.get(control);
  return () => {
    if (control.type === "checkbox") control.checked = before;
    else control.value = before;
  };
}

if (choices) {
  document.documentElement.classList.add("scripted");
  remember();
  choices.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("change", ({ target }) => {
    const element = target.closest("[data-topic], [data-quiet]");
    // A time that is half typed is not a time yet.
    if (!element || (target.value === "" && target.type === "time")) return;
    inTurn(() => save(element, restorer(target)));
  });
}
