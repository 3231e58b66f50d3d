import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Parser, SyntaxResult } from "@ocuroot/starlark";
import { repositoryNameOf } from "../analysis/repositoryName.ts";
import type { FileView, RepositoryView } from "../analysis/snapshot.ts";
import { uriOfPath } from "../paths.ts";
import { TextSource } from "../text/textSource.ts";
import type { Documents, OpenDocument } from "./documents.ts";
import { LazyFileView } from "./fileView.ts";
import {
  isHidden,
  isIgnored,
  isIgnoreFile,
  isListedPath,
  type Listing,
  listRepositories,
  readIgnores,
  readListed,
} from "./listing.ts";

/** An open document as features see it. Its text is not read before one of them asks. */
export function viewOf(
  open: OpenDocument,
  path: string | undefined,
  repository: RepositoryView | undefined,
): LazyFileView {
  const { uri, version, source, lineage } = open;
  return new LazyFileView({ uri, version, source, path, repository, parse: () => open.syntax, lineage });
}

/** How many files' trees and tables are kept, read or open. */
const maxViews = 1_000;

/** One repository's files: what is listed on disk, overlaid by what is open. */
export class Repository implements RepositoryView {
  readonly uri: string;
  revision = 0;
  readonly #loaded = new Set<string>();
  /** Making a URI of a path is slow, and paths are asked for again and again. */
  readonly #uris = new Map<string, string>();
  readonly #views = new Map<string, LazyFileView>();
  /** Starlark files that are open and not on disk. */
  #unsaved = new Set<string>();
  /** From evaluation or git, for when the text does not say. */
  learnedName: string | undefined;
  #packages: readonly string[] | undefined;
  #name: { readonly of: FileView | undefined; readonly value: string | undefined } | undefined;

  constructor(
    private readonly listing: Listing,
    private readonly parser: Parser,
    private readonly documents: Documents,
    /** Told of repositories that are found in its folders. */
    private readonly adopt: (listing: Listing) => void,
  ) {
    this.uri = uriOfPath(listing.root);
  }

  get root(): string {
    return this.listing.root;
  }

  get isListed(): boolean {
    return this.listing.isComplete;
  }

  get name(): string | undefined {
    const file = this.file("repo.ocu.star");
    if (this.#name === undefined || this.#name.of !== file) this.#name = { of: file, value: repositoryNameOf(file) };
    return this.learnedName ?? this.#name.value;
  }

  has(path: string): boolean {
    if (this.listing.files.has(path) || this.documents.get(this.#uriOf(path)) !== undefined) return true;
    return isHidden(this.listing, path);
  }

  hiddenPaths(): Iterable<string> {
    return this.listing.hidden.keys();
  }

  hasFolder(path: string): boolean {
    const { folders, files } = this.listing;
    if (folders.has(path) || isHidden(this.listing, path)) return true;
    for (const each of files) if (each.startsWith(`${path}/`)) return true;
    return false;
  }

  isIgnored(path: string): boolean {
    return isIgnored(this.listing, path);
  }

  *paths(): Iterable<string> {
    const { files } = this.listing;
    yield* files;
    for (const each of this.#unsaved) if (!files.has(each)) yield each;
  }

  packagePaths(): readonly string[] {
    this.#packages ??= [...this.paths()]
      .filter((path) => path.endsWith(".ocu.star") && !/(^|\/)repo\.ocu\.star$/.test(path))
      .sort();
    return this.#packages;
  }

  file(path: string): FileView | undefined {
    const uri = this.#uriOf(path);
    const open = this.documents.get(uri);
    const known = this.#views.get(path);
    if (open !== undefined) {
      if (known?.source === open.source) return known;
      return this.#keep(path, viewOf(open, path, this));
    }
    if (known !== undefined && known.version === null) return known;
    const text = this.listing.texts.get(path);
    if (text === undefined) return undefined;
    const parse = (): SyntaxResult => this.parser.parse(text);
    const source = new TextSource(uri, text, this.documents.encoding);
    return this.#keep(path, new LazyFileView({ uri, version: null, source, path, repository: this, parse }));
  }

  noteLoaded(path: string): void {
    this.#loaded.add(path);
  }

  forget(path: string): void {
    this.#views.delete(path);
    if (this.#loaded.has(path)) this.revision++;
    if (this.#unsaved.has(path) !== this.#isUnsaved(path)) {
      if (!this.#unsaved.delete(path)) this.#unsaved.add(path);
      this.#changed();
    }
  }

  /** Takes note of all open documents that are its files. */
  claim(open: readonly string[]): void {
    const unsaved = new Set(open.filter((each) => this.#isUnsaved(each)));
    if (unsaved.size === this.#unsaved.size && [...unsaved].every((each) => this.#unsaved.has(each))) return;
    this.#unsaved = unsaved;
    this.#changed();
  }

  #isUnsaved(path: string): boolean {
    if (!path.endsWith(".star") || this.listing.files.has(path) || !isListedPath(path)) return false;
    return this.documents.get(this.#uriOf(path)) !== undefined;
  }

  /** Absolute paths of its folders that hold sources, or may. */
  folders(): string[] {
    return [...this.listing.folders].map((each) => join(this.root, each));
  }

  /** Forgets a folder and all that is in it. */
  leave(folder: string): void {
    if (this.#drop(folder)) this.#changed();
  }

  /**
   * Reads one path anew: a file, a folder that came (its files are listed), or something that is gone. Tells whether
   * that made a difference.
   */
  async refresh(path: string): Promise<boolean> {
    const onDisk = join(this.root, path);
    const kind = await stat(onDisk).then(
      (found) => (found.isDirectory() ? "folder" : "file"),
      () => "gone",
    );
    const { files, texts } = this.listing;
    const text = kind === "file" && path.endsWith(".star") ? await readListed(this.listing, path) : undefined;
    if (isIgnoreFile(path)) await readIgnores(this.listing, path);
    // Most of what happens in a folder is writing to files that hold no sources.
    else if (kind === "file" && files.has(path) && texts.get(path) === text) return false;
    if (kind === "folder") return this.#refreshFolder(path, onDisk);
    let isNews = false;
    if (kind === "file") {
      files.add(path);
      this.#setText(path, text);
      isNews = true;
    } else isNews = this.#drop(path);
    if (isNews) this.#changed();
    return isNews;
  }

  /** Forgets a path and what is below it; tells whether there was something. */
  #drop(path: string): boolean {
    const { files, folders, ignores, hidden } = this.listing;
    const below = (each: string): boolean => each === path || each.startsWith(`${path}/`);
    const gone = [...files].filter(below);
    for (const each of gone) {
      files.delete(each);
      this.#setText(each, undefined);
    }
    for (const each of [...folders].filter(below)) folders.delete(each);
    for (const each of [...ignores.keys()].filter(below)) ignores.delete(each);
    for (const each of [...hidden.keys()].filter(below)) hidden.delete(each);
    return gone.length > 0;
  }

  /** Takes over what a folder holds now. */
  async #refreshFolder(path: string, onDisk: string): Promise<boolean> {
    const prefix = path === "" ? "" : `${path}/`;
    const [inner, ...nested] = await listRepositories(onDisk);
    for (const each of nested) this.adopt(each);
    if (path !== "" && inner?.files.has("repo.ocu.star") === true) {
      this.adopt(inner);
      return this.#drop(path);
    }
    const { files, texts, folders, hidden } = this.listing;
    const wasHidden = [...hidden.keys()].filter((each) => each === path || each.startsWith(prefix));
    for (const each of wasHidden) hidden.delete(each);
    for (const [each, reason] of inner?.hidden ?? []) hidden.set(each === "" ? path : prefix + each, reason);
    let isNews = !folders.has(path) || wasHidden.some((each) => !hidden.has(each));
    for (const each of inner?.folders ?? []) folders.add(each === "" ? path : prefix + each);
    for (const each of inner?.files ?? []) {
      if (!files.has(prefix + each)) isNews = true;
      files.add(prefix + each);
    }
    for (const [each, ignores] of inner?.ignores ?? []) this.listing.ignores.set(prefix + each, ignores);
    for (const [each, text] of inner?.texts ?? []) {
      if (texts.get(prefix + each) === text) continue;
      this.#setText(prefix + each, text);
      isNews = true;
    }
    for (const each of [...files]) {
      if (!each.startsWith(prefix) || inner?.files.has(each.slice(prefix.length)) !== false) continue;
      files.delete(each);
      this.#setText(each, undefined);
      isNews = true;
    }
    if (isNews) this.#changed();
    return isNews;
  }

  #changed(): void {
    this.#packages = undefined;
    this.revision++;
  }

  #setText(path: string, text: string | undefined): void {
    if (text === undefined) this.listing.texts.delete(path);
    else this.listing.texts.set(path, text);
    this.#views.delete(path);
  }

  #keep(path: string, view: LazyFileView): LazyFileView {
    this.#views.delete(path);
    this.#views.set(path, view);
    // What is read from a file that is not open can be read again; the oldest is let go.
    if (this.#views.size > maxViews) {
      const [oldest] = this.#views.keys();
      if (oldest !== undefined) this.#views.delete(oldest);
    }
    return view;
  }

  #uriOf(path: string): string {
    let uri = this.#uris.get(path);
    if (uri === undefined) {
      uri = uriOfPath(join(this.root, path));
      this.#uris.set(path, uri);
    }
    return uri;
  }
}
