/** The command `starlark`. */
import { writeSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { readParserAssets } from "./assets.ts";
import { batchLimit, failedAnswer } from "./batch.ts";
import { isBundled, type RequireModule } from "./bundles.ts";
import { toAsciiJson } from "./testBuiltins.ts";
import { commandLine, type FileTask, runHere, runWorker, type WorkerTask, writeError } from "./worker.ts";

export { runWorker };

const usage = `usage: starlark [--option=NAME]... [--test-builtins] [--check | --profile] FILE.star
       starlark [--option=NAME]... [--profile] -c PROGRAM
       starlark --batch [--test-builtins]
       starlark [--option=NAME]...        (asks for statements)

Options: set, while, toplevelcontrol, globalreassign, loadbindsglobally, recursion.
--check reports static errors and executes nothing.
--profile says at the end where the time went.`;

interface Arguments {
  readonly files: string[];
  readonly options: string[];
  program?: string;
  isBatch: boolean;
  testBuiltins: boolean;
  checkOnly: boolean;
  withProfile: boolean;
}

/** Undefined when they are wrong. */
function parseArguments(argv: readonly string[]): Arguments | undefined {
  const result: Arguments = {
    files: [],
    options: [],
    isBatch: false,
    testBuiltins: false,
    checkOnly: false,
    withProfile: false,
  };
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] as string;
    if (arg.startsWith("--option=")) result.options.push(arg.slice("--option=".length));
    else if (arg === "--option") result.options.push(argv[++i] ?? "");
    else if (arg === "--batch") result.isBatch = true;
    else if (arg === "--test-builtins") result.testBuiltins = true;
    else if (arg === "--check") result.checkOnly = true;
    else if (arg === "--profile") result.withProfile = true;
    else if (arg === "-c") result.program = argv[++i] ?? "";
    else if (arg.startsWith("-") && arg !== "-") return undefined;
    else result.files.push(arg);
  }
  return result.files.length > 1 ? undefined : result;
}

/** Enough for as many nested calls as a thread allows. */
const stackMegabytes = 400;

/** A thread that takes more ends, and not the process with it. */
const heapMegabytes = 3000;

/** Not written where it is used, or the bundler would take it for something to bundle. */
const sourceLoader = "tsx/cjs";

function requireCode(path: string): string {
  return `require(${JSON.stringify(path)})`;
}

function startWorker(task: WorkerTask["task"]): Worker {
  const workerData: WorkerTask = { assets: readParserAssets(), task };
  const resourceLimits = {
    stackSizeMb: stackMegabytes,
    maxYoungGenerationSizeMb: 96,
    maxOldGenerationSizeMb: heapMegabytes,
  };
  // Run from source, the thread needs a loader for TypeScript as this one has.
  const loader = isBundled ? "" : requireCode(require.resolve(sourceLoader));
  const { Worker } = require("node:worker_threads") as typeof import("node:worker_threads");
  return new Worker(`${loader};${requireCode(__filename)}.runWorker();`, { eval: true, workerData, resourceLimits });
}

/**
 * Does what the command line says. Modules that most runs have no use for are loaded where they are needed: each takes
 * its part of a millisecond, and most programs are done in a few. `requireModule` may be quicker with it than Node.
 */
export function main(requireModule: RequireModule = require): void {
  const args = parseArguments(process.argv.slice(2));
  if (!args) {
    writeError(usage);
    process.exitCode = 2;
    return;
  }
  const { options, testBuiltins, checkOnly, withProfile, program } = args;
  const [file] = args.files;
  if (args.isBatch) {
    new Batch(testBuiltins).run();
  } else if (program !== undefined) {
    const task = { filename: commandLine, text: program, options, testBuiltins, checkOnly, withProfile };
    void runToEnd({ kind: "file", ...task }, requireModule);
  } else if (file !== undefined) {
    const task = { filename: file, options, testBuiltins, checkOnly, withProfile };
    void runToEnd({ kind: "file", ...task }, requireModule);
  } else {
    const { runPrompt } = require("./prompt.ts") as typeof import("./prompt.ts");
    runPrompt(startWorker({ kind: "repl", options: [...options, "globalreassign", "toplevelcontrol"], testBuiltins }));
  }
}

/**
 * Most programs are done before a thread with a large stack would have started, so it is started only when a program
 * turns out to need one. It then executes the program anew, without writing again what has been written.
 */
async function runToEnd(task: FileTask, requireModule: RequireModule): Promise<void> {
  process.exitCode = 1;
  const result = await runHere(task, requireModule);
  // All is written. Without this, the process would wait for V8 to optimise what is not going to run.
  if (typeof result === "number") process.exit(result);
  const worker = startWorker(result);
  worker.on("message", (status: number) => {
    process.exitCode = status;
  });
  worker.on("error", (error) => writeError(`Error: ${error.message}`));
}

/** Reads requests and has them answered one after the other. */
class Batch {
  private readonly waiting: string[] = [];
  private current: string | undefined;
  private worker: Worker | undefined;
  private timer: NodeJS.Timeout | undefined;
  private hasEnded = false;

  constructor(private readonly testBuiltins: boolean) {}

  run(): void {
    const { createInterface } = require("node:readline") as typeof import("node:readline");
    const input = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    input.on("line", (line) => {
      if (line.trim() === "") return;
      this.waiting.push(line);
      this.next();
    });
    input.on("close", () => {
      this.hasEnded = true;
      this.next();
    });
    this.worker = this.start();
  }

  private start(): Worker {
    const worker = startWorker({ kind: "batch", testBuiltins: this.testBuiltins });
    worker.on("message", (answer: string) => {
      if (worker === this.worker) this.answer(answer);
    });
    // A program that uses up all memory ends the thread; the next request gets a new one.
    worker.on("error", (error) => {
      if (worker === this.worker) this.giveUp(error.message);
    });
    return worker;
  }

  private next(): void {
    if (this.current !== undefined) return;
    this.current = this.waiting.shift();
    if (this.current === undefined) {
      if (this.hasEnded) void this.worker?.terminate();
      return;
    }
    this.worker ??= this.start();
    this.timer = setTimeout(() => this.giveUp("the program took too long"), batchLimit + 800);
    this.worker.postMessage(this.current);
  }

  private giveUp(reason: string): void {
    const { worker, current } = this;
    this.worker = undefined;
    void worker?.terminate();
    if (current !== undefined) this.answer(toAsciiJson(failedAnswer(current, reason)));
  }

  private answer(answer: string): void {
    clearTimeout(this.timer);
    writeOut(`${answer}\n`);
    this.current = undefined;
    this.next();
  }
}

/** Writes at once, also to a pipe that is full for the moment. */
function writeOut(text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

// From its bundle the command is started by the launcher.
if (require.main === module) main();
