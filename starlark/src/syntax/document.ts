/**
 * A file's text, its tree and the lowered statements. After an edit only the statements whose nodes the parser made anew
 * are lowered again; the others keep their nodes, and only their chunks move.
 */
import { N } from "@ocuroot/grammars";
import { Edit, type Point, type Range, type Tree, type Parser as TreeParser } from "web-tree-sitter";
import type { Diagnostic } from "../diagnostics.ts";
import type { Chunk, Comment, Module, Statement } from "./ast.ts";
import { findDamage } from "./damage.ts";
import { LowerContext } from "./lowerContext.ts";
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

  constructor(parser: TreeParser, text: string, runtime: RuntimeExports | undefined) {
    this.#parser = parser;
    this.#runtime = runtime;
    this.#text = text;
    const program = programIn(text);
    this.#tree = parse(parser, program);
    this.#pieces = lowerPieces(this.#tree, this.#runtime, program, []);
    this.#syntax = assemble(program, this.#pieces, this.#tree);
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
    this.#pieces = lowerPieces(this.#tree, this.#runtime, this.#text, kept);
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
    this.#pieces = lowerPieces(this.#tree, this.#runtime, program, []);
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
  const tree = parser.parse((index) => text.slice(index, index + handful), old);
  if (tree === null) throw new Error("the parser has no language, or was cancelled: neither can happen here");
  return tree;
}

/**
 * Where the grammar has no place for damage, what the parser makes of it depends on the tree it had. Then it has only what
 * stands before the damage.
 */
function parseEdited(parser: TreeParser, text: string, old: Tree): Tree {
  const tree = parse(parser, text, old);
  if (!tree.rootNode.hasError) return tree;
  tree.edit(changeFrom(startOfDamage(tree), text));
  const again = parse(parser, text, tree);
  tree.delete();
  return again;
}

/** Where the statement before the first damaged one starts: an error may take that in, too. */
function startOfDamage({ rootNode }: Tree): number {
  const { children } = rootNode;
  const first = children.findIndex(({ hasError }) => hasError);
  return children[first - 2]?.endIndex ?? 0;
}

/** As if all text from an offset on had been replaced by what is there. */
function changeFrom(offset: number, text: string): Edit {
  const start = pointAt(text, offset, { row: 0, column: 0 });
  const end = pointAt(text.slice(offset), text.length - offset, start);
  return new Edit({
    startIndex: offset,
    oldEndIndex: text.length,
    newEndIndex: text.length,
    startPosition: start,
    oldEndPosition: end,
    newEndPosition: end,
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
      else if (cursor.nodeType !== ";") lowered = lowerPiece(cursor, text, start, length, damage?.[i]);
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
function lowerPiece(cursor: NodeCursor, text: string, start: number, length: number, damage?: NodeDamage): Piece {
  const chunk = { offset: start };
  const context = new LowerContext(cursor, text, chunk, damage !== undefined);
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
