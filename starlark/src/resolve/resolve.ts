/**
 * Finds out what every name means. Two passes, as in the Go implementation: the first walks the file, binds names and
 * notes uses; the second looks the uses up, inner blocks first, since a function may use globals bound after it.
 */
import { nearestName } from "../spell.ts";
import {
  type Comprehension,
  type DefStatement,
  type Identifier,
  type LambdaExpression,
  type Module,
  spanOf,
} from "../syntax/ast.ts";
import { findHints } from "./hints.ts";
import { type Problem, toDiagnostic } from "./messages.ts";
import type { Binding, Resolution, ResolveOptions } from "./resolution.ts";
import { Block, MutableBinding, MutableFunctionScope, startOf, type Use } from "./scopes.ts";
import { universeNames } from "./universeNames.ts";
import { Walker } from "./walk.ts";

/** Resolves a file. Never throws; problems, in the order of the file, are in `diagnostics`. */
export function resolve(module: Module, options: ResolveOptions): Resolution {
  const resolver = new Resolver(options);
  new Walker(resolver).walkFile(module.statements);
  resolver.lookUpRest();
  return resolver.finish(module);
}

export class Resolver {
  readonly top = new MutableFunctionScope(undefined, undefined);
  readonly file = new Block(undefined, this.top, undefined);
  readonly globals = new Map<string, MutableBinding>();
  readonly functions = new Map<DefStatement | LambdaExpression, MutableFunctionScope>();
  readonly comprehensions = new Map<Comprehension, Block>();
  /** The innermost block around what is being walked. */
  block = this.file;
  private readonly bindings = new Map<Identifier, MutableBinding>();
  /** Predeclared and universal names that were used. */
  private readonly builtins = new Map<string, MutableBinding>();
  private readonly problems: Problem[] = [];

  constructor(readonly options: ResolveOptions) {}

  get dialect(): NonNullable<ResolveOptions["dialect"]> {
    return this.options.dialect ?? {};
  }

  report(problem: Problem): void {
    this.problems.push(problem);
  }

  /** Binds a name where it is assigned. Tells whether it was bound in this block before. */
  bind(id: Identifier, role: Binding["role"]): boolean {
    return this.block === this.file ? this.bindGlobal(id, role) : this.bindLocal(id, role);
  }

  private bindGlobal(id: Identifier, role: Binding["role"]): boolean {
    const known = this.file.names.get(id.name) ?? this.globals.get(id.name);
    const binding = known ?? new MutableBinding(id.name, "global", undefined, role);
    if (!known) this.globals.set(id.name, binding);
    else if (!this.dialect.globalReassign) this.reportReassigned(id, known);
    this.define(id, binding);
    return known !== undefined;
  }

  private reportReassigned(id: Identifier, known: MutableBinding): void {
    const first = known.definitions[0];
    const scope = known.scope === "global" ? "global" : "local";
    const what = known.role === "load" ? "loaded" : known.role === "function" ? "defined" : "set";
    this.report({
      code: "name/reassigned-global",
      node: id,
      message: `\`${id.name}\` is already ${what} above; a top-level name can be bound only once`,
      reference: `cannot reassign ${scope} ${id.name} declared at ${first ? this.positionOf(first) : "?"}`,
      ...(first ? { related: [{ span: spanOf(first), message: `\`${id.name}\` is first bound here` }] } : {}),
    });
  }

  private positionOf(node: Identifier): string {
    const { file } = this.options;
    if (!file) return "?";
    const { line, column } = file.positionAt(startOf(node));
    return `${file.name}:${line}:${column}`;
  }

  bindLocal(id: Identifier, role: Binding["role"]): boolean {
    const { block } = this;
    let binding = block.names.get(id.name);
    const isKnown = binding !== undefined;
    if (!binding) {
      const { owner } = block;
      const isOfFunction = owner.node !== undefined;
      binding = new MutableBinding(id.name, isOfFunction ? "local" : "file", isOfFunction ? owner : undefined, role);
      block.names.set(id.name, binding);
      block.variables.push(binding);
      owner.locals.push(binding);
    }
    this.define(id, binding);
    return isKnown;
  }

  private define(id: Identifier, binding: MutableBinding): void {
    this.bindings.set(id, binding);
    binding.definitions.push(id);
  }

  /** Notes that an augmented assignment, which binds the name, reads it too. */
  addAugmentedUse(id: Identifier): void {
    this.bindings.get(id)?.uses.push(id);
  }

  use(id: Identifier): void {
    const use = { id, block: this.block };
    // What a name means at top level changes as the file goes on when it may be bound again.
    if (this.dialect.globalReassign && this.block === this.file) this.lookUpAtTop(use);
    else this.block.container.uses.push(use);
  }

  /** At the end of a function: looks up the uses that mean its own variables. */
  lookUpLocals(block: Block): void {
    block.uses = block.uses.filter((use) => {
      for (let at: Block | undefined = use.block; at; at = at.parent) {
        const binding = at.names.get(use.id.name);
        if (binding) {
          this.noteUse(use, binding);
          return false;
        }
        if (at.isFunction) break;
      }
      return true;
    });
  }

  /** After the file: looks up all other uses. */
  lookUpRest(): void {
    this.lookUpLocals(this.file);
    this.lookUpIn(this.file);
  }

  private lookUpIn(block: Block): void {
    for (const child of block.children) this.lookUpIn(child);
    for (const use of block.uses) {
      const binding = this.lookUp(use, use.block);
      if (binding) this.noteUse(use, binding);
    }
  }

  /** Names found are kept in every block on the way: they are found at once the next time, and count as suggestions. */
  private lookUp(use: Use, block: Block): MutableBinding | undefined {
    if (block === this.file) return this.lookUpAtTop(use, false);
    const { name } = use.id;
    if (block.names.has(name)) return block.names.get(name);
    const binding = this.lookUp(use, block.parent as Block);
    if (binding && block.isFunction && binding.owner && binding.owner !== block.owner) {
      binding.isCaptured = true;
      block.owner.freeVariables.push(binding);
    } else if (binding && block.isFunction && binding.scope === "file") {
      binding.isCaptured = true;
    }
    block.names.set(name, binding);
    return binding;
  }

  private noteUse(use: Use, binding: MutableBinding): void {
    this.bindings.set(use.id, binding);
    binding.uses.push(use.id);
    binding.isRead = true;
  }

  private lookUpAtTop(use: Use, note = true): MutableBinding | undefined {
    const { name } = use.id;
    let binding = this.file.names.get(name) ?? this.globals.get(name) ?? this.builtins.get(name);
    if (!binding) {
      const scope = this.options.isPredeclared(name)
        ? "predeclared"
        : universeNames.has(name)
          ? "universal"
          : undefined;
      if (scope === undefined) {
        this.reportUndefined(use);
        return undefined;
      }
      if (scope === "universal" && name === "set" && !this.dialect.set) this.reportSet(use.id);
      binding = new MutableBinding(name, scope, undefined, "builtin");
      this.builtins.set(name, binding);
    }
    if (note) this.noteUse(use, binding);
    return binding;
  }

  private reportSet(id: Identifier): void {
    this.report({
      code: "dialect/set",
      node: id,
      message: "`set` is not available in this dialect of Starlark; use a dict with `True` as values, or a list",
      reference: "this Starlark dialect does not support sets",
    });
  }

  private reportUndefined(use: Use): void {
    const candidates: string[] = [];
    for (let at: Block | undefined = use.block; at; at = at.parent) candidates.push(...at.names.keys());
    candidates.push(...this.globals.keys());
    const { id } = use;
    const nearest = nearestName(id.name, candidates.sort());
    const suggestion = nearest ?? nearestName(id.name, this.builtinNames());
    const fixes = suggestion === undefined ? [] : [renameFix(id, suggestion)];
    this.report({
      code: "name/undefined",
      node: id,
      message: `\`${id.name}\` is not defined${suggestion === undefined ? "" : `; did you mean \`${suggestion}\`?`}`,
      reference: `undefined: ${id.name}${nearest === undefined ? "" : ` (did you mean ${nearest}?)`}`,
      fixes,
    });
  }

  private builtinNames(): string[] {
    const predeclared = [...(this.options.predeclaredNames?.() ?? [])];
    return [...predeclared, ...this.universalNames()].sort();
  }

  private universalNames(): string[] {
    return [...universeNames].filter((name) => name !== "set" || this.dialect.set);
  }

  private builtinBinding(name: string, scope: "predeclared" | "universal"): MutableBinding {
    return this.builtins.get(name) ?? new MutableBinding(name, scope, undefined, "builtin");
  }

  finish(module: Module): Resolution {
    for (const hint of findHints(module.statements, this.top, this.functions.values())) this.report(hint);
    for (const binding of this.allBindings()) binding.uses.sort((a, b) => startOf(a) - startOf(b));
    const place = (problem: Problem) => problem.offset ?? problem.span?.start ?? startOf(problem.node);
    const problems = this.problems.map((problem, i) => ({ problem, place: place(problem), i }));
    problems.sort((a, b) => a.place - b.place || a.i - b.i);
    return {
      module,
      top: this.top,
      globals: this.globals,
      fileLocals: new Map(this.file.variables.map((binding) => [binding.name, binding])),
      diagnostics: problems.map(({ problem }) => toDiagnostic(problem)),
      bindingOf: (id) => this.bindings.get(id),
      functionOf: (node) => this.functions.get(node) as MutableFunctionScope,
      comprehensionVariables: (node) => this.comprehensions.get(node)?.variables ?? [],
      visibleAt: (offset) => this.visibleAt(offset),
    };
  }

  private *allBindings(): Iterable<MutableBinding> {
    yield* this.globals.values();
    yield* this.builtins.values();
    yield* this.top.locals;
    for (const scope of this.functions.values()) yield* scope.locals;
  }

  private visibleAt(offset: number): Binding[] {
    let innermost = this.file;
    for (;;) {
      const child = innermost.children.find((each) => each.contains(offset));
      if (!child) break;
      innermost = child;
    }
    const visible = new Map<string, MutableBinding>();
    const add = (binding: MutableBinding) => {
      if (!visible.has(binding.name)) visible.set(binding.name, binding);
    };
    for (let at: Block | undefined = innermost; at; at = at.parent) at.variables.forEach(add);
    this.globals.forEach(add);
    for (const name of this.options.predeclaredNames?.() ?? []) add(this.builtinBinding(name, "predeclared"));
    for (const name of this.universalNames()) add(this.builtinBinding(name, "universal"));
    return [...visible.values()];
  }
}

function renameFix(id: Identifier, name: string) {
  return { title: `Change to \`${name}\``, edits: [{ span: spanOf(id), text: name }] };
}
