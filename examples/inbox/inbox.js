// The published inbox and toast in a page of your own. `npm install && npm run build` makes dist/inbox.js of it, which
// `tidings dev` shows at /demo/inbox.

import { Courier } from "@trycourier/courier-ui-inbox";
import "@trycourier/courier-ui-toast";

/** How often the page looks whether its connection stands, in milliseconds. */
const LOOK_MS = 1000;

/**
 * Shows the inbox in an element and toasts in the page. `token` comes from `POST /auth/issue-token`; `live` hears whether
 * the connection stands.
 */
export async function mount(element, token, live, { user, url }) {
  const inbox = document.createElement("courier-inbox");
  inbox.setAttribute("height", "36rem");
  element.replaceChildren(inbox);
  const toast = document.createElement("courier-toast");
  toast.setAttribute("auto-dismiss", "true");
  document.body.append(toast);
  // The component reports clicks only when somebody listens for them.
  inbox.onMessageClick(() => {});

  Courier.shared.signIn({
    userId: user,
    jwt: token,
    // All four: for one that is missing the component would call its vendor's cloud, with the token.
    apiUrls: {
      courier: { rest: url, graphql: `${url}/client/q` },
      inbox: { graphql: `${url}/q`, webSocket: url.replace(/^http/, "ws") },
    },
  });

  // The socket reconnects by itself, but the component hears nothing more after any close until it is refreshed. So
  // refresh it whenever the browser is back, and whenever the socket stands again.
  const refresh = () => inbox.refresh();
  window.addEventListener("online", refresh);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
  let stands = false;
  let hasStood = false;
  setInterval(() => {
    const isOpen = Courier.shared.client?.inbox.socket.isOpen ?? false;
    if (isOpen === stands) return;
    stands = isOpen;
    // The first time nothing was missed.
    if (stands && hasStood) refresh();
    hasStood = true;
    live(stands);
  }, LOOK_MS);
}
