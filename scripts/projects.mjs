/** What is compiled together: the language once more without Node, which it must not need, and scripts of pages with the DOM. */
export const projects = [
  "starlark/tsconfig.src.json",
  "grammars",
  "starlark",
  "engine",
  "engine/src/view/browser",
  "server",
  "client",
  "client/src/webview",
  "e2e",
  "bench",
];
