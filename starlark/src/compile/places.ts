import type { Position, SourceFile } from "../source.ts";

/**
 * Finds lines and columns of offsets that mostly lie near each other: it counts from the offset before, so that a
 * long line, such as a data table, costs no more than a short one.
 */
export class PositionFinder {
  private offset = 0;
  private line = 0;
  private column = 1;

  constructor(private readonly file: SourceFile) {}

  positionAt(offset: number): Position {
    const line = this.file.lineAt(offset);
    const start = this.file.lineStarts[line] as number;
    if (line !== this.line || Math.abs(offset - this.offset) > offset - start) {
      this.line = line;
      this.offset = start;
      this.column = 1;
    }
    const { text } = this.file;
    const end = Math.min(offset, text.length);
    for (; this.offset < end; this.offset++) if (isCodePointStart(text, this.offset)) this.column++;
    while (this.offset > end) if (isCodePointStart(text, --this.offset)) this.column--;
    return { line: line + 1, column: this.column };
  }
}

function isCodePointStart(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code < 0xdc00 || code > 0xdfff;
}
