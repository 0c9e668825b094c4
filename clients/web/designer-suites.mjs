// Runs the template designer's own suites of the whole way, from designing to the mail, against this server. They are in its
// repository and not in its package, so a checkout of that is needed; nothing is fetched but the tools they are run with.
//
//   node clients/web/designer-suites.mjs <folder of the repository> [playwright arguments]
//
// Left out are those that compare with pictures: these were taken on another system, of another server's mails.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ALONE } from "../../e2e/browser.mjs";
import { buildDesigner } from "./designer/build.mjs";
import { startSite } from "./designer/site.mjs";
import { scopes, startWorld } from "./designer/world.mjs";

const TOOLS = { "@playwright/test": "1.60.0", "@types/node": "20", pixelmatch: "7", pngjs: "7" };
const CONFIG = `
  import { defineConfig } from "@playwright/test";
  export default defineConfig({
    testDir: "e2e/full-cycle",
    testIgnore: "*-visual.spec.ts",
    workers: 1,
    timeout: 120_000,
    reporter: "list",
    use: {
      baseURL: process.env.PAGE_URL,
      launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", ${JSON.stringify(ALONE)}] },
    },
  });`;

const [repository, ...more] = process.argv.slice(2);
if (!repository) throw new Error("which folder holds the designer's repository?");

/** A copy of the suites with their tools. */
function prepare() {
  const folder = mkdtempSync(join(tmpdir(), "tidings-designer-suites-"));
  cpSync(join(repository, "packages", "react-designer", "e2e"), join(folder, "e2e"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies: TOOLS }));
  writeFileSync(join(folder, "playwright.config.ts"), CONFIG);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
  return folder;
}

const { version, files } = await buildDesigner(repository);
console.log(`react-designer ${version}`);
const folder = prepare();
const world = await startWorld();
let site;
let status = 1;
try {
  const tenantId = await world.tenant("suites");
  const variables = { name: "John" };
  site = await startSite(files, {
    provider: { apiUrl: world.apiUrl, token: await world.token(scopes(tenantId)), tenantId, templateId: "full-cycle", variables },
    editor: { routing: { method: "single", channels: ["email"] }, autoSave: true },
  });
  const env = { ...process.env, PAGE_URL: site.origin, COURIER_AUTH_TOKEN: world.key, VITE_SEND_API_URL: world.url };
  const child = spawn("npx", ["playwright", "test", ...more], { cwd: folder, env, stdio: "inherit" });
  [status] = await once(child, "exit");
} finally {
  await site?.close();
  await world.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status ?? 1);
