import type { SdkCatalog } from "@ocuroot/engine";
import type { Diagnostic, Module, Resolution, SourceFile } from "@ocuroot/starlark";
import type { ShellHighlighter } from "../shell/highlight.ts";
import type { FileFacts } from "./facts.ts";
import type { Lineage } from "./meaning.ts";
import type { WrittenRef } from "./refStrings.ts";
import type { StateView } from "./stateView.ts";

/**
 * One file as features see it: read-only, tied to one version. Side tables are computed at first use and kept with the
 * version. Valid until the next edit (trees move their offsets in place), so features finish without waiting.
 */
export interface FileView {
  readonly uri: string;
  /** Relative to the repository's root, with `/`; undefined outside of any repository. */
  readonly path: string | undefined;
  readonly role: FileRole;
  /** Null for a file that is not open. */
  readonly version: number | null;
  readonly source: SourceFile;
  readonly module: Module;
  readonly syntaxDiagnostics: readonly Diagnostic[];
  readonly resolution: Resolution;
  readonly facts: FileFacts;
  /** What its refs say; for a file that is not open this is kept, and its tree is not. */
  readonly writtenRefs: readonly WrittenRef[];
  /** Whether they are there without reading the file. */
  readonly hasWrittenRefs: boolean;
  readonly repository: RepositoryView | undefined;
  readonly sdk: SdkCatalog;
  /** The same for all versions of an open document. */
  readonly lineage: Lineage | undefined;
}

/** What a file is for (spec 1.2). */
export type FileRole = "repository" | "package" | "module";

/** A source repository: its files by path, as listed on disk and overlaid by open documents. */
export interface RepositoryView {
  readonly root: string;
  readonly uri: string;
  /** Alias or name, as refs spell it; undefined while it is not known without evaluation. */
  readonly name: string | undefined;
  /** False until the first listing is done, and for trees too large to list: then nothing may be called missing. */
  readonly isListed: boolean;
  /** Grows when a file that others load has changed: what was computed over several files is then out of date. */
  readonly revision: number;
  /** Notes that a file is loaded by another one. */
  noteLoaded(path: string): void;
  /** Whether a file is there; true in folders that may not be read, where nothing can be called missing. */
  has(path: string): boolean;
  /** Folders and sources that may not be read; "" is the root. */
  hiddenPaths(): Iterable<string>;
  /** Whether there are files in a folder, given without a slash at its end. */
  hasFolder(path: string): boolean;
  /** Whether a path is one of those that are made and never committed: what is not there now may be there when work runs. */
  isIgnored(path: string): boolean;
  /** Of all files, those that are open and not saved yet included. */
  paths(): Iterable<string>;
  /** Paths of package files (`*.ocu.star` but `repo.ocu.star`), sorted. */
  packagePaths(): readonly string[];
  /** The Starlark file at a path of the repository. */
  file(path: string): FileView | undefined;
}

/** All that a feature may read. */
export interface Snapshot {
  readonly file: FileView;
  readonly state: StateView;
  /** Other repositories of the workspace, for refs that name them. */
  readonly repositories: readonly RepositoryView[];
  /** Reads shell text for highlighting; absent where there is no grammar of it. */
  readonly shell?: ShellHighlighter;
}

/** The role a file's name gives it; a new file without a name is read as what people begin with. */
export function roleOf(name: string): FileRole {
  if (/^untitled:[^/]*$/.test(name) && !name.endsWith(".star")) return "package";
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (base === "repo.ocu.star") return "repository";
  return base.endsWith(".ocu.star") ? "package" : "module";
}
