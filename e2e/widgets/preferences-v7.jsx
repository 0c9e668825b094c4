// The preference page of the generation before.

import { Footer, Header, PreferencesV4 } from "@trycourier/react-preferences";
import { CourierProvider } from "@trycourier/react-provider";
import { createRoot } from "react-dom/client";
import { settings, urls } from "./settings.js";

createRoot(document.body.appendChild(document.createElement("main"))).render(
  <CourierProvider
    authorization={settings.jwt}
    userId={settings.user}
    apiUrl={urls.courier.graphql}
    inboxApiUrl={urls.inbox.graphql}
    wsOptions={{ url: urls.inbox.webSocket }}
  >
    <Header />
    <PreferencesV4 tenantId={settings.tenant} />
    <Footer />
  </CourierProvider>,
);
