/** Cutting a ref into pieces with their places, before anyone says what the pieces mean. Offsets are 0-based UTF-16. */

/** What a piece of a ref is. `separator` is the `-` of `/-/`. */
export type RefRole = "repo" | "separator" | "path" | "release" | "kind" | "name" | "fragment";

/** One piece between slashes: `text.slice(start, end)` is what was written (a release's has its `@`). */
export interface RefSegment {
  readonly role: RefRole;
  readonly start: number;
  readonly end: number;
  /** What was written, without the `@` of a release. Empty where something may still be typed. */
  readonly text: string;
  /** Part of it is filled in when the program runs: `{}`, `{name}`, `%s`. */
  readonly hasHole: boolean;
}

/** Which placeholders a string may hold. */
export type TemplateStyle = "format" | "percent";

/** A piece before it has a role. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly hasHole: boolean;
}

export interface Pieces {
  readonly head: readonly Piece[];
  /** Undefined without a `#`. */
  readonly fragment: readonly Piece[] | undefined;
  /** Offset of the `#`, or the length of the text. */
  readonly hash: number;
}

const formatHole = /\{\{|\}\}|\{[^{}]*\}/g;
const percentHole = /%%|%(?:\([^)]*\))?[-+ #0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z]/g;

/** Cuts text at `#` and `/`; holes are never cut, nor looked into. */
export function cutPieces(text: string, template: TemplateStyle | undefined): Pieces {
  const holes = findHoles(text, template);
  const inHole = (offset: number) => holes.some((hole) => hole.start <= offset && offset < hole.end);
  let hash = text.indexOf("#");
  while (hash >= 0 && inHole(hash)) hash = text.indexOf("#", hash + 1);
  const headEnd = hash < 0 ? text.length : hash;

  const cut = (from: number, to: number): Piece[] => {
    const pieces: Piece[] = [];
    let start = from;
    for (let offset = from; offset <= to; offset++) {
      if (offset < to && (text[offset] !== "/" || inHole(offset))) continue;
      const hasHole = holes.some((hole) => hole.start < offset && hole.end > start);
      pieces.push({ text: text.slice(start, offset), start, end: offset, hasHole });
      start = offset + 1;
    }
    return pieces;
  };
  return { head: cut(0, headEnd), fragment: hash < 0 ? undefined : cut(hash + 1, text.length), hash: headEnd };
}

function findHoles(text: string, template: TemplateStyle | undefined): { start: number; end: number }[] {
  if (template === undefined) return [];
  const holes: { start: number; end: number }[] = [];
  for (const match of text.matchAll(template === "format" ? formatHole : percentHole)) {
    const isEscape = match[0] === "{{" || match[0] === "}}" || match[0] === "%%";
    if (!isEscape) holes.push({ start: match.index, end: match.index + match[0].length });
  }
  return holes;
}
