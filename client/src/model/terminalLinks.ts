/** A link found in a line of terminal output; offsets are UTF-16 units in the line. */
export type FoundLink =
  | ({ readonly kind: "position"; readonly start: number; readonly length: number; readonly file: string } & Position)
  | { readonly kind: "ref"; readonly start: number; readonly length: number; readonly ref: string };

/** 1-based, as printed. */
interface Position {
  readonly line: number;
  readonly column: number;
}

const positionPattern = /(?<![\w./@-])((?:[A-Za-z]:[\\/])?[\w./\\+-]*[\w+-]\.star):(\d+)(?::(\d+))?/g;
const refKinds = "task|call|deploy|custom|environment|commit|push|op";
const refPattern = new RegExp(
  // A package file with a release, or a global ref: what the command line prints.
  `(?<![\\w./@-])(?:(?:[\\w.-]+(?:/[\\w.-]+)*/-/)?(?:[\\w.+-]+/)*[\\w.+-]+\\.star/@[\\w.-]*|@)(?:/(?:${refKinds})(?:/[\\w.+-]+)*)?`,
  "g",
);

/** Positions in Starlark files and refs that a line of output names. */
export function findTerminalLinks(line: string): FoundLink[] {
  const links: FoundLink[] = [];
  for (const match of line.matchAll(positionPattern)) {
    const [text, file, row, column] = match;
    const position = { line: Number(row), column: Number(column ?? 1) };
    links.push({ kind: "position", start: match.index, length: text.length, file: file!, ...position });
  }
  for (const match of line.matchAll(refPattern)) {
    const ref = match[0].replace(/[.]+$/, "");
    if (ref === "@" || ref.endsWith("/@")) continue;
    links.push({ kind: "ref", start: match.index, length: ref.length, ref });
  }
  return links.sort((a, b) => a.start - b.start);
}
