// Runs the web client's own live suites against this server. They are in its repository and not in its package, so a
// checkout of that is needed; nothing is fetched but the test tools its package.json names.
//
//   node clients/web/live-suites.mjs <folder of the repository> [jest arguments]

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startDev } from "../../e2e/dev-server.mjs";

/** What the suites are run with, of what their own package.json names. */
const TOOLS = ["@types/jest", "dotenv", "jest", "jest-environment-jsdom", "jest-fetch-mock", "jest-websocket-mock", "ts-jest"];
const SCOPES = "read:messages inbox:read:messages inbox:write:events read:preferences write:preferences read:user-tokens write:user-tokens read:brands write:track";

const [repository, ...more] = process.argv.slice(2);
if (!repository) throw new Error("which folder holds the web client's repository?");
const source = join(repository, "@trycourier", "courier-js");

/** A copy of the suites with their tools. */
function prepare() {
  const folder = mkdtempSync(join(tmpdir(), "tidings-live-suites-"));
  for (const part of ["src", "jest.config.ts"]) cpSync(join(source, part), join(folder, part), { recursive: true });
  const { version, devDependencies } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const tools = Object.fromEntries(TOOLS.map((name) => [name, devDependencies[name]]));
  const dependencies = { ...tools, "@types/node": "20", "ts-node": "10", typescript: "5.7", "jest-websocket-mock": tools["jest-websocket-mock"] };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  const compilerOptions = {
    target: "ES2020", module: "ESNext", lib: ["ES2020", "DOM", "DOM.Iterable"], moduleResolution: "bundler",
    isolatedModules: true, esModuleInterop: true, skipLibCheck: true, strict: true, types: ["jest", "node"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
  console.log(`courier-js ${version}`);
  return folder;
}

/** What the suites expect to be there. */
async function furnish(server) {
  const [user, tenant, member] = ["suite-user", "suite-tenant", "suite-member"];
  for (const one of [user, member, "suite-solo"]) await server.call("POST", `/profiles/${one}`, { profile: { name: one } });
  await server.call("PUT", `/tenants/${tenant}`, { name: tenant });
  await server.call("PUT", `/users/${member}/tenants/${tenant}`, {});
  const brand = await server.call("POST", "/brands", { id: "suite-brand", name: "Suite", settings: { colors: { primary: "#123456" } } });
  await server.call("PUT", "/lists/example-list-id", { name: "Suite" });
  const section = await server.call("POST", "/preferences/sections", { name: "Suite" });
  const strategy = await server.call("POST", "/routing-strategies", { name: "Suite", routing: { method: "single", channels: ["inbox"] } });
  const template = async (name) => {
    const elements = [{ type: "channel", channel: "inbox", elements: [{ type: "meta", title: name }, { type: "text", content: "Hello" }] }];
    const notification = { name, content: { version: "2022-01-01", elements }, routing: { strategy_id: strategy.id } };
    return (await server.call("POST", "/notifications", { notification, state: "PUBLISHED" })).id;
  };
  const schedules = [
    { frequency: "instant" },
    { frequency: "weekly", day_of_week: "monday", time: "09:00", timezone: "Europe/Berlin", is_default: true },
  ];
  const digest = { template_id: await template("Digest"), schedules, categories: [{ category_key: "item", retain: "LAST", limit: 5 }] };
  const topic = await server.call("POST", `/preferences/sections/${section.id}/topics`, { name: "Suite", default_status: "OPTED_IN", digest });
  const { token } = await server.call("POST", "/auth/issue-token", { scope: `user_id:${user} ${SCOPES}`, expires_in: "1 hour" });
  const message = await server.send({ to: { user_id: user }, content: { title: "For the suites", body: "." }, routing: { method: "single", channels: ["inbox"] } });
  return {
    COURIER_REST_URL: server.url,
    COURIER_GRAPHQL_URL: `${server.url}/client/q`,
    INBOX_GRAPHQL_URL: `${server.url}/q`,
    INBOX_WEBSOCKET_URL: server.url.replace(/^http/, "ws"),
    USER_ID: user,
    JWT: token,
    TENANT_ID: tenant,
    BRAND_ID: brand.id,
    TOPIC_ID: topic.id,
    DIGEST_SCHEDULE_ID: topic.digest.schedules.find((one) => one.is_default).schedule_id,
    CLIENT_KEY: server.clientKey().key,
    MESSAGE_ID: message,
    MESSAGE_TRACKING_ID: "none",
    COURIER_E2E_API_KEY: server.key,
    COURIER_E2E_USER_ID: "suite-solo",
    COURIER_E2E_TENANT_USER_ID: member,
    COURIER_E2E_TENANT_ID: tenant,
    COURIER_E2E_TEMPLATE_V1_ID: await template("First"),
    COURIER_E2E_TEMPLATE_V2_ID: await template("Second"),
  };
}

const folder = prepare();
const server = await startDev();
let status = 1;
try {
  const env = { ...process.env, ...(await furnish(server)) };
  // The tracking suite posts to an address of the vendor's.
  const jest = ["jest", "--testPathIgnorePatterns", "tracking-client", ...more];
  status = spawnSync("npx", jest, { cwd: folder, env, stdio: "inherit" }).status ?? 1;
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);
