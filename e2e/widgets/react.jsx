// The React package: inbox, the menu with its badge, and toast; or the inbox and toast alone.

import { CourierInbox, CourierInboxPopupMenu, CourierToast, useCourier } from "@trycourier/courier-react";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { settings, urls } from "./settings.js";

function App() {
  const courier = useCourier();
  useEffect(() => {
    courier.shared.signIn({ userId: settings.user, jwt: settings.jwt, tenantId: settings.tenant, apiUrls: urls });
  }, []);
  return (
    <>
      {!settings.alone && <CourierInboxPopupMenu />}
      <CourierInbox height="600px" feeds={settings.feeds} />
      <CourierToast />
    </>
  );
}

createRoot(document.body.appendChild(document.createElement("main"))).render(<App />);
