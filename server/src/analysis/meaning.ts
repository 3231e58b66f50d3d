import type { SdkCatalog } from "@ocuroot/engine";
import type { Module, Resolution, Statement } from "@ocuroot/starlark";
import type { FileView, RepositoryView } from "./snapshot.ts";

/**
 * Stands for what a top-level statement says: another object when the statement, what its names mean, or anything outside
 * of the file is not what it was. What is found in a statement alone may be kept under it.
 */
export type Meaning = object;

/** Holds the meanings of a document's statements from version to version. */
export type Lineage = object;

const keepers = new WeakMap<Lineage, Keeper>();

/** Meanings of a file's statements; undefined for a file that is not edited, where nothing can be kept. */
export function meaningsOf(view: FileView): ReadonlyMap<Statement, Meaning> | undefined {
  const { lineage } = view;
  if (lineage === undefined) return undefined;
  let keeper = keepers.get(lineage);
  if (keeper === undefined) {
    keeper = new Keeper();
    keepers.set(lineage, keeper);
  }
  return keeper.follow(view);
}

/** What everything in a file depends on. */
interface Surroundings {
  readonly sdk: SdkCatalog;
  readonly repository: RepositoryView | undefined;
  readonly revision: number | undefined;
}

class Keeper {
  #module: Module | undefined;
  #surroundings: Surroundings | undefined;
  #meanings = new Map<Statement, Meaning>();
  /** Names of the file's level that a statement binds or uses. */
  readonly #names = new Map<Statement, Names>();
  /** Which statements bind or use a name. */
  readonly #mentions = new Map<string, Set<Statement>>();

  follow(view: FileView): ReadonlyMap<Statement, Meaning> {
    const { module, resolution, sdk, repository } = view;
    const surroundings = { sdk, repository, revision: repository?.revision };
    const isElsewhere = !isSame(this.#surroundings, surroundings);
    if (module === this.#module && !isElsewhere) return this.#meanings;
    const touched = this.#takeOver(module, resolution);
    // Who holds the meanings of an older version keeps those.
    const meanings = new Map<Statement, Meaning>();
    for (const statement of module.statements) {
      const known = isElsewhere || touched.has(statement) ? undefined : this.#meanings.get(statement);
      meanings.set(statement, known ?? {});
    }
    this.#module = module;
    this.#surroundings = surroundings;
    this.#meanings = meanings;
    return meanings;
  }

  /** Notes the statements that came and went; returns those whose meaning that may have changed. */
  #takeOver(module: Module, resolution: Resolution): ReadonlySet<Statement> {
    const now = new Set(module.statements);
    const changed = new Spread(resolution);
    for (const [statement, names] of this.#names) {
      if (now.has(statement)) continue;
      changed.add(names);
      this.#forget(statement, names);
    }
    for (const statement of module.statements) {
      if (this.#names.has(statement)) continue;
      const names = namesOf(resolution, statement);
      changed.add(names);
      this.#note(statement, names);
    }
    const touched = new Set<Statement>();
    for (let name = changed.next(); name !== undefined; name = changed.next()) {
      for (const statement of this.#mentions.get(name) ?? []) {
        if (touched.has(statement)) continue;
        touched.add(statement);
        changed.add(this.#names.get(statement) as Names);
      }
    }
    return touched;
  }

  #note(statement: Statement, names: Names): void {
    this.#names.set(statement, names);
    for (const name of [...names.bound, ...names.used]) {
      const known = this.#mentions.get(name);
      if (known === undefined) this.#mentions.set(name, new Set([statement]));
      else known.add(statement);
    }
  }

  #forget(statement: Statement, names: Names): void {
    this.#names.delete(statement);
    for (const name of [...names.bound, ...names.used]) {
      const known = this.#mentions.get(name);
      known?.delete(statement);
      if (known?.size === 0) this.#mentions.delete(name);
    }
  }
}

interface Names {
  readonly bound: readonly string[];
  readonly used: readonly string[];
}

function namesOf(resolution: Resolution, statement: Statement): Names {
  const { bound, used } = resolution.namesOf(statement);
  return { bound: [...bound], used: [...used] };
}

/**
 * The names through which a change goes on to other statements: those that a statement binds, and variables that it
 * mentions at all. It may put a key into one, or mask it.
 */
class Spread {
  readonly #pending: string[] = [];
  readonly #seen = new Set<string>();

  constructor(private readonly resolution: Resolution) {}

  add({ bound, used }: Names): void {
    for (const name of bound) this.#push(name);
    for (const name of used) {
      const binding = this.resolution.fileLocals.get(name) ?? this.resolution.globals.get(name);
      if (binding !== undefined && binding.role !== "function") this.#push(name);
    }
  }

  next(): string | undefined {
    return this.#pending.pop();
  }

  #push(name: string): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    this.#pending.push(name);
  }
}

function isSame(a: Surroundings | undefined, b: Surroundings): boolean {
  return a !== undefined && a.sdk === b.sdk && a.repository === b.repository && a.revision === b.revision;
}
