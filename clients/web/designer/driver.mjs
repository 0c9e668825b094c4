// The designer in a browser, and what it said to the server meanwhile.

import { setTimeout as pause } from "node:timers/promises";

/** How long nothing must be said before the editor counts as at rest: longer than it waits before it saves. */
const REST_MS = 1300;
const WAIT_MS = 20_000;

/**
 * Opens the page. `calls` are the operations in their order, each with its variables, status and answer; `problems` what the page's scripts
 * complained of; `outside` every address asked for that is not on this machine.
 */
export async function openDesigner(browser, site, { viewport = { width: 1280, height: 900 }, ...settings }) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const [calls, problems, outside] = [[], [], []];
  let last = Date.now();
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && !["127.0.0.1", "localhost"].includes(hostname)) outside.push(request.url());
    const call = request.method() === "POST" && read(request);
    if (!call) return;
    last = Date.now();
    calls.push(call);
    request
      .response()
      .then(async (response) => Object.assign(call, { status: response.status(), answer: await response.json() }))
      .catch(() => (call.status ??= 0))
      .finally(() => (last = Date.now()));
  });
  await page.goto(site.url(settings));

  const editor = {
    page,
    calls,
    problems,
    outside,
    /** The operations of a name. */
    named: (operation) => calls.filter((call) => call.operation === operation),
    /** Waits until everything was answered and nothing more is asked. */
    async rest() {
      const deadline = Date.now() + WAIT_MS;
      last = Date.now();
      while (Date.now() - last < REST_MS || calls.some((call) => call.status === undefined)) {
        if (Date.now() > deadline) throw new Error(`it does not come to rest: ${JSON.stringify(calls.slice(-3))}`);
        await pause(50);
      }
    },
    /** Waits for the text editor, and until what opening it brings about is over. */
    async ready() {
      await page.waitForFunction(() => window.__COURIER_CREATE_TEST__?.currentEditor, null, { timeout: WAIT_MS });
      await editor.rest();
    },
    /** What the last save said: `content` and `routing`. */
    saved: () => editor.named("SaveNotification").findLast(({ variables }) => variables.input.data)?.variables.input.data,
    /** Puts a block of the library at the end. */
    async insert(block) {
      await page.evaluate((name) => window.designer.blocks.insertBlock(name), block);
      await pause(200);
    },
    /** Puts the caret there, counted as the text editor counts. */
    caret: (position) => page.evaluate((at) => window.__COURIER_CREATE_TEST__.currentEditor.commands.focus(at), position),
    /** Gives the text editor a document of its own kind. */
    async setDocument(content) {
      await page.evaluate((nodes) => window.__COURIER_CREATE_TEST__.currentEditor.commands.setContent({ type: "doc", content: nodes }, true), content);
      await editor.rest();
    },
    subjectLine: () => page.locator('h4:has-text("Subject:") + * .tiptap'),
    /** Writes the subject; a variable goes into the little field that two braces open. */
    async subject(text) {
      await editor.subjectLine().click();
      await page.keyboard.press("Control+A");
      await page.keyboard.press("Delete");
      for (const [index, part] of text.split(/\{\{|\}\}/).entries()) {
        await page.keyboard.type(index % 2 ? "{{" : part);
        if (index % 2 === 0) continue;
        await pause(300);
        await page.keyboard.type(part, { delay: 20 });
        await page.keyboard.press("Enter");
        await pause(300);
      }
      await editor.rest();
    },
    /** Turns to the brand. */
    async brand() {
      const close = page.getByRole("button", { name: "Close" });
      if (await close.isVisible()) await close.click();
      await page.getByRole("button", { name: /^(Customize|Edit brand)$/ }).click();
      await editor.rest();
    },
    /** Publishes; what the server says against it is thrown. */
    async publish() {
      await page.getByRole("button", { name: "Publish changes" }).click();
      await editor.rest();
      const { status, answer } = editor.named("PublishNotification").at(-1);
      if (status !== 200 || answer.errors) throw new Error(`not published: ${JSON.stringify(answer)}`);
    },
    /** What it told the person who edits, as long as that is shown. */
    async told(text) {
      await page.locator("[data-sonner-toast]").filter({ hasText: text }).first().waitFor({ timeout: WAIT_MS });
    },
    close: () => context.close(),
  };
  return editor;
}

/** An operation of the designer's, or nothing where it is something else. */
function read(request) {
  const { query, variables } = request.postDataJSON() ?? {};
  const operation = query?.match(/(?:query|mutation)\s+(\w+)/)?.[1];
  return operation && { operation, variables, headers: request.headers() };
}
