/* global settings */
// A customer's page: the template designer, or the brand editor alone, set up by the settings in the address.

import { loader } from "@monaco-editor/react";
import * as monaco from "monaco-editor";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import {
  BrandEditor,
  BrandProvider,
  TemplateEditor,
  TemplateProvider,
  useBlockConfig,
  useTemplateActions,
} from "@trycourier/react-designer";

loader.config({ monaco });
self.MonacoEnvironment = {
  getWorker: (_, label) => new Worker(`/bundle/${["html", "css"].includes(label) ? label : "editor"}.worker.js`),
};

const { strict, brandOnly, provider, editor } = location.hash ? JSON.parse(decodeURIComponent(location.hash.slice(1))) : settings;

/** Hands the designer's own hooks to whoever drives the page. */
function Handles() {
  const blocks = useBlockConfig();
  const actions = useTemplateActions();
  useEffect(() => {
    window.designer = { blocks, actions };
  });
  return null;
}

const page = brandOnly ? (
  <BrandProvider {...provider}>
    <BrandEditor {...editor} />
  </BrandProvider>
) : (
  <TemplateProvider {...provider}>
    <Handles />
    <TemplateEditor {...editor} />
  </TemplateProvider>
);
createRoot(document.getElementById("root")).render(strict ? <StrictMode>{page}</StrictMode> : page);
