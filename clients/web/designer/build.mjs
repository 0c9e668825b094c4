// Builds a page with the published template designer in it, from a checkout of its repository.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const { build } = createRequire(new URL("../../../e2e/package.json", import.meta.url))("esbuild");

/** What makes its style sheet, of what its own package.json names. */
const TOOLS = ["autoprefixer", "postcss", "postcss-import", "postcss-nested", "tailwindcss", "tailwindcss-animate", "@tiptap/extension-text-style"];
/** The parts of its package that are built. */
const PARTS = ["src", "scripts", "tailwind.config.js", "postcss.config.js"];
/** The workers of the code editor: bundled, where its own loader would fetch them from a public host. */
const WORKERS = { "editor.worker": "editor/editor.worker.js", "html.worker": "language/html/html.worker.js", "css.worker": "language/css/css.worker.js" };

/**
 * Copies the designer's package out of the checkout, installs what it names, and bundles the page. What was installed stays in the temporary
 * folder for the next time. Gives the files by name, and the designer's version.
 */
export async function buildDesigner(checkout) {
  const source = join(checkout, "packages", "react-designer");
  const { version, dependencies, devDependencies } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const tools = Object.fromEntries(TOOLS.map((name) => [name, devDependencies[name]]));
  const manifest = JSON.stringify({
    private: true,
    type: "module",
    browserslist: ["last 2 chrome versions"],
    dependencies: { ...dependencies, ...tools, react: "18.3.1", "react-dom": "18.3.1" },
  });
  const folder = join(tmpdir(), `tidings-designer-${createHash("sha256").update(manifest).digest("hex").slice(0, 12)}`);
  if (!existsSync(join(folder, "installed"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), manifest);
    execFileSync("npm", ["install", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
    writeFileSync(join(folder, "installed"), "");
  }
  for (const part of PARTS) {
    rmSync(join(folder, part), { recursive: true, force: true });
    cpSync(join(source, part), join(folder, part), { recursive: true });
  }
  cpSync(join(HERE, "page.jsx"), join(folder, "page.jsx"));
  style(folder);
  return { version, files: await bundle(folder) };
}

/** Its style sheet, made by its own scripts. */
function style(folder) {
  const processor = pathToFileURL(join(folder, "scripts", "css-processor.js"));
  const script = `process.env.NODE_ENV = "production"; (await import("${processor}")).processCss(process.cwd());`;
  for (const command of [["scripts/generate-theme.js"], ["--input-type=module", "-e", script]]) {
    execFileSync(process.execPath, command, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  }
}

async function bundle(folder) {
  const shared = {
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    write: false,
    outdir: "out",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"', "process.env.API_URL": '""', global: "globalThis" },
    logLevel: "error",
  };
  const monaco = join(folder, "node_modules", "monaco-editor", "esm", "vs");
  const page = build({
    ...shared,
    entryPoints: { page: join(folder, "page.jsx") },
    format: "esm",
    splitting: true,
    jsx: "automatic",
    alias: { "@": join(folder, "src"), "@trycourier/react-designer": join(folder, "src", "index.ts") },
    loader: { ".ttf": "dataurl", ".svg": "dataurl", ".png": "dataurl" },
  });
  const entryPoints = Object.fromEntries(Object.entries(WORKERS).map(([name, file]) => [name, join(monaco, file)]));
  const workers = build({ ...shared, entryPoints, format: "iife" });
  const built = (await Promise.all([page, workers])).flatMap(({ outputFiles }) => outputFiles);
  const files = new Map(built.map((file) => [file.path.split("/").pop(), file.contents]));
  files.set("designer.css", readFileSync(join(folder, "dist", "styles.css")));
  return files;
}
