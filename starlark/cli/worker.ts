/** The thread in which programs run: it has a large stack, so that deep recursion is the program's limit, not ours. */
import { readFileSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { bytesOf, createParser, Failure, type Parser, type ParserAssets } from "../src/index.ts";
import { answerRequest } from "./batch.ts";
import { Repl } from "./repl.ts";
import { dialectOf, type ModuleSource, ProgramRun } from "./runProgram.ts";
import { toAsciiJson } from "./testBuiltins.ts";

export interface FileTask {
  readonly kind: "file";
  /** The file's name as errors print it. */
  readonly filename: string;
  /** Its text, if it is not to be read. */
  readonly text?: string;
  readonly options: readonly string[];
  readonly testBuiltins: boolean;
  readonly checkOnly: boolean;
}

export interface BatchTask {
  readonly kind: "batch";
  readonly testBuiltins: boolean;
}

export interface ReplTask {
  readonly kind: "repl";
  readonly options: readonly string[];
  readonly testBuiltins: boolean;
}

export interface WorkerTask {
  readonly assets: ParserAssets;
  readonly task: FileTask | BatchTask | ReplTask;
}

/** Does what `workerData` says. */
export async function runWorker(): Promise<void> {
  const { assets, task } = workerData as WorkerTask;
  const parser = await createParser(assets);
  switch (task.kind) {
    case "file":
      parentPort?.postMessage(runFile(parser, task));
      break;
    case "batch":
      parentPort?.on("message", (line: string) => {
        parentPort?.postMessage(toAsciiJson(answerRequest(parser, line, task.testBuiltins)));
      });
      break;
    case "repl": {
      const repl = new Repl(newRun(parser, task, false), writeError);
      parentPort?.on("message", (text: string) => parentPort?.postMessage(repl.evaluate(text)));
      break;
    }
  }
}

export function writeError(text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(2, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

function newRun(parser: Parser, task: FileTask | ReplTask, checkOnly: boolean): ProgramRun {
  const dialect = dialectOf(task.options);
  return new ProgramRun(parser, diskModules, {
    dialect,
    testBuiltins: task.testBuiltins,
    checkOnly,
    write: writeError,
  });
}

/** The exit status. */
function runFile(parser: Parser, task: FileTask): number {
  let text: string;
  try {
    text = task.text ?? readFileSync(task.filename, "utf8");
  } catch (error) {
    writeError(`starlark: ${openFailure(task.filename, error)}`);
    return 1;
  }
  const failure = newRun(parser, task, task.checkOnly).run(task.filename, text);
  if (failure) writeError(failure.trace);
  return failure ? 1 : 0;
}

function openFailure(filename: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const reason =
    code === "ENOENT" ? "no such file or directory" : code === "EISDIR" ? "is a directory" : (code ?? error);
  return `open ${filename}: ${reason}`;
}

/** `load` names a file relative to the folder of the file that loads it. */
const diskModules: ModuleSource = {
  find(name, fromFile) {
    const path = resolve(dirname(fromFile), name);
    const filename = dirname(fromFile) === "." ? name : `${dirname(fromFile)}/${name}`;
    const read = () => {
      try {
        return readFileSync(path, "utf8");
      } catch (error) {
        throw new Failure(bytesOf(openFailure(filename, error)));
      }
    };
    return { key: path, filename, read };
  },
};
