import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { CompileCache, evaluatePackage, evaluateRepository, PreviewHost } from "@ocuroot/engine";
import { createParser, type Parser } from "@ocuroot/starlark";
import type { EvaluateBegun, EvaluateReply, EvaluateRequest } from "./messages.ts";
import { RememberingParser } from "./rememberingParser.ts";

/** The thread in which package files are evaluated: no shell, no writes, no network, limits on time and steps. */
const cache = new CompileCache();
let parser: Promise<Parser> | undefined;

parentPort?.on("message", (request: EvaluateRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});

async function answer(request: EvaluateRequest): Promise<EvaluateReply> {
  try {
    parser ??= loadParser();
    const ready = await parser;
    parentPort?.postMessage({ id: request.id, kind: "begun" } satisfies EvaluateBegun);
    return evaluate(request, ready);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { id: request.id, kind: "fault", message };
  }
}

function evaluate(request: EvaluateRequest, ready: Parser): EvaluateReply {
  const { id, kind, root, file, texts, environments, limits, cancelFlag } = request;
  const options = {
    parser: ready,
    root,
    file,
    cache,
    environments,
    readText: (path: string) => texts.get(path),
    host: new PreviewHost({ root, isTrusted: true, env: process.env }),
    limits: { budget: { steps: limits.steps, wallMs: limits.wallMs }, cancelFlag },
  };
  if (kind === "repository") {
    return { id, kind, evaluation: withoutSource(evaluateRepository({ ...options, variables: process.env })) };
  }
  return { id, kind, evaluation: evaluatePackage(options) };
}

/** The text of the file is known to who asks; it need not cross threads. */
function withoutSource(evaluation: ReturnType<typeof evaluateRepository>): ReturnType<typeof evaluateRepository> {
  return evaluation.model === undefined ? evaluation : { ...evaluation, model: { ...evaluation.model, source: "" } };
}

function loadParser(): Promise<Parser> {
  const read = (name: string) => readFileSync(join(__dirname, name));
  const assets = { runtime: read("web-tree-sitter.wasm"), grammar: read("tree-sitter-starlark.wasm") };
  return createParser(assets).then((each) => new RememberingParser(each));
}
