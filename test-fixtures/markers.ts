/**
 * Reads marked source text for tests. `$0` is the cursor; `#^^^` comment lines mark ranges of the line above them, with
 * an optional word behind:
 *
 *     call(build)
 *     #    ^^^^^ function
 *
 * Markers are taken out of the text. A text without the marker that is asked for fails the test.
 */
export interface MarkedRange {
  readonly start: number;
  readonly end: number;
  /** What stands behind the carets. */
  readonly label: string;
}

export interface Marked {
  readonly text: string;
  /** Offset of `$0`; reading it fails when there is none. */
  readonly cursor: number;
  readonly ranges: readonly MarkedRange[];
}

export function readMarked(marked: string): Marked {
  const lines: string[] = [];
  const ranges: MarkedRange[] = [];
  let length = 0;
  let above = 0;
  for (const line of marked.split("\n")) {
    const match = /^(\s*#\s*)(\^+)(?:\s+(.*))?$/.exec(line);
    if (match === null) {
      above = length;
      length += line.length + 1;
      lines.push(line);
      continue;
    }
    const [, before = "", carets = "", label = ""] = match;
    ranges.push({ start: above + before.length, end: above + before.length + carets.length, label });
  }
  const joined = lines.join("\n");
  const at = joined.indexOf("$0");
  const text = at < 0 ? joined : joined.slice(0, at) + joined.slice(at + 2);
  const shift = (offset: number): number => (at >= 0 && offset > at ? offset - 2 : offset);
  return {
    text,
    ranges: ranges.map((each) => ({ ...each, start: shift(each.start), end: shift(each.end) })),
    get cursor() {
      if (at < 0) throw new Error("The marked text has no $0.");
      return at;
    },
  };
}
