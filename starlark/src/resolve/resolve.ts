/**
 * Finds out what every name means. Each top-level statement is read by itself (`Unit`); here its names are put together
 * with those of the others. A function may use globals bound after it, so names are looked up when all are bound, inner
 * blocks first, as in the Go implementation.
 */
import type { Diagnostic } from "../diagnostics.ts";
import { nearestName } from "../spell.ts";
import {
  type Chunk,
  type Comprehension,
  type DefStatement,
  type Identifier,
  type LambdaExpression,
  type Module,
  type Statement,
  spanOf,
} from "../syntax/ast.ts";
import { addUnused, findUnreachableRest } from "./hints.ts";
import { type Problem, placeOf, toDiagnostic } from "./messages.ts";
import type { Binding, FunctionScope, Resolution, ResolveOptions, StatementNames } from "./resolution.ts";
import { type Block, FreeName, startOf, type Use } from "./scopes.ts";
import { NamesInUse, TopBinding } from "./topNames.ts";
import { loadedTwice, type TopEvent, Unit } from "./unit.ts";
import { universeNames } from "./universeNames.ts";

/** What other languages call what has another name here. */
const foreignNames: ReadonlyMap<string, string> = new Map([
  ["null", "None"],
  ["nil", "None"],
  ["undefined", "None"],
  ["unicode", "str"],
]);

/** Resolves a file. Never throws; problems, in the order of the file, are in `diagnostics`. */
export function resolve(module: Module, options: ResolveOptions): Resolution {
  return new FileResolution(module, options);
}

class FileResolution implements Resolution {
  readonly globals = new Map<string, TopBinding>();
  /** Names that `load` binds. */
  readonly fileLocals = new Map<string, TopBinding>();
  readonly #units: readonly Unit[];
  readonly #byChunk = new Map<Chunk, Unit | readonly Unit[]>();
  /** What identifiers of the file's own level bind, and use where the order counts. */
  readonly #atTop = new Map<Identifier, TopBinding>();
  /** Predeclared and universal names that are used. */
  readonly #builtins = new Map<string, TopBinding>();
  readonly #inUse: NamesInUse;
  /** Those that bindings make, or uses where the order counts. */
  readonly #problems: Problem[] = [];
  #diagnostics: readonly Diagnostic[] | undefined;
  #top: FunctionScope | undefined;
  /** The names bound at the top so far, in order. */
  #topNames: readonly string[] | undefined;

  constructor(
    readonly module: Module,
    private readonly options: ResolveOptions,
  ) {
    this.#units = module.statements.map((each) => this.#unitOf(each));
    this.#inUse = new NamesInUse(this.#units);
    for (const unit of this.#units) {
      this.#addUnit(unit);
      for (const event of unit.events) this.#apply(event, unit);
    }
  }

  get diagnostics(): readonly Diagnostic[] {
    this.#diagnostics ??= this.#findProblems();
    return this.#diagnostics;
  }

  get top(): FunctionScope {
    const loaded = [...this.fileLocals.values()];
    const variables = this.#units.flatMap((unit) => unit.scope.locals);
    this.#top ??= { node: undefined, parent: undefined, locals: [...loaded, ...variables], freeVariables: [] };
    return this.#top;
  }

  // Functions of their own, as they may be taken off the resolution.
  readonly bindingOf = (id: Identifier): Binding | undefined => {
    const atTop = this.#atTop.get(id);
    if (atTop !== undefined) return atTop;
    const found = this.#unitsAt(id.chunk, (unit) => unit.bindingOf(id));
    return found instanceof FreeName ? this.#named(found.name) : found;
  };

  readonly functionOf = (node: DefStatement | LambdaExpression): FunctionScope =>
    this.#unitsAt(node.chunk, (unit) => unit.functionOf(node)) as FunctionScope;

  readonly comprehensionVariables = (node: Comprehension): readonly Binding[] =>
    this.#unitsAt(node.chunk, (unit) => unit.blockOf(node))?.variables ?? [];

  readonly namesOf = (statement: Statement): StatementNames => {
    const unit = this.#unitsAt(statement.chunk, (each) => (each.statement === statement ? each : undefined));
    const bound = unit?.events.flatMap(({ kind, id }) => (kind === "bind" || kind === "load" ? [id.name] : [])) ?? [];
    return { bound, used: unit?.free.keys() ?? [] };
  };

  readonly visibleAt = (offset: number): Binding[] => {
    const visible = new Map<string, Binding>();
    const add = (binding: Binding) => {
      if (!visible.has(binding.name)) visible.set(binding.name, binding);
    };
    for (let at: Block | undefined = this.#innermostAt(offset); at; at = at.parent) at.variables.forEach(add);
    this.fileLocals.forEach(add);
    this.globals.forEach(add);
    for (const name of this.options.predeclaredNames?.() ?? []) add(this.#builtin(name, "predeclared"));
    for (const name of this.#universalNames()) add(this.#builtin(name, "universal"));
    return [...visible.values()];
  };

  #unitOf(statement: Statement): Unit {
    const { cache, dialect = {} } = this.options;
    let unit = cache?.get(statement);
    if (unit === undefined) {
      unit = new Unit(statement, dialect);
      cache?.set(statement, unit);
    }
    return unit;
  }

  #addUnit(unit: Unit): void {
    const { chunk } = unit.statement;
    const known = this.#byChunk.get(chunk);
    this.#byChunk.set(chunk, known === undefined ? unit : known instanceof Unit ? [known, unit] : [...known, unit]);
  }

  #unitsAt<Result>(chunk: Chunk, look: (unit: Unit) => Result | undefined): Result | undefined {
    const found = this.#byChunk.get(chunk);
    if (found === undefined || found instanceof Unit) return found && look(found);
    for (const unit of found) {
      const result = look(unit);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #apply({ kind, id, role }: TopEvent, unit: Unit): void {
    switch (kind) {
      case "bind": {
        const known = this.fileLocals.get(id.name) ?? this.globals.get(id.name);
        const binding = known ?? new TopBinding(id.name, "global", role, this.#usesOf);
        if (!known) this.#bindAtTop(this.globals, id.name, binding);
        else if (!this.options.dialect?.globalReassign) this.#problems.push(this.#reassigned(id, known));
        this.#define(id, binding);
        break;
      }
      case "load": {
        const known = this.fileLocals.get(id.name);
        const binding = known ?? new TopBinding(id.name, "file", role, this.#usesOf);
        if (!known) this.#bindAtTop(this.fileLocals, id.name, binding);
        else if (!this.options.dialect?.globalReassign) this.#problems.push(loadedTwice(id));
        this.#define(id, binding);
        break;
      }
      case "augment":
        this.#atTop.get(id)?.ownUses.push(id);
        break;
      case "use": {
        const binding = this.#named(id.name);
        if (binding === undefined) {
          this.#problems.push(this.#undefined({ id, block: unit.root }));
        } else {
          this.#atTop.set(id, binding);
          binding.ownUses.push(id);
          binding.isReadAtTop = true;
        }
      }
    }
  }

  #bindAtTop(names: Map<string, TopBinding>, name: string, binding: TopBinding): void {
    names.set(name, binding);
    this.#topNames = undefined;
  }

  #define(id: Identifier, binding: TopBinding): void {
    this.#atTop.set(id, binding);
    binding.definitions.push(id);
  }

  /** What a name of the file's own level means. */
  #named(name: string): TopBinding | undefined {
    const known = this.fileLocals.get(name) ?? this.globals.get(name) ?? this.#builtins.get(name);
    if (known !== undefined) return known;
    if (this.options.isPredeclared(name)) return this.#builtin(name, "predeclared");
    return universeNames.has(name) ? this.#builtin(name, "universal") : undefined;
  }

  #builtin(name: string, scope: "predeclared" | "universal"): TopBinding {
    let binding = this.#builtins.get(name);
    if (binding === undefined) {
      binding = new TopBinding(name, scope, "builtin", this.#usesOf);
      this.#builtins.set(name, binding);
    }
    return binding;
  }

  /** Uses by statements of a name, when it means that binding. */
  readonly #usesOf = (binding: TopBinding): readonly FreeName[] =>
    this.#named(binding.name) === binding ? this.#inUse.get(binding.name) : [];

  #isKnown(name: string): boolean {
    return (
      this.globals.has(name) || this.fileLocals.has(name) || this.options.isPredeclared(name) || universeNames.has(name)
    );
  }

  #findProblems(): Diagnostic[] {
    const problems: Problem[] = [];
    for (const unit of this.#units) for (const each of unit.problems) problems.push(each);
    for (const each of this.#problems) problems.push(each);
    const known = new Set<string>();
    for (const unit of this.#units) this.#findUndefined(unit, known, problems);
    this.#findSet(problems);
    for (const binding of this.fileLocals.values()) if (!binding.isRead) addUnused(binding, problems);
    this.#addHints(problems);
    const placed = problems.map((problem, index) => ({ problem, place: placeOf(problem), index }));
    placed.sort((a, b) => a.place - b.place || a.index - b.index);
    return placed.map(({ problem }) => toDiagnostic(problem));
  }

  /** Names that are nowhere. The statement is read again: what is suggested depends on what was looked up before. */
  #findUndefined(unit: Unit, known: Set<string>, problems: Problem[]): void {
    let isWhole = true;
    for (const name of unit.free.keys()) {
      if (known.has(name)) continue;
      if (this.#isKnown(name)) known.add(name);
      else isWhole = false;
    }
    if (isWhole) return;
    new Unit(unit.statement, unit.dialect, (use) => {
      const isKnown = this.#isKnown(use.id.name);
      if (!isKnown) problems.push(this.#undefined(use));
      return isKnown;
    });
  }

  /** `set` where the dialect has none: the first use is reported, those in functions first. */
  #findSet(problems: Problem[]): void {
    if (this.options.dialect?.set || this.options.isPredeclared("set")) return;
    const isUniversal = !this.globals.has("set") && !this.fileLocals.has("set");
    const names = isUniversal ? this.#inUse.get("set") : [];
    const inside = names.find((each) => each.firstInside !== undefined)?.firstInside;
    const node = this.#builtins.get("set")?.ownUses[0] ?? inside ?? names[0]?.uses[0];
    if (node === undefined) return;
    problems.push({
      code: "dialect/set",
      node,
      message: "`set` is not available in this dialect of Starlark; use a dict with `True` as values, or a list",
      reference: "this Starlark dialect does not support sets",
    });
  }

  #addHints(problems: Problem[]): void {
    const rest = findUnreachableRest(this.module.statements);
    let isReached = true;
    for (const unit of this.#units) {
      if (unit.statement === rest[0]?.node) isReached = false;
      for (const hint of unit.hints) if (isReached || hint.code !== "flow/unreachable") problems.push(hint);
    }
    problems.push(...rest);
  }

  #reassigned(id: Identifier, known: TopBinding): Problem {
    const first = known.definitions[0];
    const scope = known.scope === "global" ? "global" : "local";
    const what = known.role === "load" ? "loaded" : known.role === "function" ? "defined" : "set";
    return {
      code: "name/reassigned-global",
      node: id,
      message: `\`${id.name}\` is already ${what} above; a top-level name can be bound only once`,
      reference: `cannot reassign ${scope} ${id.name} declared at ${first ? this.#positionOf(first) : "?"}`,
      ...(first ? { related: [{ span: spanOf(first), message: `\`${id.name}\` is first bound here` }] } : {}),
    };
  }

  #positionOf(node: Identifier): string {
    const { file } = this.options;
    if (!file) return "?";
    const { line, column } = file.positionAt(startOf(node));
    return `${file.name}:${line}:${column}`;
  }

  #undefined({ id, block }: Use): Problem {
    const locals: string[] = [];
    for (let at: Block | undefined = block; at; at = at.parent) for (const name of at.names.keys()) locals.push(name);
    this.#topNames ??= [...this.fileLocals.keys(), ...this.globals.keys()].sort();
    const candidates = locals.length === 0 ? this.#topNames : [...locals, ...this.#topNames].sort();
    const nearest = nearestName(id.name, candidates);
    const suggestion = nearest ?? foreignNames.get(id.name) ?? nearestName(id.name, this.#builtinNames());
    const fixes = suggestion === undefined ? [] : [renameFix(id, suggestion)];
    return {
      code: "name/undefined",
      node: id,
      message: `\`${id.name}\` is not defined${suggestion === undefined ? "" : `; did you mean \`${suggestion}\`?`}`,
      reference: `undefined: ${id.name}${nearest === undefined ? "" : ` (did you mean ${nearest}?)`}`,
      fixes,
    };
  }

  #builtinNames(): string[] {
    return [...(this.options.predeclaredNames?.() ?? []), ...this.#universalNames()].sort();
  }

  #universalNames(): string[] {
    return [...universeNames].filter((name) => name !== "set" || this.options.dialect?.set);
  }

  #innermostAt(offset: number): Block | undefined {
    for (const { root } of this.#units) {
      let innermost = root;
      for (;;) {
        const child = innermost.children.find((each) => each.contains(offset));
        if (child === undefined) break;
        innermost = child;
      }
      if (innermost !== root) return innermost;
    }
    return undefined;
  }
}

function renameFix(id: Identifier, name: string) {
  return { title: `Change to \`${name}\``, edits: [{ span: spanOf(id), text: name }] };
}
