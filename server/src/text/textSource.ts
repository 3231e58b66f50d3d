import { SourceFile, type Span } from "@ocuroot/starlark";

/** How the columns of LSP positions are counted: in UTF-8 bytes, UTF-16 units or code points. */
export type PositionEncoding = "utf-8" | "utf-16" | "utf-32";

/** A column that was counted, from which the next one on the same line is counted on. */
interface Mark {
  readonly line: number;
  readonly offset: number;
  readonly column: number;
}

/** A text whose positions go over the wire. An edit gives a new one and costs little more than its own lines. */
export class TextSource extends SourceFile {
  #starts: readonly number[] | undefined;
  #mark: Mark = { line: -1, offset: 0, column: 0 };

  constructor(
    name: string,
    text: string,
    readonly encoding: PositionEncoding,
    starts?: readonly number[],
  ) {
    super(name, text);
    this.#starts = starts;
  }

  override get lineStarts(): readonly number[] {
    this.#starts ??= super.lineStarts;
    return this.#starts;
  }

  /** The text after a replacement. */
  edited(span: Span, inserted: string): TextSource {
    const text = this.text.slice(0, span.start) + inserted + this.text.slice(span.end);
    return new TextSource(this.name, text, this.encoding, movedStarts(this.lineStarts, span, inserted, text));
  }

  /** The column of an offset on a line, as the encoding counts it. */
  columnAt(line: number, offset: number): number {
    const start = this.lineStarts[line] ?? 0;
    if (this.encoding === "utf-16") return offset - start;
    const mark = this.#mark.line === line && this.#mark.offset <= offset ? this.#mark : { offset: start, column: 0 };
    let { column } = mark;
    for (let at = mark.offset; at < offset; ) {
      const point = this.text.codePointAt(at) ?? 0;
      column += widthOf(point, this.encoding);
      at += point > 0xffff ? 2 : 1;
    }
    this.#mark = { line, offset, column };
    return column;
  }

  /** The offset of a column on a line that ends at `end`; a column within a character is the character's beginning. */
  offsetOfColumn(line: number, column: number, end: number): number {
    const start = this.lineStarts[line] ?? 0;
    if (this.encoding === "utf-16") return Math.min(start + column, end);
    let offset = start;
    for (let left = column; offset < end; ) {
      const point = this.text.codePointAt(offset) ?? 0;
      left -= widthOf(point, this.encoding);
      if (left < 0) break;
      offset += point > 0xffff ? 2 : 1;
    }
    return Math.min(offset, end);
  }
}

function widthOf(point: number, encoding: PositionEncoding): number {
  if (encoding === "utf-32") return 1;
  // Half of a surrogate pair is sent as U+FFFD, which is three bytes.
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/**
 * Where lines start after an edit. A start is made by the characters on both sides of it, so those right at the edit's
 * borders are looked for again: an edit may split a `\r\n` or make one.
 */
function movedStarts(starts: readonly number[], span: Span, inserted: string, text: string): readonly number[] {
  const end = span.start + inserted.length;
  const shift = inserted.length - (span.end - span.start);
  const moved: number[] = [0];
  let index = 1;
  for (; index < starts.length && (starts[index] as number) < span.start; index++) moved.push(starts[index] as number);
  for (let at = Math.max(0, span.start - 1); at < end; at++) {
    const char = text.charCodeAt(at);
    if (char === 10 || (char === 13 && text.charCodeAt(at + 1) !== 10)) moved.push(at + 1);
  }
  while (index < starts.length && (starts[index] as number) <= span.end) index++;
  for (; index < starts.length; index++) moved.push((starts[index] as number) + shift);
  return moved;
}

/** The smallest replacement that makes one text of another. */
export function differenceOf(before: string, after: string): { readonly span: Span; readonly text: string } {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < limit - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  ) {
    same++;
  }
  return { span: { start, end: before.length - same }, text: after.slice(start, after.length - same) };
}
