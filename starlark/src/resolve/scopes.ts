import type { Comprehension, DefStatement, Identifier, LambdaExpression, PlacedNode } from "../syntax/ast.ts";
import type { Binding, FunctionScope, ScopeKind } from "./resolution.ts";

export class MutableBinding implements Binding {
  readonly definitions: Identifier[] = [];
  readonly uses: Identifier[] = [];
  isCaptured = false;
  /** Whether any use reads it other than to add to it (`x += 1`). */
  isRead = false;

  constructor(
    readonly name: string,
    readonly scope: ScopeKind,
    readonly owner: MutableFunctionScope | undefined,
    readonly role: Binding["role"],
  ) {}
}

export class MutableFunctionScope implements FunctionScope {
  readonly locals: MutableBinding[] = [];
  readonly freeVariables: MutableBinding[] = [];

  constructor(
    readonly node: DefStatement | LambdaExpression | undefined,
    readonly parent: MutableFunctionScope | undefined,
  ) {}
}

/** A name that a top-level statement uses and that is bound outside of it, or nowhere. */
export class FreeName {
  /** In the order in which they were looked up. */
  readonly uses: Identifier[] = [];
  /** The first use in a function or comprehension. */
  firstInside: Identifier | undefined;
  /** Used by a function. */
  isCaptured = false;

  constructor(readonly name: string) {}
}

/** A name that is used, and the innermost block around it. */
export interface Use {
  readonly id: Identifier;
  readonly block: Block;
}

/** A part of a statement with names of its own: the statement as part of the file, a function, or a comprehension. */
export class Block {
  readonly children: Block[] = [];
  readonly variables: MutableBinding[] = [];
  /** Names bound here and, once they have been looked up, names used here. Undefined: looked up in vain. */
  readonly names = new Map<string, MutableBinding | FreeName | undefined>();
  uses: Use[] = [];

  constructor(
    readonly parent: Block | undefined,
    /** The function that it belongs to. */
    readonly owner: MutableFunctionScope,
    /** Undefined for the file. */
    readonly node: DefStatement | LambdaExpression | Comprehension | undefined,
  ) {
    parent?.children.push(this);
  }

  get isFunction(): boolean {
    return this.node !== undefined && this.node.kind !== "Comprehension";
  }

  /** The block of the function (or the file) around. */
  get container(): Block {
    let block: Block = this;
    while (block.parent && !block.isFunction) block = block.parent;
    return block;
  }

  /** Where its names can be used. */
  contains(offset: number): boolean {
    if (!this.node) return true;
    const start = this.node.chunk.offset + this.node.start;
    return offset >= start && offset <= start + (this.node.end - this.node.start);
  }
}

export function startOf(node: PlacedNode): number {
  return node.chunk.offset + node.start;
}
