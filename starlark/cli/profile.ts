/**
 * `--profile`: where a program's time went. V8's own profiler looks at the compiled program a few thousand times a second
 * and counts its calls; here that is told in terms of the Starlark functions and lines.
 */
import type { Profiler, Session } from "node:inspector";
import type { Program } from "../src/index.ts";

/** A compiled function: where it starts in the JavaScript, and what it is in Starlark. */
interface CompiledFunction {
  readonly offset: number;
  readonly name: string;
  readonly place: string;
  calls: number;
  self: number;
  total: number;
}

interface CompiledFile {
  readonly program: Program;
  readonly functions: CompiledFunction[];
  /** Offset of each line's start. */
  readonly lineStarts: number[];
}

/** Microseconds between two looks. */
const interval = 200;

/** What `new Function` writes before the program: the interpreter's parameters are part of it. */
const header = "(function anonymous(runtime,codes,constants,universal,predeclared\n) {\n";
const urlPrefix = "starlark-profile:";

export class ProgramProfile {
  private readonly files: CompiledFile[] = [];
  private readonly lines = new Map<string, number>();
  private readonly session: Session;

  constructor() {
    // Loaded here: few runs need it.
    const { Session } = require("node:inspector") as typeof import("node:inspector");
    this.session = new Session();
    this.session.connect();
    this.session.post("Profiler.enable");
    this.session.post("Profiler.setSamplingInterval", { interval });
    this.session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    this.session.post("Profiler.start");
  }

  /** The program with a name by which the profiler will know it. */
  register(program: Program): Program {
    const source = `${program.source}\n//# sourceURL=${urlPrefix}${this.files.length}`;
    this.files.push({ program, functions: findFunctions(program), lineStarts: lineStartsOf(header + program.source) });
    return { ...program, source };
  }

  /** Ends the measurement and tells its result. */
  report(): string {
    this.session.post("Profiler.takePreciseCoverage", (error, coverage) => {
      if (!error) for (const script of coverage.result) this.countCalls(script);
    });
    this.session.post("Profiler.stop", (error, result) => {
      if (!error) this.addTimes(result.profile);
    });
    this.session.disconnect();
    return this.toText();
  }

  private countCalls({ url, functions }: Profiler.ScriptCoverage): void {
    const file = this.fileOf(url);
    for (const { ranges } of functions) {
      const [range] = ranges;
      const found = file?.functions.find(({ offset }) => offset === range?.startOffset);
      if (found && range) found.calls += range.count;
    }
  }

  private fileOf(url: string): CompiledFile | undefined {
    return url.startsWith(urlPrefix) ? this.files[Number(url.slice(urlPrefix.length))] : undefined;
  }

  private addTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): void {
    const times = new Map<number, number>();
    for (const [i, id] of samples.entries()) times.set(id, (times.get(id) ?? 0) + (timeDeltas[i] ?? 0));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const visit = (node: Profiler.ProfileNode, active: readonly CompiledFunction[]): void => {
      const own = this.functionOf(node.callFrame);
      const path = own && !active.includes(own) ? [...active, own] : active;
      const innermost = own ?? path.at(-1);
      const time = times.get(node.id) ?? 0;
      // What the interpreter and built-in functions do is done for the function that asked for it.
      if (innermost) innermost.self += time;
      for (const each of path) each.total += time;
      if (own) this.addLines(node, time);
      for (const child of node.children ?? [])
        visit(byId.get(child) as Profiler.ProfileNode, own ? moveLast(path, own) : path);
    };
    if (nodes[0]) visit(nodes[0], []);
  }

  private functionOf({
    url,
    lineNumber,
    columnNumber,
  }: Profiler.ProfileNode["callFrame"]): CompiledFunction | undefined {
    const file = this.fileOf(url);
    const offset = (file?.lineStarts[lineNumber] ?? Number.NaN) + columnNumber;
    return file?.functions.find((each) => each.offset === offset);
  }

  private addLines({ callFrame, positionTicks = [] }: Profiler.ProfileNode, time: number): void {
    const file = this.fileOf(callFrame.url);
    const ticks = positionTicks.reduce((sum, each) => sum + each.ticks, 0);
    for (const tick of positionTicks) {
      const place = file && placeOfLine(file, tick.line - 1);
      if (place) this.lines.set(place, (this.lines.get(place) ?? 0) + (time * tick.ticks) / ticks);
    }
  }

  private toText(): string {
    const functions = this.files
      .flatMap((file) => file.functions)
      .filter(({ calls, total }) => calls > 0 || total > 0)
      .sort((a, b) => b.self - a.self || b.calls - a.calls);
    const rows = functions.map(
      ({ calls, self, total, name, place }) =>
        `${String(calls).padStart(10)} ${milliseconds(self)} ${milliseconds(total)}  ${name}  ${place}`,
    );
    const lines = [...this.lines].sort(([, a], [, b]) => b - a).slice(0, 20);
    return [
      `${"calls".padStart(10)} ${"self ms".padStart(10)} ${"total ms".padStart(10)}  function`,
      ...rows,
      ...(lines.length > 0 ? ["", `${"ms".padStart(10)}  line, without what it calls`] : []),
      ...lines.map(([place, time]) => `${milliseconds(time)}  ${place}`),
    ].join("\n");
  }
}

/** The innermost Starlark function is the last of a path, also when it is active further out. */
function moveLast(path: readonly CompiledFunction[], last: CompiledFunction): readonly CompiledFunction[] {
  return path.at(-1) === last ? path : [...path.filter((each) => each !== last), last];
}

function milliseconds(microseconds: number): string {
  return (microseconds / 1000).toFixed(1).padStart(10);
}

/** Every compiled function starts by taking a frame for its code, which is numbered as the program's functions are. */
function findFunctions(program: Program): CompiledFunction[] {
  const found: CompiledFunction[] = [];
  for (const match of program.source.matchAll(/\(th(?:, [^()]*)?\) => \{[^\n]*?th\.enter\(c(\d+)\)/g)) {
    const info = program.functions[Number(match[1])];
    if (!info) continue;
    const place = `${program.filename}:${info.line}:${info.column}`;
    found.push({ offset: header.length + match.index, name: info.name, place, calls: 0, self: 0, total: 0 });
  }
  return found;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Where a line of JavaScript comes from: the first place that it, or one before it, names. */
function placeOfLine({ program, lineStarts }: CompiledFile, line: number): string | undefined {
  const text = header + program.source;
  for (let at = line; at > 1; at--) {
    const place = /\(fr, (\d+)[,)]|fr\.place = (\d+)/.exec(text.slice(lineStarts[at], lineStarts[at + 1]));
    const starlarkLine = place && program.places[2 * Number(place[1] ?? place[2])];
    if (starlarkLine) return `${program.filename}:${starlarkLine}`;
  }
  return undefined;
}
