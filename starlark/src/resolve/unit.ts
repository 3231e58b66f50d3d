import type { Comprehension, DefStatement, Identifier, LambdaExpression, Statement } from "../syntax/ast.ts";
import { findHints } from "./hints.ts";
import { moved, type Problem } from "./messages.ts";
import type { Binding, DialectOptions } from "./resolution.ts";
import { Block, FreeName, MutableBinding, MutableFunctionScope, startOf, type Use } from "./scopes.ts";
import { Walker } from "./walk.ts";

/** Something that a top-level statement does with a name of the file, in the order of the text. */
export interface TopEvent {
  /** `bind` and `load` bind it, `augment` adds to it; `use` is noted where a name may be bound again. */
  readonly kind: "bind" | "load" | "augment" | "use";
  readonly id: Identifier;
  readonly role: Binding["role"];
}

/** Asked for each name that is not bound in the statement. Tells whether there is such a name. */
export type Knows = (use: Use) => boolean;

const nothing: Problem[] = [];

/**
 * What one top-level statement says about names by itself, whatever else is in the file: its functions and their
 * variables, what it binds in the file, and the names it takes from there. Places are kept relative to the statement, so
 * that it can be used again wherever the statement moves.
 */
export class Unit {
  /** Stands for the file. */
  readonly root: Block;
  readonly scope = new MutableFunctionScope(undefined, undefined);
  readonly free = new Map<string, FreeName>();
  readonly events: TopEvent[] = [];
  /** The innermost block around what is being walked. */
  block: Block;
  #functions: Map<DefStatement | LambdaExpression, MutableFunctionScope> | undefined;
  #comprehensions: Map<Comprehension, Block> | undefined;
  readonly #bindings = new Map<Identifier, MutableBinding | FreeName>();
  #problems: Problem[] = nothing;
  #hints: readonly Problem[] = nothing;
  /** Where the statement stood when its problems were noted. */
  #offset: number;

  constructor(
    readonly statement: Statement,
    readonly dialect: DialectOptions,
    private readonly knows?: Knows,
  ) {
    this.root = new Block(undefined, this.scope, undefined);
    this.block = this.root;
    this.#offset = statement.chunk.offset;
    new Walker(this).walk(statement);
    this.lookUpLocals(this.root);
    this.#lookUpIn(this.root);
    for (const scope of this.#scopes()) {
      for (const { uses } of scope.locals) if (uses.length > 1) uses.sort((a, b) => startOf(a) - startOf(b));
    }
    const hints = findHints(statement, this.#functions?.values() ?? []);
    if (hints.length > 0) this.#hints = hints;
  }

  /** Problems of the statement by itself, at their places now. */
  get problems(): readonly Problem[] {
    this.#move();
    return this.#problems;
  }

  get hints(): readonly Problem[] {
    this.#move();
    return this.#hints;
  }

  report(problem: Problem): void {
    if (this.#problems === nothing) this.#problems = [];
    this.#problems.push(problem);
  }

  /** What an identifier in the statement means: a variable of its own, or a name to be looked up in the file. */
  bindingOf(id: Identifier): MutableBinding | FreeName | undefined {
    return this.#bindings.get(id);
  }

  functionOf(node: DefStatement | LambdaExpression): MutableFunctionScope | undefined {
    return this.#functions?.get(node);
  }

  blockOf(node: Comprehension): Block | undefined {
    return this.#comprehensions?.get(node);
  }

  /** Binds a name where it is assigned. Tells whether it was bound in this block before, when this is not the file. */
  bind(id: Identifier, role: Binding["role"]): boolean {
    if (this.block !== this.root) return this.#bindLocal(id, role);
    this.events.push({ kind: "bind", id, role });
    return false;
  }

  bindLoad(id: Identifier): void {
    if (this.block === this.root) {
      this.events.push({ kind: this.dialect.loadBindsGlobally ? "bind" : "load", id, role: "load" });
    } else if (this.#bindLocal(id, "load") && !this.dialect.loadBindsGlobally && !this.dialect.globalReassign) {
      this.report(loadedTwice(id));
    }
  }

  /** Notes that an augmented assignment, which binds the name, reads it too. */
  addAugmentedUse(id: Identifier): void {
    const binding = this.#bindings.get(id);
    if (binding instanceof MutableBinding) binding.uses.push(id);
    else this.events.push({ kind: "augment", id, role: "variable" });
  }

  use(id: Identifier): void {
    // What a name means at top level changes as the file goes on when it may be bound again.
    if (this.dialect.globalReassign && this.block === this.root)
      this.events.push({ kind: "use", id, role: "variable" });
    else this.block.container.uses.push({ id, block: this.block });
  }

  beginFunction(node: DefStatement | LambdaExpression, outer: Block): void {
    const scope = new MutableFunctionScope(node, outer.owner);
    this.#functions ??= new Map();
    this.#functions.set(node, scope);
    this.block = new Block(outer, scope, node);
  }

  beginComprehension(node: Comprehension, outer: Block): Block {
    const block = new Block(outer, outer.owner, node);
    this.#comprehensions ??= new Map();
    this.#comprehensions.set(node, block);
    return block;
  }

  /** At the end of a function: looks up the uses that mean its own variables. */
  lookUpLocals(block: Block): void {
    block.uses = block.uses.filter((use) => {
      for (let at: Block | undefined = use.block; at; at = at.parent) {
        const binding = at.names.get(use.id.name);
        if (binding) {
          this.#noteUse(use, binding);
          return false;
        }
        if (at.isFunction) break;
      }
      return true;
    });
  }

  #bindLocal(id: Identifier, role: Binding["role"]): boolean {
    const { block } = this;
    const known = block.names.get(id.name);
    const binding = known instanceof MutableBinding ? known : this.#addVariable(block, id.name, role);
    this.#bindings.set(id, binding);
    binding.definitions.push(id);
    return known !== undefined;
  }

  #addVariable(block: Block, name: string, role: Binding["role"]): MutableBinding {
    const { owner } = block;
    const isOfFunction = owner.node !== undefined;
    const binding = new MutableBinding(name, isOfFunction ? "local" : "file", isOfFunction ? owner : undefined, role);
    block.names.set(name, binding);
    block.variables.push(binding);
    owner.locals.push(binding);
    return binding;
  }

  #lookUpIn(block: Block): void {
    for (const child of block.children) this.#lookUpIn(child);
    for (const use of block.uses) {
      const binding = this.#lookUp(use, use.block);
      if (binding) this.#noteUse(use, binding);
    }
    block.uses = [];
  }

  /** Names found are kept in every block on the way: they are found at once the next time, and count as suggestions. */
  #lookUp(use: Use, block: Block): MutableBinding | FreeName | undefined {
    if (block === this.root) return this.#lookUpOutside(use);
    const { name } = use.id;
    if (block.names.has(name)) return block.names.get(name);
    const binding = this.#lookUp(use, block.parent as Block);
    if (binding && block.isFunction) {
      if (binding instanceof FreeName || binding.scope === "file") {
        binding.isCaptured = true;
      } else if (binding.owner && binding.owner !== block.owner) {
        binding.isCaptured = true;
        block.owner.freeVariables.push(binding);
      }
    }
    block.names.set(name, binding);
    return binding;
  }

  #lookUpOutside(use: Use): FreeName | undefined {
    if (this.knows?.(use) === false) return undefined;
    const { name } = use.id;
    let free = this.free.get(name);
    if (free === undefined) {
      free = new FreeName(name);
      this.free.set(name, free);
    }
    return free;
  }

  #noteUse(use: Use, binding: MutableBinding | FreeName): void {
    this.#bindings.set(use.id, binding);
    if (binding instanceof FreeName) {
      binding.uses.push(use.id);
      if (use.block !== this.root) binding.firstInside ??= use.id;
    } else {
      binding.uses.push(use.id);
      binding.isRead = true;
    }
  }

  *#scopes(): Iterable<MutableFunctionScope> {
    yield this.scope;
    if (this.#functions) yield* this.#functions.values();
  }

  #move(): void {
    const by = this.statement.chunk.offset - this.#offset;
    if (by === 0) return;
    this.#offset += by;
    if (this.#problems.length > 0) this.#problems = this.#problems.map((each) => moved(each, by));
    if (this.#hints.length > 0) this.#hints = this.#hints.map((each) => moved(each, by));
  }
}

/** The problem of a name that two `load`s bind. */
export function loadedTwice(id: Identifier): Problem {
  return {
    code: "name/reassigned-global",
    node: id,
    message: `\`${id.name}\` is already loaded above; a top-level name can be bound only once`,
    reference: `cannot reassign top-level ${id.name}`,
  };
}
