/** What lowering one top-level statement needs: the cursor in the tree, the text, and what it finds beside the nodes. */
import { N } from "@ocuroot/grammars";
import { pulse } from "../values/pulse.ts";
import type { Chunk, Comment } from "./ast.ts";
import type { NodeCursor } from "./nodeCursor.ts";

/**
 * How deep nodes may nest: what walks the tree must not exhaust the stack. It is a little more than the Go implementation
 * allows, as its count of what is in each other is not that of nodes; the recogniser counts as it does.
 */
const MAX_DEPTH = 1010;

/** As how many expressions in each other a statement in a block counts: a text may then have 400 or 1,000 blocks. */
export const FEW_BLOCKS = 2.5;
export const ALL_BLOCKS = 1;

/** From this depth on, the recogniser must say whether the Go implementation's own count goes beyond its limit. */
const SUSPECT_DEPTH = 50;

export class LowerContext {
  readonly comments: Comment[] = [];
  /** Set when the statement holds a form that the grammar accepts and Starlark may not. The recogniser will tell. */
  isSuspect = false;
  /** Set when the tree is damaged: the statement cannot be executed, whatever the recogniser says. */
  isDamaged = false;
  /** How deep the node being lowered is nested in its statement. */
  depth = 0;
  /** Where nodes nest too deeply, relative to the chunk; -1 when they do not. */
  tooDeepAt = -1;

  constructor(
    readonly cursor: NodeCursor,
    /** The file's text. */
    readonly text: string,
    readonly chunk: Chunk,
    /** Whether the tree may have nodes that stand for errors. */
    private readonly mayBeDamaged: boolean,
    /** `FEW_BLOCKS`, as a statement takes as much of the stack, or `ALL_BLOCKS`. */
    readonly statementDepth: number,
  ) {}

  /** Goes a level deeper; false when that is too deep. */
  enter(weight = 1): boolean {
    this.depth += weight;
    if (this.depth > SUSPECT_DEPTH) this.isSuspect = true;
    if (this.depth <= MAX_DEPTH) return true;
    this.isDamaged = true;
    if (this.tooDeepAt < 0) this.tooDeepAt = this.start;
    return false;
  }

  leave(weight = 1): void {
    this.depth -= weight;
  }

  /** Start of the cursor's node, relative to the chunk. */
  get start(): number {
    return this.cursor.startIndex - this.chunk.offset;
  }

  /** End of the cursor's node, relative to the chunk. */
  get end(): number {
    return this.cursor.endIndex - this.chunk.offset;
  }

  /** Text of the cursor's node. */
  get nodeText(): string {
    return this.text.slice(this.cursor.startIndex, this.cursor.endIndex);
  }

  /** Text between two offsets relative to the chunk. */
  slice(start: number, end: number): string {
    return this.text.slice(this.chunk.offset + start, this.chunk.offset + end);
  }

  /**
   * Calls `visit` with each child of the cursor's node that carries meaning, the cursor on it; `visit` must leave the cursor
   * there. Comments are collected, and tokens that stand for missing text noted, on the way.
   */
  eachChild(visit: (type: string) => void): void {
    const { cursor } = this;
    if (!cursor.gotoFirstChild()) return;
    do {
      pulse();
      const type = cursor.nodeType;
      if (type === N.comment) this.addComment();
      else {
        this.inspect(type);
        visit(type);
      }
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }

  /** Calls `visit` like `eachChild`, for named children only (which a field such as an operator is not). */
  eachNamedChild(visit: (type: string) => void): void {
    this.eachChild((type) => {
      if (this.cursor.nodeIsNamed) visit(type);
    });
  }

  addComment(): void {
    const { start, end, chunk } = this;
    this.comments.push({ kind: "Comment", chunk, start, end, text: this.nodeText });
  }

  /** Notes a token that stands for missing text. */
  inspect(type: string): void {
    const { cursor } = this;
    switch (type) {
      case N.error:
      case N.missingExpression:
      case N.missingIdentifier:
      case N.missingBlock:
      case N.missingIn:
      case N.badIndentation:
        this.isDamaged = true;
        break;
      case "(":
      case ")":
      case "[":
      case "]":
      case "{":
      case "}":
        // Of no width, or standing for another kind of bracket (`[1)`).
        if (this.text[cursor.startIndex] !== type || cursor.startIndex === cursor.endIndex) this.isDamaged = true;
        break;
      case ":":
      case N.stepColon:
      case ",":
        if (cursor.startIndex === cursor.endIndex) this.isDamaged = true;
        break;
      default:
        if (this.mayBeDamaged && cursor.nodeIsMissing) this.isDamaged = true;
    }
  }
}
