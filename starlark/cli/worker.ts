/** The thread in which programs run: it has a large stack, so that deep recursion is the program's limit, not ours. */
import { readFileSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { bytesOf, createParser, Failure, isStackOverflow, type Parser, type ParserAssets } from "../src/index.ts";
import { answerRequest } from "./batch.ts";
import { ProgramProfile } from "./profile.ts";
import { Repl } from "./repl.ts";
import { dialectOf, type ModuleSource, ProgramRun, type RunOptions } from "./runProgram.ts";
import { toAsciiJson } from "./testBuiltins.ts";

export interface FileTask {
  readonly kind: "file";
  /** The file's name as errors print it. */
  readonly filename: string;
  /** Its text, if it has been read. */
  readonly text?: string;
  readonly options: readonly string[];
  readonly testBuiltins: boolean;
  readonly checkOnly: boolean;
  readonly withProfile?: boolean;
  /** Lines that an earlier attempt has written already. */
  readonly writtenLines?: number;
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
  const { parentPort, workerData } = require("node:worker_threads") as typeof import("node:worker_threads");
  const { assets, task } = workerData as WorkerTask;
  const parser = await createParser(assets);
  switch (task.kind) {
    case "file":
      parentPort?.postMessage(runAgain(parser, task));
      break;
    case "batch":
      parentPort?.on("message", (line: string) => {
        collectGarbage();
        parentPort?.postMessage(toAsciiJson(answerRequest(parser, line, task.testBuiltins)));
      });
      break;
    case "repl": {
      const repl = new Repl(newRun(parser, task, { write: writeError }), writeError);
      parentPort?.on("message", (text: string) => parentPort?.postMessage(repl.evaluate(text)));
      break;
    }
  }
}

/** What a program has left behind must not count as another's. */
const leftovers = 100_000_000;
let collect: (() => void) | undefined;

function collectGarbage(): void {
  if (process.memoryUsage().heapUsed < leftovers) return;
  if (!collect) {
    (require("node:v8") as typeof import("node:v8")).setFlagsFromString("--expose-gc");
    collect = (require("node:vm") as typeof import("node:vm")).runInNewContext("gc") as () => void;
  }
  collect();
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

/** Runs a program in this thread: the exit status, or the task for a thread with a larger stack. */
export async function runHere(assets: ParserAssets, task: FileTask): Promise<number | FileTask> {
  const text = task.text ?? readMain(task.filename);
  if (text === undefined) return 1;
  const parser = await createParser(assets);
  let writtenLines = 0;
  const write = (line: string) => {
    writtenLines++;
    writeError(line);
  };
  try {
    return runFile(parser, { ...task, text }, { write, passesStackOverflow: true });
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return { ...task, text, writtenLines };
  }
}

/** Runs a program in a thread of its own: the exit status. */
function runAgain(parser: Parser, task: FileTask): number {
  let linesToSkip = task.writtenLines ?? 0;
  const write = (line: string) => {
    if (linesToSkip > 0) linesToSkip--;
    else writeError(line);
  };
  return runFile(parser, task, { write });
}

function readMain(filename: string): string | undefined {
  try {
    return readFileSync(filename, "utf8");
  } catch (error) {
    writeError(`starlark: ${openFailure(filename, error)}`);
    return undefined;
  }
}

type Writing = Pick<RunOptions, "write" | "passesStackOverflow" | "profile">;

function newRun(parser: Parser, task: FileTask | ReplTask, writing: Writing): ProgramRun {
  const { testBuiltins } = task;
  const checkOnly = task.kind === "file" && task.checkOnly;
  return new ProgramRun(parser, diskModules, { ...writing, checkOnly, testBuiltins, dialect: dialectOf(task.options) });
}

/** The exit status. */
function runFile(parser: Parser, task: FileTask, writing: Writing): number {
  const profile = task.withProfile ? new ProgramProfile() : undefined;
  const failure = newRun(parser, task, { ...writing, ...(profile ? { profile } : {}) }).run(
    task.filename,
    task.text ?? "",
  );
  if (failure) writeError(failure.trace);
  if (profile) writeError(profile.report());
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
