// Speaks to the server. Where the outbox is not open, an API key opens it: asked for once, kept for this tab only.

const open = document.body.dataset.open === "true";
const slot = "tidings.key";
const dialog = document.querySelector("#key");

/** The key in use; none where the outbox is open. */
export const key = () => (open ? null : sessionStorage.getItem(slot));

let asking = null;

/** Asks for a key; all who need one wait for the same answer. */
function ask(reason) {
  asking ??= new Promise((resolve) => {
    const form = dialog.querySelector("form");
    dialog.querySelector(".error").textContent = reason;
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.showModal();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sessionStorage.setItem(slot, form.elements.key.value.trim());
      form.reset();
      dialog.close();
      asking = null;
      resolve();
    }, { once: true });
  });
  return asking;
}

/** `fetch` with the key, asking again for as long as it is refused. Throws the server's own words. */
export async function call(path, init = {}) {
  if (!open && !key()) await ask("");
  for (;;) {
    const used = key();
    const headers = { ...init.headers, ...(used ? { authorization: `Bearer ${used}` } : {}) };
    const response = await fetch(path, { ...init, headers });
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    if (open || (response.status !== 401 && response.status !== 403)) {
      throw new Error(problem.message ?? `The server answered ${response.status}.`);
    }
    if (key() === used) sessionStorage.removeItem(slot);
    if (!key()) await ask(problem.message ?? "This key is not accepted.");
  }
}

/** A JSON answer. */
export const read = async (path) => (await call(path)).json();
