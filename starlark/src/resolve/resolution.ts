import type { Diagnostic } from "../diagnostics.ts";
import type { SourceFile } from "../source.ts";
import type { Comprehension, DefStatement, Identifier, LambdaExpression, Module, Statement } from "../syntax/ast.ts";
import type { Unit } from "./unit.ts";

/** Language options, all off in the strict dialect that `.ocu.star` files use. */
export interface DialectOptions {
  readonly set?: boolean;
  readonly while?: boolean;
  readonly topLevelControl?: boolean;
  readonly globalReassign?: boolean;
  readonly loadBindsGlobally?: boolean;
  readonly recursion?: boolean;
}

export type ScopeKind =
  /** A variable of a function (or of a comprehension in it). */
  | "local"
  /** A top-level variable of the file. */
  | "global"
  /** A name bound by `load` (or by a comprehension at top level): local to the file. */
  | "file"
  /** Given by the host: SDK functions, test builtins. */
  | "predeclared"
  /** Part of the language: `len`, `None`, … */
  | "universal";

/** One variable: where it is bound and every place that names it. */
export interface Binding {
  readonly name: string;
  readonly scope: ScopeKind;
  /** The function it is local to; undefined for file-level, predeclared and universal names. */
  readonly owner: FunctionScope | undefined;
  /** Identifiers that bind it, in file order: assignments, parameters, loop variables, `def` names, loads. */
  readonly definitions: readonly Identifier[];
  /** Identifiers that read it (augmented assignments count as both), in file order. */
  readonly uses: readonly Identifier[];
  /** How it came to be: what its first definition is. */
  readonly role: "variable" | "parameter" | "function" | "load" | "builtin";
  /** Used by a function nested in its owner: it must live in a cell. */
  readonly isCaptured: boolean;
}

/** A function's variables. `node` is undefined for the file itself. */
export interface FunctionScope {
  readonly node: DefStatement | LambdaExpression | undefined;
  readonly parent: FunctionScope | undefined;
  /** Parameters first, in order, then other variables as they are met; comprehension variables included. */
  readonly locals: readonly Binding[];
  /** Variables of enclosing functions that it (or a function in it) uses. */
  readonly freeVariables: readonly Binding[];
}

/** What every name of a file means: side tables over an unchanged tree. Resolving twice gives equal results. */
export interface Resolution {
  readonly module: Module;
  readonly top: FunctionScope;
  readonly globals: ReadonlyMap<string, Binding>;
  readonly fileLocals: ReadonlyMap<string, Binding>;
  readonly diagnostics: readonly Diagnostic[];
  /** The variable an identifier names; undefined when it names none, or is a keyword-argument or attribute name. */
  bindingOf(identifier: Identifier): Binding | undefined;
  functionOf(node: DefStatement | LambdaExpression): FunctionScope;
  comprehensionVariables(node: Comprehension): readonly Binding[];
  /** Names that may be used at an offset of the file, nearest scope first; universal and predeclared ones last. */
  visibleAt(offset: number): readonly Binding[];
  /** Names of the file, or of what is around it, that a top-level statement binds and uses. */
  namesOf(statement: Statement): StatementNames;
}

export interface StatementNames {
  readonly bound: Iterable<string>;
  readonly used: Iterable<string>;
}

/**
 * What statements say by themselves, kept for the next version of their file: after an edit only those that are new are
 * read. For one dialect.
 */
export type ResolveCache = WeakMap<Statement, Unit>;

export interface ResolveOptions {
  readonly dialect?: DialectOptions;
  /** The file, for messages that name a place in it. */
  readonly file?: SourceFile;
  /** Names that the host predeclares. */
  readonly isPredeclared: (name: string) => boolean;
  /** All predeclared names, for suggestions and completion. */
  readonly predeclaredNames?: () => Iterable<string>;
  readonly cache?: ResolveCache;
}
