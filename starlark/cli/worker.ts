/** Runs programs: in this thread, or in one with a large stack, so that deep recursion is the program's limit, not ours. */
import { readFileSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { bytesOf, Failure, isStackOverflow, type ParserAssets } from "../src/index.ts";
import { readParserAssets } from "./assets.ts";
import { answerRequest } from "./batch.ts";
import { frontEndPath, isBundled, type RequireModule } from "./bundles.ts";
import type { FrontEnd } from "./frontEnd.ts";
import { ProgramProfile } from "./profile.ts";
import { findAll, frontEndOf, keeping, ProgramCache } from "./programCache.ts";
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

/** The name of a program that is given on the command line. */
export const commandLine = "cmdline";

/** Does what `workerData` says. */
export async function runWorker(): Promise<void> {
  const { parentPort, workerData } = require("node:worker_threads") as typeof import("node:worker_threads");
  const { assets, task } = workerData as WorkerTask;
  const frontEnd = await loadFrontEnd(assets, require);
  switch (task.kind) {
    case "file":
      parentPort?.postMessage(runAgain(frontEnd, task));
      break;
    case "batch":
      parentPort?.on("message", (line: string) => {
        collectGarbage();
        parentPort?.postMessage(toAsciiJson(answerRequest(frontEnd, line, task.testBuiltins)));
      });
      break;
    case "repl": {
      const repl = new Repl(newRun(frontEnd, task, { write: writeError }), frontEnd, writeError);
      parentPort?.on("message", (text: string) => parentPort?.postMessage(repl.evaluate(text)));
      break;
    }
  }
}

function loadFrontEnd(assets: ParserAssets, requireModule: RequireModule): Promise<FrontEnd> {
  const { createFrontEnd } = requireModule(frontEndPath) as typeof import("./frontEnd.ts");
  return createFrontEnd(assets);
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
export async function runHere(task: FileTask, requireModule: RequireModule): Promise<number | FileTask> {
  const text = task.text ?? readMain(task.filename);
  if (text === undefined) return 1;
  let writtenLines = 0;
  const write = (line: string) => {
    writtenLines++;
    writeError(line);
  };
  const writing = { write, passesStackOverflow: true };
  const fullTask = { ...task, text };
  const programs = programsFor(task);
  try {
    const status = programs && runKept(programs, fullTask, writing);
    if (status !== undefined) return status;
    const frontEnd = await loadFrontEnd(readParserAssets(), requireModule);
    return runFile(programs ? keeping(frontEnd, programs) : frontEnd, fullTask, writing);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return { ...fullTask, writtenLines };
  }
}

/** The programs of such tasks; undefined when none are kept for them. */
function programsFor(task: FileTask): ProgramCache | undefined {
  const { filename, options, testBuiltins, checkOnly, withProfile } = task;
  if (!isBundled || checkOnly || withProfile || filename === commandLine) return undefined;
  return ProgramCache.of([__filename, frontEndPath], [...new Set(options), String(testBuiltins)]);
}

/** Runs a program without a parser, which takes longer to start than most programs to run; undefined if that cannot be. */
function runKept(programs: ProgramCache, task: FileTask, writing: Writing): number | undefined {
  const main = { filename: task.filename, text: task.text ?? "" };
  const files = findAll(programs, main, (module, fromFile) => {
    const { filename, read } = diskModules.find(module, fromFile);
    return { filename, text: read() };
  });
  if (files === undefined) return undefined;
  const source: ModuleSource = {
    find(name, fromFile) {
      const module = diskModules.find(name, fromFile);
      const text = files.get(module.filename)?.text;
      return text === undefined ? module : { ...module, read: () => text };
    },
  };
  return runFile(frontEndOf(files), task, writing, source);
}

/** Runs a program in a thread of its own: the exit status. */
function runAgain(frontEnd: FrontEnd, task: FileTask): number {
  let linesToSkip = task.writtenLines ?? 0;
  const write = (line: string) => {
    if (linesToSkip > 0) linesToSkip--;
    else writeError(line);
  };
  return runFile(frontEnd, task, { write });
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

function newRun(
  frontEnd: FrontEnd,
  task: FileTask | ReplTask,
  writing: Writing,
  source: ModuleSource = diskModules,
): ProgramRun {
  const { testBuiltins } = task;
  const checkOnly = task.kind === "file" && task.checkOnly;
  return new ProgramRun(frontEnd, source, { ...writing, checkOnly, testBuiltins, dialect: dialectOf(task.options) });
}

/** The exit status. */
function runFile(frontEnd: FrontEnd, task: FileTask, writing: Writing, source?: ModuleSource): number {
  const profile = task.withProfile ? new ProgramProfile() : undefined;
  const run = newRun(frontEnd, task, { ...writing, ...(profile ? { profile } : {}) }, source);
  const failure = run.run(task.filename, task.text ?? "");
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
