import "./heap.ts";
import "./threads.ts";
import { Console } from "node:console";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createParser } from "@ocuroot/starlark";
import { connectProcess, openTransport } from "./connection/connection.ts";
import { startServer } from "./server.ts";

/** The process of the language server: reads its assets, which lie beside the bundle, and serves stdio. */
async function main(): Promise<void> {
  // Standard output is the protocol's: what a library prints must not get into it.
  globalThis.console = new Console(process.stderr);
  const connection = connectProcess(openTransport(process.argv.slice(2)));
  const report = (error: unknown): void => {
    try {
      connection.console.error(describe(error));
    } catch {
      // Nobody is there any more to be told; the process is ending.
    }
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);

  const [runtime, grammar] = ["web-tree-sitter.wasm", "tree-sitter-starlark.wasm"].map((name) =>
    readFileSync(join(__dirname, name)),
  );
  const parser = await createParser({ runtime: runtime as Uint8Array, grammar: grammar as Uint8Array });
  const shellGrammar = (): Uint8Array => readFileSync(join(__dirname, "tree-sitter-bash.wasm"));
  const previewWorker = join(__dirname, "previewWorker.cjs");
  startServer(connection, { parser, previewWorker, shellGrammar, warmsUp: true });
}

main().catch((error: unknown) => {
  process.stderr.write(`ocuroot-language-server: ${describe(error)}\n`);
  process.exit(1);
});

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
