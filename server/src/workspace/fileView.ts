import type { SdkCatalog } from "@ocuroot/engine";
import {
  type Diagnostic,
  type Module,
  type Resolution,
  type ResolveCache,
  resolve,
  type SourceFile,
  type SyntaxResult,
} from "@ocuroot/starlark";
import { type FileFacts, findFacts } from "../analysis/facts.ts";
import type { Lineage } from "../analysis/meaning.ts";
import { type WrittenRef, writtenRefsOf } from "../analysis/refStrings.ts";
import { catalogOf, isPredeclared, predeclaredNames } from "../analysis/sdk.ts";
import { type FileRole, type FileView, type RepositoryView, roleOf } from "../analysis/snapshot.ts";

export interface FileViewOptions {
  readonly uri: string;
  readonly version: number | null;
  readonly source: SourceFile;
  readonly path: string | undefined;
  readonly repository: RepositoryView | undefined;
  readonly parse: () => SyntaxResult;
  /** The same for all versions of an open document. */
  readonly lineage?: Lineage;
}

/** What statements say about names by themselves: an edit of one costs the others nothing. */
const statementNames: ResolveCache = new WeakMap();

/** A file's side tables, each made when first asked for and kept for this version. */
export class LazyFileView implements FileView {
  readonly uri: string;
  readonly version: number | null;
  readonly source: SourceFile;
  readonly path: string | undefined;
  readonly repository: RepositoryView | undefined;
  readonly role: FileRole;
  readonly lineage: Lineage | undefined;
  readonly #options: FileViewOptions;
  #syntax: SyntaxResult | undefined;
  #resolution: Resolution | undefined;
  #facts: FileFacts | undefined;
  #sdk: SdkCatalog | undefined;
  #writtenRefs: readonly WrittenRef[] | undefined;

  constructor(options: FileViewOptions) {
    this.uri = options.uri;
    this.version = options.version;
    this.source = options.source;
    this.path = options.path;
    this.repository = options.repository;
    this.role = roleOf(options.path ?? options.uri);
    this.lineage = options.lineage;
    this.#options = options;
  }

  get syntaxDiagnostics(): readonly Diagnostic[] {
    return this.#read().diagnostics;
  }

  get module(): Module {
    return this.#read().module;
  }

  get sdk(): SdkCatalog {
    this.#sdk ??= catalogOf(this.module);
    return this.#sdk;
  }

  get resolution(): Resolution {
    this.#resolution ??= resolve(this.module, {
      isPredeclared: (name) => isPredeclared(this.sdk, name),
      predeclaredNames: () => predeclaredNames(this.sdk),
      cache: statementNames,
    });
    return this.#resolution;
  }

  get facts(): FileFacts {
    this.#facts ??= findFacts(this);
    return this.#facts;
  }

  get writtenRefs(): readonly WrittenRef[] {
    this.#writtenRefs ??= this.#readRefs();
    return this.#writtenRefs;
  }

  /** Whether asking for the refs takes no reading. */
  get hasWrittenRefs(): boolean {
    return this.#writtenRefs !== undefined;
  }

  #readRefs(): readonly WrittenRef[] {
    const { text } = this.source;
    // Both names stand in the text of whoever uses one, by whatever name of its own.
    if (!text.includes("input") && !text.includes("ref")) return [];
    const isKept = this.version !== null || this.#syntax !== undefined;
    return writtenRefsOf(isKept ? this : new LazyFileView(this.#options));
  }

  #read(): SyntaxResult {
    this.#syntax ??= this.#options.parse();
    return this.#syntax;
  }
}
