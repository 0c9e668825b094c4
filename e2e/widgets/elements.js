// The web components: inbox and toast, told to catch up whenever the browser is back.

import { Courier } from "@trycourier/courier-ui-inbox";
import "@trycourier/courier-ui-toast";
import { settings, urls } from "./settings.js";

const inbox = document.createElement("courier-inbox");
inbox.setAttribute("height", "600px");
document.body.append(inbox, document.createElement("courier-toast"));
if (settings.feeds) inbox.setFeeds(settings.feeds);
// Without a listener for clicks the component reports none.
inbox.onMessageClick?.(({ message }) => (window.clicked = message.messageId));

Courier.shared.signIn({ userId: settings.user, jwt: settings.jwt, tenantId: settings.tenant, apiUrls: urls });

// After any close the published client reconnects and hears nothing more until it is refreshed.
const refresh = () => inbox.refresh();
window.addEventListener("online", refresh);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());

window.Courier = Courier;
