/** Text of one file and its lines. Offsets are 0-based UTF-16 code units, lines and columns of errors count from 1. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in Unicode code points, as the Go implementation counts. */
  readonly column: number;
}

/** A range in the file, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file's name (as errors print it) and text, with offsets to lines on demand. */
export class SourceFile {
  #lineStarts: number[] | undefined;

  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  /** Offsets at which lines start; the first is 0. `\n`, `\r\n` and a lone `\r` end a line. */
  get lineStarts(): readonly number[] {
    this.#lineStarts ??= findLineStarts(this.text);
    return this.#lineStarts;
  }

  /** 0-based line that holds the offset; offsets past the end are on the last line. */
  lineAt(offset: number): number {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const line = this.lineAt(offset);
    const start = this.lineStarts[line] as number;
    return { line: line + 1, column: countCodePoints(this.text, start, Math.min(offset, this.text.length)) + 1 };
  }

  /** The line's text without its end. `line` is 0-based. */
  lineText(line: number): string {
    const start = this.lineStarts[line];
    if (start === undefined) return "";
    const next = this.lineStarts[line + 1] ?? this.text.length;
    return this.text.slice(start, next).replace(/[\r\n]+$/, "");
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 10 || (char === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function countCodePoints(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    const char = text.charCodeAt(i);
    if (char < 0xdc00 || char > 0xdfff) count++;
  }
  return count;
}
