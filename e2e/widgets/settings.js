// What a page is told in its address: `#` and JSON. Host pages get these from their own server.

export const settings = JSON.parse(decodeURIComponent(location.hash.slice(1)));

/** The four addresses, all of one server. Leaving one out would send its traffic, with the token, elsewhere. */
export const urls = {
  courier: { rest: settings.url, graphql: `${settings.url}/client/q` },
  inbox: { graphql: `${settings.url}/q`, webSocket: settings.url.replace(/^http/, "ws") },
};
