// The packages of the generation before: inbox and toast, with a token or with a client key.

import { Inbox } from "@trycourier/react-inbox";
import { CourierProvider } from "@trycourier/react-provider";
import { Toast } from "@trycourier/react-toast";
import { createRoot } from "react-dom/client";
import { settings, urls } from "./settings.js";

const credentials = settings.jwt
  ? { authorization: settings.jwt, userId: settings.user }
  : { clientKey: settings.clientKey, userId: settings.user, userSignature: settings.signature };

createRoot(document.body.appendChild(document.createElement("main"))).render(
  <CourierProvider
    {...credentials}
    apiUrl={urls.courier.graphql}
    inboxApiUrl={urls.inbox.graphql}
    wsOptions={{ url: urls.inbox.webSocket }}
  >
    <Toast />
    <Inbox isOpen />
  </CourierProvider>,
);
