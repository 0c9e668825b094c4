// A running server with a tenant whose templates are designed, and what its people get.

import { setTimeout as pause } from "node:timers/promises";

import { startDev } from "../../../e2e/dev-server.mjs";

const WAIT_MS = 20_000;
/** The states in which a message has gone out, or will not. */
const ENDED = ["SENT", "DELIVERED", "UNDELIVERABLE", "UNROUTABLE", "UNMAPPED"];

/** What a page's token allows: the templates and the brand of one tenant. */
export const scopes = (tenant) =>
  ["read", "notification:read", "notification:write", "brand:read", "brand:write"].map((right) => `tenant:${tenant}:${right}`).join(" ");

export async function startWorld() {
  const server = await startDev();
  return {
    ...server,
    apiUrl: `${server.url}/client/q`,
    async tenant(id, body = {}) {
      await server.call("PUT", `/tenants/${id}`, { name: id, ...body });
      return id;
    },
    /** A token for a page, for its scopes and as long. */
    async token(scope, expires_in = "1 hour") {
      return (await server.call("POST", "/auth/issue-token", { scope: `user_id:editor ${scope}`, expires_in })).token;
    },
    /** Sends a tenant's template and gives back what each channel was handed. */
    async sendTemplate(tenant, template, message = {}) {
      const id = await server.send({ to: { user_id: "ada", email: "ada@people.test" }, context: { tenant_id: tenant }, template: `tenant/${template}`, ...message });
      const deadline = Date.now() + WAIT_MS;
      while (Date.now() < deadline) {
        const { status } = await server.call("GET", `/messages/${id}`).catch(() => ({}));
        if (ENDED.includes(status)) {
          const { results } = await server.call("GET", `/messages/${id}/output`).catch(() => ({ results: [] }));
          return { id, status, results };
        }
        await pause(100);
      }
      throw new Error(JSON.stringify(await server.call("GET", `/messages/${id}`)));
    },
  };
}
