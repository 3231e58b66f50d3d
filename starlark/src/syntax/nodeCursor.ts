/**
 * A cursor in a tree that asks the WebAssembly runtime without copying itself there and back: lowering asks for a few
 * things of each node, and the copying took longer than all else. The runtime keeps the cursor it works on in a buffer of
 * its own, and there it stays, as long as nothing else of the runtime that uses the buffer is called.
 */
import type { Language, Tree, TreeCursor } from "web-tree-sitter";

/** What lowering needs of a cursor. */
export type NodeCursor = Pick<
  TreeCursor,
  | "nodeType"
  | "nodeIsNamed"
  | "nodeIsMissing"
  | "startIndex"
  | "endIndex"
  | "currentFieldName"
  | "currentDescendantIndex"
  | "gotoFirstChild"
  | "gotoNextSibling"
  | "gotoParent"
  | "delete"
>;

type Ask = (tree: number) => number;

/** Functions of the runtime. Each takes the tree's address and finds the cursor in the buffer. */
export interface RuntimeExports {
  readonly ts_tree_root_node_wasm: Ask;
  readonly ts_tree_cursor_new_wasm: Ask;
  readonly ts_tree_cursor_delete_wasm: Ask;
  readonly ts_tree_cursor_goto_first_child_wasm: Ask;
  readonly ts_tree_cursor_goto_next_sibling_wasm: Ask;
  readonly ts_tree_cursor_goto_parent_wasm: Ask;
  readonly ts_tree_cursor_current_node_type_id_wasm: Ask;
  readonly ts_tree_cursor_current_node_is_missing_wasm: Ask;
  readonly ts_tree_cursor_current_field_id_wasm: Ask;
  readonly ts_tree_cursor_current_descendant_index_wasm: Ask;
  readonly ts_tree_cursor_start_index_wasm: Ask;
  readonly ts_tree_cursor_end_index_wasm: Ask;
}

/** A cursor at the root of a tree. While it is in use, nothing else may be asked of any tree. Without the runtime's exports it is a common one. */
export function cursorAtRoot(tree: Tree, runtime: RuntimeExports | undefined): NodeCursor {
  return runtime === undefined ? tree.walk() : new DirectCursor(tree, runtime);
}

class DirectCursor implements NodeCursor {
  private readonly tree: number;
  private readonly runtime: RuntimeExports;
  private readonly types: readonly string[];
  private readonly fields: readonly (string | null)[];
  private readonly named: readonly boolean[];

  constructor(tree: Tree, runtime: RuntimeExports) {
    this.tree = (tree as unknown as readonly [number])[0];
    this.runtime = runtime;
    this.types = tree.language.types;
    this.fields = tree.language.fields;
    this.named = namedTypes(tree.language);
    runtime.ts_tree_root_node_wasm(this.tree);
    runtime.ts_tree_cursor_new_wasm(this.tree);
  }

  get nodeType(): string {
    const id = this.runtime.ts_tree_cursor_current_node_type_id_wasm(this.tree);
    return this.types[id] ?? "ERROR";
  }

  get nodeIsNamed(): boolean {
    const id = this.runtime.ts_tree_cursor_current_node_type_id_wasm(this.tree);
    return this.named[id] ?? true; // ERROR
  }

  get nodeIsMissing(): boolean {
    return this.runtime.ts_tree_cursor_current_node_is_missing_wasm(this.tree) === 1;
  }

  get startIndex(): number {
    return this.runtime.ts_tree_cursor_start_index_wasm(this.tree);
  }

  get endIndex(): number {
    return this.runtime.ts_tree_cursor_end_index_wasm(this.tree);
  }

  get currentFieldName(): string | null {
    return this.fields[this.runtime.ts_tree_cursor_current_field_id_wasm(this.tree)] ?? null;
  }

  get currentDescendantIndex(): number {
    return this.runtime.ts_tree_cursor_current_descendant_index_wasm(this.tree);
  }

  gotoFirstChild(): boolean {
    return this.runtime.ts_tree_cursor_goto_first_child_wasm(this.tree) === 1;
  }

  gotoNextSibling(): boolean {
    return this.runtime.ts_tree_cursor_goto_next_sibling_wasm(this.tree) === 1;
  }

  gotoParent(): boolean {
    return this.runtime.ts_tree_cursor_goto_parent_wasm(this.tree) === 1;
  }

  delete(): void {
    this.runtime.ts_tree_cursor_delete_wasm(this.tree);
  }
}

const namedTypesOf = new WeakMap<Language, readonly boolean[]>();

function namedTypes(language: Language): readonly boolean[] {
  let named = namedTypesOf.get(language);
  if (!named) {
    named = language.types.map((_, id) => language.nodeTypeIsNamed(id));
    namedTypesOf.set(language, named);
  }
  return named;
}
