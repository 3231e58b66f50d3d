// How long a program may go on after it has been told to end: the longest time between two looks at the flag, for every
// kind of work that may take long. In processor time of the thread that evaluates (where Linux tells it; else of the
// process), which is what it takes on a machine that has nothing else to do; the least of several runs. The goal is 50 ms.
// `npm run bench -- cancellation`, or with a pattern: `node --import tsx bench/cancellation.ts split`.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readParserAssets } from "../starlark/cli/assets.ts";
import {
  compile,
  createParser,
  type DialectOptions,
  EvalError,
  execute,
  jsonModule,
  mathModule,
  type Parser,
  resolve,
  SourceFile,
  Thread,
  type Value,
} from "../starlark/src/index.ts";
import { cases } from "./cancellation/cases.ts";
// @ts-expect-error -- the benchmarks' helpers are plain JavaScript.
import { milliseconds, printTable } from "./measure.mjs";

const goal = 50;
const runs = 2;
/** After this much time the rest of a program would be no other. */
const enough = 1_000;
/** What a program may take, as for the command. */
const memory = 700_000_000;

const dialect: DialectOptions = {
  set: true,
  while: true,
  topLevelControl: true,
  globalReassign: true,
  recursion: true,
};
const predeclared = new Map<string, Value>([
  ["json", jsonModule],
  ["math", mathModule],
]);

const threadTimes = "/proc/thread-self/schedstat";

/** Milliseconds of processor time that the thread has taken. */
function processorTime(): number {
  try {
    return Number(readFileSync(threadTimes, "utf8").split(" ")[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

/** Called at each look at a flag. */
let onLook: (() => void) | undefined;
const load = Atomics.load.bind(Atomics);
Atomics.load = ((array: Int32Array, index: number) => {
  onLook?.();
  return load(array, index);
}) as typeof Atomics.load;

interface Outcome {
  readonly gap: number;
  readonly total: number;
  readonly end: string;
}

function runCase(parser: Parser, text: string): Outcome {
  const file = new SourceFile("case.star", text);
  const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Thread({ dialect, cancelFlag, budget: { memory }, print: () => {} });
  const start = processorTime();
  let last = start;
  let gap = 0;
  const look = () => {
    const now = processorTime();
    gap = Math.max(gap, now - last);
    last = now;
    if (now - start > enough) cancelFlag[0] = 1;
  };
  onLook = look;
  let end = "done";
  try {
    const program = thread.limit(() => {
      const { module, diagnostics } = parser.parse(text);
      const resolution = resolve(module, { dialect, file, isPredeclared: (name) => predeclared.has(name) });
      const faults = [...diagnostics, ...resolution.diagnostics];
      return faults.length > 0 ? undefined : compile(file, resolution, { recursion: true });
    });
    if (program === undefined) end = "static errors";
    else execute(program, thread, predeclared);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    end = error.reason ?? error.message.slice(0, 40);
  }
  look();
  onLook = undefined;
  return { gap, total: last - start, end };
}

/** One case, in this process: what it gives is printed as JSON. */
async function measure(name: string): Promise<void> {
  const parser = await createParser(readParserAssets());
  let best: Outcome | undefined;
  for (let run = 0; run < runs; run++) {
    const outcome = runCase(parser, cases[name] as string);
    if (best === undefined || outcome.gap < best.gap) best = outcome;
    if (outcome.gap < goal / 2) break;
  }
  console.log(JSON.stringify(best));
}

/** Each case has a process of its own: what one leaves behind is no other's burden. */
function main(pattern: RegExp): void {
  const rows = [];
  for (const name of Object.keys(cases).filter((each) => pattern.test(each))) {
    const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, __filename, "--case", name], {
      encoding: "utf8",
    });
    if (!stdout.startsWith("{")) {
      rows.push({ work: name, "longest time": "", "all of it": "", end: stderr.split("\n")[3] ?? "", goal: "CRASHED" });
      continue;
    }
    const { gap, total, end } = JSON.parse(stdout) as Outcome;
    console.error(`${name}: ${milliseconds(gap)}`);
    const verdict = gap < goal ? "met" : "MISSED";
    rows.push({
      work: name,
      "longest time": milliseconds(gap),
      "all of it": milliseconds(total),
      end,
      goal: verdict,
    });
  }
  printTable("Longest time between two looks at the flag that cancels, in processor time", rows);
}

if (process.argv[2] === "--case") void measure(process.argv[3] as string);
else main(new RegExp(process.argv[2] ?? ""));
