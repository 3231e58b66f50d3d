import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createParser } from "@ocuroot/starlark";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "./server.ts";

/** The process of the language server: reads its assets, which lie beside the bundle, and serves stdio. */
async function main(): Promise<void> {
  const [runtime, grammar] = ["web-tree-sitter.wasm", "tree-sitter-starlark.wasm"].map((name) =>
    readFileSync(join(__dirname, name)),
  );
  const parser = await createParser({ runtime: runtime as Uint8Array, grammar: grammar as Uint8Array });
  // Without a transport argument the server speaks over stdio, so that it can be started by hand.
  const hasTransport = process.argv.some((each) => /^--(stdio|node-ipc|socket=|pipe=)/.test(each));
  if (!hasTransport) process.argv.push("--stdio");
  const connection = createConnection(ProposedFeatures.all);
  startServer(connection, { parser, previewWorker: join(__dirname, "previewWorker.cjs") });
}

main().catch((error: unknown) => {
  process.stderr.write(
    `ocuroot-language-server: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
