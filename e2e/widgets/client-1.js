// The client of 1.x has no elements: the page's own code calls it.

import client from "courier-js-1";

import { settings } from "./settings.js";

const { url, user, jwt } = settings;
client.init({ baseUrl: url, authorization: jwt, clientKey: "JWT_AUTH", userId: user, debug: true });
globalThis.client = client;
