import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Where the files beside our code lie: in the bundle, next to it in `dist/`; when run from the source tree (tests), in
 * their workspaces, and the worker is bundled once per process.
 */
const isBundled = existsSync(join(__dirname, "worker.cjs"));
const sourceRoot = join(__dirname, "../../..");

/** The two WebAssembly files of the parser. */
export function readParserAssets(): { readonly runtime: Uint8Array; readonly grammar: Uint8Array } {
  const folder = isBundled ? __dirname : undefined;
  return {
    runtime: readFileSync(folder ? join(folder, "web-tree-sitter.wasm") : installedRuntime()),
    grammar: readFileSync(join(folder ?? join(sourceRoot, "grammars"), "tree-sitter-starlark.wasm")),
  };
}

function installedRuntime(): string {
  return createRequire(join(sourceRoot, "starlark/package.json")).resolve("web-tree-sitter/web-tree-sitter.wasm");
}

let builtWorker: string | undefined;

/** The script that worker threads run. */
export function workerScript(): string {
  if (isBundled) return join(__dirname, "worker.cjs");
  builtWorker ??= bundleWorker();
  return builtWorker;
}

/** Loading TypeScript sources in every worker would cost more than all that a worker does. */
function bundleWorker(): string {
  const folder = join(tmpdir(), `ocuroot-worker-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, "worker.cjs");
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const node = { platform: "node", format: "cjs", target: "node20" };
  bundle({ ...node, entryPoints: ["engine/src/runner/worker.ts"], outfile });
  return outfile;
}

/** The script of the pages that `state view` serves. */
export function readViewScript(): string {
  if (isBundled) return readFileSync(join(__dirname, "stateView.js"), "utf8");
  const browser = { platform: "browser", format: "iife", target: "chrome120" };
  const built = bundle({ ...browser, entryPoints: ["engine/src/view/browser/script.ts"], write: false });
  return built.outputFiles[0]?.text ?? "";
}

function bundle(options: object): { readonly outputFiles: readonly { readonly text: string }[] } {
  const esbuild = createRequire(join(sourceRoot, "package.json"))("esbuild") as {
    buildSync(options: object): { readonly outputFiles: readonly { readonly text: string }[] };
  };
  return esbuild.buildSync({ absWorkingDir: sourceRoot, bundle: true, logLevel: "error", ...options });
}
