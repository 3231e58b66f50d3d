/** Errors for people: one sentence, then the Starlark stack with the code at its end. */
import type { Colors } from "picocolors/types.js";
import type { PackageProblem, SourcePosition } from "../model/package.ts";
import { codeExcerpt } from "./excerpt.ts";
import { fit } from "./text.ts";

/** How places in files of the repository are shown and read. */
export interface Places {
  /** As a terminal can open it: relative to the current folder. */
  shown(file: string): string;
  /** Where it can be read. */
  path(file: string): string;
  /** Columns of the terminal on which code is shown; undefined where lines may be of any length. */
  readonly columns?: number;
  /** The text of what is no file on disk. */
  text?(file: string): string | undefined;
}

export interface FailureText {
  readonly message: string;
  /** Where the error is; the innermost frame of the stack if absent. */
  readonly position?: SourcePosition;
  readonly stack?: PackageProblem["stack"];
}

/** `file:line:col in fn: message` with the code below; calls that led there stand before, outermost first. */
export function failureLines(failure: FailureText, places: Places, colors: Colors): string[] {
  const stack = failure.stack ?? [];
  const inner = stack.at(-1);
  const position = failure.position ?? inner;
  const outer = position && inner && samePlace(position, inner) ? stack.slice(0, -1) : stack;
  const calls = outer.map((frame) => colors.dim(`${shownPlace(frame, places)} in ${frame.functionName}`));
  const [first = "", ...rest] = failure.message.split("\n");
  if (!position) return [...calls, first, ...rest];
  const where = colors.bold(shownPlace(position, places));
  const fn =
    inner && samePlace(position, inner) && inner.functionName !== "<toplevel>" ? ` in ${inner.functionName}` : "";
  const excerpt = codeExcerpt({
    ...position,
    path: places.path(position.file),
    text: places.text?.(position.file),
  });
  const { columns } = places;
  // A line that wraps would put the marks under something else. Whoever shows this may indent it by two.
  const cut = (line: string) => (columns === undefined ? line : fit(line, Math.max(20, columns - 2)));
  return [...calls, `${where}${fn}: ${first}`, ...excerpt.map((line) => colors.dim(cut(line))), ...rest];
}

/** `file:line:col`. */
function shownPlace(position: SourcePosition, places: Places): string {
  return `${places.shown(position.file)}:${position.line}:${position.column}`;
}

function samePlace(a: SourcePosition, b: SourcePosition): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** A problem of a package file, with the places that explain it. */
export function problemLines(problem: PackageProblem, places: Places, colors: Colors): string[] {
  const word = problem.severity === "error" ? colors.red("error") : colors.yellow(problem.severity);
  const [first = "", ...rest] = failureLines({ ...problem, message: `${word}: ${problem.message}` }, places, colors);
  const related = (problem.related ?? []).map(({ message, position }) =>
    position ? `  ${shownPlace(position, places)}: ${message}` : `  ${message}`,
  );
  return [first, ...rest, ...related];
}
