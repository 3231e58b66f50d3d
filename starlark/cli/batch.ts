import { Failure } from "../src/index.ts";
import type { FrontEnd } from "./frontEnd.ts";
import { dialectOf, type ModuleSource, ProgramRun } from "./runProgram.ts";

/** One line of a batch's input. */
export interface BatchRequest {
  readonly id?: unknown;
  readonly filename?: string;
  readonly source?: string;
  readonly options?: readonly string[];
  readonly loads?: Readonly<Record<string, string>>;
  readonly check?: boolean;
}

/** One line of its output. */
export interface BatchAnswer {
  readonly id: unknown;
  readonly ok: boolean;
  readonly output: string;
  readonly error?: string;
  readonly trace?: string;
}

/** Milliseconds that a program of a batch may take. */
export const batchLimit = 18_500;

/** Runs one request. What goes wrong is in the answer, it does not throw. */
export function answerRequest(frontEnd: FrontEnd, line: string, testBuiltins: boolean): BatchAnswer {
  let request: BatchRequest;
  try {
    request = JSON.parse(line) as BatchRequest;
  } catch (error) {
    return failedAnswer(undefined, `not a JSON object: ${(error as Error).message}`);
  }
  if (typeof request !== "object" || request === null) return failedAnswer(undefined, "not a JSON object");
  let output = "";
  const run = new ProgramRun(frontEnd, modulesOf(request), {
    dialect: dialectOf(request.options ?? []),
    testBuiltins,
    checkOnly: request.check === true,
    wallMs: batchLimit,
    write: (text) => {
      output += `${text}\n`;
    },
  });
  const failure = run.run(request.filename ?? "<batch>", request.source ?? "");
  return { id: request.id ?? null, ok: !failure, output, ...failure };
}

export function failedAnswer(line: string | undefined, error: string): BatchAnswer {
  let id: unknown = null;
  try {
    id = line === undefined ? null : ((JSON.parse(line) as BatchRequest).id ?? null);
  } catch {
    // The answer to what is not JSON has no id.
  }
  return { id, ok: false, output: "", error, trace: error };
}

function modulesOf(request: BatchRequest): ModuleSource {
  const loads = new Map(Object.entries(request.loads ?? {}));
  return {
    find(name) {
      const text = loads.get(name);
      if (text === undefined) throw new Failure(`open ${name}: no such file or directory`);
      return { key: name, filename: name, read: () => text };
    },
  };
}
