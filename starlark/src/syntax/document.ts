/**
 * A file's text, its tree and the lowered statements. After an edit only the statements whose nodes the parser made anew
 * are lowered again; the others keep their nodes, and only their chunks move.
 */
import { N } from "@ocuroot/grammars";
import { Edit, type Node, type Point, type Range, type Tree, type Parser as TreeParser } from "web-tree-sitter";
import type { Diagnostic } from "../diagnostics.ts";
import { isWatched, pulseFor } from "../values/pulse.ts";
import type { Chunk, Comment, Module, Statement } from "./ast.ts";
import { findDamage } from "./damage.ts";
import { FEW_BLOCKS, LowerContext } from "./lowerContext.ts";
import { lowerStatement } from "./lowerStatements.ts";
import { cursorAtRoot, type NodeCursor, type RuntimeExports } from "./nodeCursor.ts";
import { findStringEnd } from "./scanText.ts";
import type { SyntaxDocument, SyntaxResult, TextChange } from "./syntax.ts";

/** One child of the tree's root, lowered. */
export interface Piece {
  readonly chunk: Chunk;
  /** Its length in the text. */
  readonly length: number;
  readonly statement: Statement | undefined;
  readonly comments: readonly Comment[];
  /** See `LowerContext`. */
  readonly isSuspect: boolean;
  readonly isDamaged: boolean;
  /** Where its nodes nest too deeply, relative to the chunk; -1 when they do not. */
  readonly tooDeepAt: number;
  /** How many nodes it was lowered from. */
  nodeCount: number;
}

export class Document implements SyntaxDocument {
  #parser: TreeParser;
  #runtime: RuntimeExports | undefined;
  #tree: Tree;
  #text: string;
  #pieces: readonly Piece[];
  #syntax: SyntaxResult;
  #statementDepth: number;

  /** For `statementDepth` see `LowerContext`. */
  constructor(parser: TreeParser, text: string, runtime: RuntimeExports | undefined, statementDepth = FEW_BLOCKS) {
    this.#statementDepth = statementDepth;
    this.#parser = parser;
    this.#runtime = runtime;
    this.#text = text;
    const program = programIn(text);
    this.#tree = parse(parser, program);
    try {
      this.#pieces = lowerPieces(this.#tree, this.#runtime, program, [], this.#statementDepth);
      this.#syntax = assemble(program, this.#pieces, this.#tree);
    } catch (error) {
      this.#tree.delete();
      throw error;
    }
  }

  get text(): string {
    return this.#text;
  }

  get syntax(): SyntaxResult {
    return this.#syntax;
  }

  edit(changes: readonly TextChange[]): void {
    if (changes.length === 0) return;
    if (this.#text.includes("\0") || changes.some(({ text }) => text.includes("\0"))) {
      this.#readAnew(changes);
      return;
    }
    let kept = this.#pieces;
    for (const change of changes) {
      const edit = editOf(this.#text, change);
      this.#text = this.#text.slice(0, edit.startIndex) + change.text + this.#text.slice(edit.oldEndIndex);
      this.#tree.edit(edit);
      kept = keepUntouched(kept, edit);
    }
    const old = this.#tree;
    this.#tree = parseEdited(this.#parser, this.#text, old);
    kept = keepOutside(kept, old.getChangedRanges(this.#tree));
    old.delete();
    this.#pieces = lowerPieces(this.#tree, this.#runtime, this.#text, kept, this.#statementDepth);
    this.#syntax = assemble(this.#text, this.#pieces, this.#tree);
  }

  /** Text with a NUL, which hides what follows it, is not worth more. */
  #readAnew(changes: readonly TextChange[]): void {
    for (const change of changes) {
      const { startIndex, oldEndIndex } = editOf(this.#text, change);
      this.#text = this.#text.slice(0, startIndex) + change.text + this.#text.slice(oldEndIndex);
    }
    this.#tree.delete();
    const program = programIn(this.#text);
    this.#tree = parse(this.#parser, program);
    this.#pieces = lowerPieces(this.#tree, this.#runtime, program, [], this.#statementDepth);
    this.#syntax = assemble(program, this.#pieces, this.#tree);
  }

  dispose(): void {
    this.#tree.delete();
  }
}

/** The text up to a NUL, which the Go implementation takes for the end of the file unless it is in a string. */
function programIn(text: string): string {
  if (!text.includes("\0")) return text;
  const pattern = /\0|["']|#[^\r\n\0]*/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === "\0") return text.slice(0, match.index);
    if (match[0][0] !== "#") pattern.lastIndex = findStringEnd(text, match.index).offset;
  }
  return text;
}

/**
 * Text handed over at once, in UTF-16 units. All of it is copied, and the parser asks anew at the start of each line whose
 * indentation it looks at.
 */
const handful = 256;

function parse(parser: TreeParser, text: string, old?: Tree): Tree {
  let reason: unknown;
  const look = () => {
    try {
      pulseFor(stepsBetweenLooks);
      return false;
    } catch (error) {
      reason = error;
      return true;
    }
  };
  const options = isWatched() ? { progressCallback: look } : undefined;
  const tree = parser.parse((index) => text.slice(index, index + handful), old, options);
  if (tree !== null) return tree;
  parser.reset(); // Else it would go on where it has stopped, with the next text.
  throw reason ?? new Error("the parser has no language");
}

/** After so many steps of its own the parser asks whether it is to go on. */
const stepsBetweenLooks = 100;

/**
 * Where the grammar has no place for damage, what the parser makes of it depends on the tree that it had. So the damaged text
 * is read anew, with at least a sound line behind it; what follows that line may come from the tree that there was. All of it
 * is as without one if the new tree's damage, too, ends before such a line: the parser takes nothing over while it weighs
 * several readings, so when it began to do so it had one, and was not in the middle of an error, or that error would show.
 * Otherwise all is read anew from the damage on.
 */
function parseEdited(parser: TreeParser, text: string, old: Tree): Tree {
  const tree = parse(parser, text, old);
  if (!tree.rootNode.hasError) return tree;
  const damage = damageIn(tree, text);
  if (damage.next < text.length) {
    const again = parseAgain(parser, text, tree, damage.inside, damage.next);
    if (!again.rootNode.hasError || isBefore(damageIn(again, text), damage)) return again;
    return parseAgain(parser, text, again, Math.min(damage.start, damageIn(again, text).start), text.length);
  }
  return parseAgain(parser, text, tree, damage.start, text.length);
}

/** Reads the text between two offsets anew, and gives up the tree that there was. */
function parseAgain(parser: TreeParser, text: string, tree: Tree, start: number, end: number): Tree {
  tree.edit(changeWithin(text, start, end));
  const again = parse(parser, text, tree);
  tree.delete();
  return again;
}

interface DamagedText {
  /** Where the statement before the first damaged one starts: an error may take that in, too. */
  readonly start: number;
  /** In the first damaged statement: in front of it stands what ends the block before it, which is to stay as it is. */
  readonly inside: number;
  /** Where the last error ends. */
  readonly end: number;
  /**
   * In the first word of an indented line, with a whole line before it that is sound. Not where a block or a bracket ends: the
   * parser would not find its place in the tree that there was. The text's length where there is none.
   */
  readonly next: number;
}

function damageIn({ rootNode }: Tree, text: string): DamagedText {
  const { children } = rootNode;
  const first = children.findIndex(({ hasError }) => hasError);
  const last = children.findLastIndex(({ hasError }) => hasError);
  const start = children[first - 2]?.endIndex ?? 0;
  const none = { start, inside: start, end: text.length, next: text.length };
  // An error that is the root itself has pieces of statements below it.
  if (rootNode.isError || first < 0) return { ...none, start: 0, inside: 0 };
  const end = endOfDamage(children[last] as Node);
  const inside = Math.min((children[first] as Node).startIndex + 2, end);
  return { start, inside, end, next: placeBehind(text, end) };
}

/** Where the last error in a damaged node ends. */
function endOfDamage(damaged: Node): number {
  // Not by recursion: brackets may nest as deep as the text is long.
  for (let node = damaged; ; ) {
    const inner = node.isError ? undefined : node.children.findLast(({ hasError }) => hasError);
    if (inner === undefined) return node.endIndex;
    node = inner;
  }
}

function placeBehind(text: string, offset: number): number {
  const line = /\n[ \t\r]*[^\s#][^\n]*\n/g;
  line.lastIndex = offset;
  if (line.exec(text) === null) return text.length;
  const place = /^[ \t]+[A-Za-z_](?=\w)/gm;
  place.lastIndex = line.lastIndex;
  return place.exec(text) === null ? text.length : place.lastIndex;
}

function isBefore(damage: DamagedText, { inside, next }: DamagedText): boolean {
  return damage.inside >= inside && damage.next <= next;
}

/** As if the text between two offsets had been replaced by what is there. */
function changeWithin(text: string, start: number, end: number): Edit {
  const startPosition = pointAt(text, start, { row: 0, column: 0 });
  const last = Math.min(end, text.length);
  const endPosition = pointAt(text.slice(start, last), last - start, startPosition);
  return new Edit({
    startIndex: start,
    oldEndIndex: last,
    newEndIndex: last,
    startPosition,
    oldEndPosition: endPosition,
    newEndPosition: endPosition,
  });
}

function editOf(text: string, change: TextChange): Edit {
  const startIndex = Math.max(0, Math.min(change.span.start, text.length));
  const oldEndIndex = Math.max(startIndex, Math.min(change.span.end, text.length));
  const newEndIndex = startIndex + change.text.length;
  const startPosition = pointAt(text, startIndex, { row: 0, column: 0 });
  return new Edit({
    startIndex,
    oldEndIndex,
    newEndIndex,
    startPosition,
    oldEndPosition: pointAt(text.slice(startIndex, oldEndIndex), oldEndIndex - startIndex, startPosition),
    newEndPosition: pointAt(change.text, change.text.length, startPosition),
  });
}

/** Row and column of an offset; the text starts at `from`. The tree counts `\n` only. */
function pointAt(text: string, offset: number, from: Point): Point {
  let { row, column } = from;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    row++;
    column = 0;
    lineStart = at + 1;
  }
  return { row, column: column + offset - lineStart };
}

/** The pieces that an edit neither changed nor touched, moved to where they stand after it. */
function keepUntouched(pieces: readonly Piece[], edit: Edit): Piece[] {
  const kept: Piece[] = [];
  for (const piece of pieces) {
    const { chunk, length } = piece;
    if (chunk.offset > edit.oldEndIndex) chunk.offset += edit.newEndIndex - edit.oldEndIndex;
    else if (chunk.offset + length >= edit.startIndex) continue;
    kept.push(piece);
  }
  return kept;
}

/** The pieces that lie outside of the ranges in which the parser found another structure. */
function keepOutside(pieces: readonly Piece[], ranges: readonly Range[]): readonly Piece[] {
  if (ranges.length === 0) return pieces;
  return pieces.filter(
    ({ chunk, length }) =>
      !ranges.some((range) => chunk.offset <= range.endIndex && chunk.offset + length >= range.startIndex),
  );
}

/** Lowers the root's children. Those that `kept` holds, in the same place and sound, are taken from there. */
function lowerPieces(
  tree: Tree,
  runtime: RuntimeExports | undefined,
  text: string,
  kept: readonly Piece[],
  statementDepth: number,
): readonly Piece[] {
  const known = new Map<number, Piece>();
  for (const piece of kept) {
    if (!piece.isSuspect && !piece.isDamaged) known.set(piece.chunk.offset, piece);
  }
  const pieces: Piece[] = [];
  const damage = damageOf(tree);
  const nodeCount = tree.rootNode.descendantCount;
  const cursor = cursorAtRoot(tree, runtime);
  try {
    let hasMore = cursor.gotoFirstChild();
    for (let i = 0; hasMore; i++) {
      const start = cursor.startIndex;
      const length = cursor.endIndex - start;
      const index = cursor.currentDescendantIndex;
      const reused = known.get(start);
      // In a damaged tree, what stands for missing text may come or go without changing any range.
      const isSame = damage === undefined || damage[i]?.nodeCount === reused?.nodeCount;
      let lowered: Piece | undefined;
      if (reused !== undefined && reused.length === length && isSame) pieces.push(reused);
      else if (cursor.nodeType !== ";") lowered = lowerPiece(cursor, text, start, length, statementDepth, damage?.[i]);
      hasMore = cursor.gotoNextSibling();
      if (lowered === undefined) continue;
      lowered.nodeCount = (hasMore ? cursor.currentDescendantIndex : nodeCount) - index;
      pieces.push(lowered);
    }
  } finally {
    cursor.delete();
  }
  return pieces;
}

/** Of each child of a damaged tree's root, whether it is damaged, and how many nodes it has. */
function damageOf({ rootNode }: Tree): readonly NodeDamage[] | undefined {
  if (!rootNode.hasError) return undefined;
  return rootNode.children.map(({ hasError, descendantCount }) => ({ hasError, nodeCount: descendantCount }));
}

interface NodeDamage {
  readonly hasError: boolean;
  readonly nodeCount: number;
}

/** `damage` is there when the tree is damaged. */
function lowerPiece(
  cursor: NodeCursor,
  text: string,
  start: number,
  length: number,
  statementDepth: number,
  damage?: NodeDamage,
): Piece {
  const chunk = { offset: start };
  const context = new LowerContext(cursor, text, chunk, damage !== undefined, statementDepth);
  const type = cursor.nodeType;
  let statement: Statement | undefined;
  if (type === N.comment) context.addComment();
  else if (type === N.badIndentation) context.isDamaged = true;
  else statement = lowerStatement(context);
  // A line end that the parser supplied is no node that lowering could meet.
  if (damage?.hasError) context.isDamaged = true;
  const { comments, isSuspect, isDamaged, tooDeepAt } = context;
  return { chunk, length, statement, comments, isSuspect, isDamaged, tooDeepAt, nodeCount: 0 };
}

function assemble(text: string, pieces: readonly Piece[], tree: Tree): SyntaxResult {
  const statements: Statement[] = [];
  const comments: Comment[] = [];
  for (const piece of pieces) {
    if (piece.statement !== undefined) statements.push(piece.statement);
    for (const comment of piece.comments) comments.push(comment);
  }
  const module: Module = { kind: "Module", statements, comments };
  const isBroken = tree.rootNode.hasError && !pieces.some(({ isDamaged }) => isDamaged);
  const diagnostics: readonly Diagnostic[] = findDamage(text, pieces, isBroken);
  return { module, diagnostics };
}
