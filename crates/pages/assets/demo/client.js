// What a host page needs of the server: a token for the person, a way to send, and the inbox's GraphQL.

const key = document.body.dataset.key;
export const user = new URLSearchParams(location.search).get("user") || "ada";
/** This connection's own name: the server does not echo to it what it did itself. */
export const connection = crypto.randomUUID?.() ?? String(Math.random()).slice(2);

async function call(path, options, bearer = key) {
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...options?.headers };
  const reply = await fetch(path, { ...options, headers });
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(body.message ?? `The server answered ${reply.status}`);
  return body;
}

/** A token with which a browser may read and mark this person's inbox. An application's own backend asks for it. */
export async function issueToken() {
  const scope = `user_id:${user} inbox:read:messages inbox:write:events`;
  const body = JSON.stringify({ scope, expires_in: "1 day" });
  return (await call("/auth/issue-token", { method: "POST", body })).token;
}

export const send = (message) => call("/send", { method: "POST", body: JSON.stringify({ message }) });
export const message = (id) => call(`/messages/${encodeURIComponent(id)}`);

/** The inbox, read and marked through GraphQL. */
export class Inbox {
  constructor(token) {
    this.token = token;
  }

  async #ask(query, variables = {}) {
    const headers = { "x-courier-user-id": user, "x-courier-client-source-id": connection };
    const body = JSON.stringify({ query, variables });
    const { data, errors } = await call("/q", { method: "POST", headers, body }, this.token);
    if (!data) throw new Error(errors?.[0]?.message ?? "The inbox cannot be read");
    return data;
  }

  /** A page of messages, and how many are unread. */
  async page(archived, after) {
    const query = `query Page($params: FilterParamsInput, $after: String) {
      unread: count(params: { status: "unread" })
      messages(params: $params, limit: 24, after: $after) {
        pageInfo { startCursor hasNextPage }
        nodes { messageId title preview created read archived actions { content href } }
      }
    }`;
    const { unread, messages } = await this.#ask(query, { params: archived ? { archived: true } : {}, after });
    return { unread, nodes: messages.nodes, next: messages.pageInfo.hasNextPage ? messages.pageInfo.startCursor : null };
  }

  /** `read`, `unread`, `opened`, `archive` or `unarchive`. */
  mark(what, id) {
    return this.#ask(`mutation Mark($id: String!) { ${what}(messageId: $id) }`, { id });
  }

  markAllRead() {
    return this.#ask("mutation { markAllRead }");
  }
}
