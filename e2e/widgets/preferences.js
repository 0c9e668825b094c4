// The preferences web component.

import { Courier } from "@trycourier/courier-ui-preferences";
import { settings, urls } from "./settings.js";

document.body.append(document.createElement("courier-preferences"));
Courier.shared.signIn({ userId: settings.user, jwt: settings.jwt, tenantId: settings.tenant, apiUrls: urls });
