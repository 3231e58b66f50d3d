/**
 * Finds what is wrong in the statements that lowering marked. Neighbouring ones are read together by the recogniser; the
 * words come from `explain`.
 */
import type { Diagnostic } from "../diagnostics.ts";
import type { Piece } from "./document.ts";
import { explain } from "./explain.ts";
import { recognise } from "./recognise.ts";
import { lineStartBefore } from "./scanText.ts";

/** Text to look into: from the start of a line that starts a top-level statement to the start of another, or past the end. */
interface Region {
  readonly start: number;
  readonly end: number;
  /** The tree is damaged there for certain. */
  readonly isDamaged: boolean;
  /** Where it nests too deeply; -1 when it does not. */
  readonly tooDeepAt: number;
}

/** `isBroken` tells that the tree has an error which is in none of the pieces. */
export function findDamage(text: string, pieces: readonly Piece[], isBroken: boolean): Diagnostic[] {
  // The grammar takes no notice of a backslash at the very end, nor of a byte order mark.
  const isWhole = isBroken || text.endsWith("\\") || text.startsWith("\ufeff");
  const whole = () => ({
    start: 0,
    end: text.length + 1,
    isDamaged: isBroken || pieces.some((piece) => piece.isDamaged),
    tooDeepAt: firstTooDeep(pieces),
  });
  const regions = isWhole ? [whole()] : findRegions(text, pieces);
  const found: Diagnostic[] = [];
  let isFirst = true;
  for (const region of regions) {
    const diagnostics = diagnose(text, region, isFirst);
    if (diagnostics.length > 0) isFirst = false;
    found.push(...diagnostics);
  }
  return found;
}

function findRegions(text: string, pieces: readonly Piece[]): Region[] {
  const regions: Region[] = [];
  for (let i = 0; i < pieces.length; i++) {
    if (!isMarked(pieces[i] as Piece)) continue;
    let first = i;
    // A statement may share its first line with the end of others, or be a part of the one before.
    while (first > 0 && !startsStatement(text, pieces[first] as Piece)) first--;
    let isDamaged = false;
    // Comments do not part what belongs together, and damaged text may end within a line.
    for (; i < pieces.length; i++) {
      const piece = pieces[i] as Piece;
      isDamaged ||= piece.isDamaged;
      const isSound = !isMarked(piece) && piece.statement !== undefined;
      if (isSound && startsLine(text, piece)) break;
    }
    const start = lineStartBefore(text, (pieces[first] as Piece).chunk.offset);
    const end = pieces[i]?.chunk.offset ?? text.length + 1;
    const last = regions.at(-1);
    if (last !== undefined && last.end > start) regions.pop();
    regions.push({
      start: Math.min(start, last !== undefined && last.end > start ? last.start : start),
      end,
      isDamaged,
      tooDeepAt: firstTooDeep(pieces.slice(first, i)),
    });
  }
  return regions;
}

function firstTooDeep(pieces: readonly Piece[]): number {
  const piece = pieces.find(({ tooDeepAt }) => tooDeepAt >= 0);
  return piece === undefined ? -1 : piece.chunk.offset + piece.tooDeepAt;
}

function isMarked(piece: Piece): boolean {
  return piece.isSuspect || piece.isDamaged;
}

function startsLine(text: string, piece: Piece): boolean {
  return piece.chunk.offset === lineStartBefore(text, piece.chunk.offset);
}

/** False for what can only be the continuation of something before: within a line, indented, or a further branch. */
function startsStatement(text: string, piece: Piece): boolean {
  const { offset } = piece.chunk;
  return startsLine(text, piece) && !/^(?:[ \t]|(?:elif|else|except|finally)\b)/.test(text.slice(offset, offset + 8));
}

function diagnose(text: string, { start, end, isDamaged, tooDeepAt }: Region, isFirst: boolean): Diagnostic[] {
  const faults = recognise(text, start, end, true).sort((a, b) => a.offset - b.offset);
  const diagnostics = onePerLine(
    text,
    faults.map((fault) => explain(fault, text)),
  );
  if (isFirst) addReference(text, end, diagnostics);
  if (diagnostics.length === 0 && isDamaged) {
    diagnostics.push(tooDeepAt >= 0 ? tooDeep(text, tooDeepAt) : unexplained(text, start, end));
  }
  return diagnostics;
}

/** The first fault of a line counts; those that were noticed after it are most likely its consequences. */
function onePerLine(text: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lines = new Map<number, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const line = lineStartBefore(text, diagnostic.span.start);
    if (!lines.has(line)) lines.set(line, diagnostic);
  }
  return [...lines.values()].sort((a, b) => a.span.start - b.span.start);
}

/**
 * The Go implementation reports one error only: the first diagnostic of the file carries exactly that one. Where a region
 * starts is a guess, so the file is read from its start, and only when somebody asks.
 */
function addReference(text: string, end: number, diagnostics: Diagnostic[]): void {
  const [first] = diagnostics;
  const read = () => recognise(text, 0, end, false)[0];
  if (first === undefined) {
    const fault = read();
    if (fault !== undefined) diagnostics.push(explain(fault, text));
    return;
  }
  let found: Diagnostic["reference"];
  diagnostics[0] = {
    ...first,
    get reference() {
      if (found === undefined) {
        const fault = read();
        found = fault === undefined ? first.reference : { message: fault.message, offset: fault.offset };
      }
      return found;
    },
  };
}

/** What is in each other in another way than the Go implementation counts it. */
function tooDeep(text: string, offset: number): Diagnostic {
  const fault = { message: "excessive nesting", offset, start: offset, end: offset + 1, rule: "too-deep" };
  return explain(fault, text);
}

function unexplained(text: string, start: number, end: number): Diagnostic {
  const lineEnd = /[\r\n]|$/.exec(text.slice(start, end))?.index ?? 0;
  return {
    code: "syntax/error",
    severity: "error",
    span: { start, end: start + lineEnd },
    message: "This is not Starlark.",
    reference: { message: "invalid syntax", offset: start },
  };
}
