import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Parser, SyntaxResult } from "@ocuroot/starlark";
import { repositoryNameOf } from "../analysis/repositoryName.ts";
import type { FileView, RepositoryView } from "../analysis/snapshot.ts";
import { pathOfUri, relativeTo, uriOfPath } from "../paths.ts";
import { TextSource } from "../text/textSource.ts";
import type { Documents, OpenDocument } from "./documents.ts";
import { LazyFileView } from "./fileView.ts";
import { FolderWatcher } from "./folderWatcher.ts";
import {
  findRepositoryRoot,
  isIgnored,
  isIgnoreFile,
  isListedPath,
  type Listing,
  listRepositories,
  readIgnores,
  readSource,
} from "./listing.ts";

/** What a change on disk or in the editor may have made wrong. */
export interface WorkspaceChange {
  readonly repositories: ReadonlySet<string>;
  /** Roots of those that are no more. */
  readonly removed?: readonly string[];
}

/**
 * Repositories and their files: what is on disk, overlaid by what is open. Answers from memory; disks are read in the
 * background, when a folder is added, a document outside of the known roots is opened, or a watched file changes.
 */
export class Workspace {
  readonly #repositories = new Map<string, Repository>();
  readonly #pendingRoots = new Map<string, Promise<void>>();
  readonly #loose = new Map<string, LazyFileView>();
  readonly #listeners: ((change: WorkspaceChange) => void)[] = [];
  #watcher: FolderWatcher | undefined;
  /** The changes that are being read. */
  #changes: Promise<void> = Promise.resolve();

  constructor(
    readonly parser: Parser,
    readonly documents: Documents,
  ) {}

  get repositories(): readonly RepositoryView[] {
    return [...this.#repositories.values()];
  }

  onChange(listener: (change: WorkspaceChange) => void): void {
    this.#listeners.push(listener);
  }

  /** Follows the disk by itself, for a client that sends no events of watched files. */
  followDisk(run: (work: () => Promise<void>) => void): void {
    this.#watcher ??= new FolderWatcher((paths) => run(() => this.filesChanged(paths)));
    this.#follow();
  }

  dispose(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
  }

  /** The file at a URI, when it is open or part of a listed repository. */
  view(uri: string): FileView | undefined {
    const path = pathOfUri(uri);
    const repository = path === undefined ? undefined : this.#repositoryOfPath(path);
    const inside = repository && path !== undefined ? relativeTo(repository.root, path) : undefined;
    if (repository && inside !== undefined) return repository.file(inside);
    const open = this.documents.get(uri);
    if (open === undefined) return undefined;
    const known = this.#loose.get(uri);
    if (known?.source === open.source) return known;
    const view = viewOf(open, undefined, undefined);
    this.#loose.set(uri, view);
    return view;
  }

  /** Lists the folder's repositories (all below it, and the one that holds it). */
  async addFolder(folder: string): Promise<void> {
    await this.#list((await findRepositoryRoot(folder)) ?? folder);
  }

  /** Forgets the repositories in a folder; returns their roots. */
  removeFolder(folder: string): string[] {
    const removed = [...this.#repositories.keys()].filter((root) => relativeTo(folder, root) !== undefined);
    for (const root of removed) this.#repositories.delete(root);
    this.#notify(new Set(removed));
    return removed;
  }

  /** Tells the name that evaluation or git gives a repository whose text does not say it. */
  nameRepository(root: string, name: string | undefined): void {
    const repository = this.#repositories.get(root);
    if (repository !== undefined) repository.learnedName = name;
  }

  /** Makes sure that the repository of an opened document is listed. */
  async addDocument(uri: string): Promise<void> {
    const path = pathOfUri(uri);
    if (path === undefined || this.#repositoryOfPath(path) !== undefined) return;
    const root = await findRepositoryRoot(dirname(path));
    if (root !== undefined) await this.#list(root);
  }

  /** Takes note of an edited, opened or closed document. */
  documentChanged(uri: string): void {
    this.#loose.delete(uri);
    const path = pathOfUri(uri);
    const repository = path === undefined ? undefined : this.#repositoryOfPath(path);
    if (repository && path !== undefined) repository.forget(relativeTo(repository.root, path) ?? "");
  }

  /** Reads what watched-file events say has changed; one after the other, so that what was read last is what stays. */
  filesChanged(paths: readonly string[]): Promise<void> {
    const work = this.#changes.then(() => this.#readChanges(paths));
    this.#changes = work.catch(() => undefined);
    return work;
  }

  async #readChanges(paths: readonly string[]): Promise<void> {
    // A listing that is under way may have seen what was there before.
    await Promise.allSettled([...this.#pendingRoots.values()]);
    const touched = new Set<string>();
    for (const path of paths) {
      const repository = this.#repositoryOfPath(path);
      const inside = repository && relativeTo(repository.root, path);
      if (!repository || inside === undefined || !isListedPath(inside)) continue;
      if (/.\/repo\.ocu\.star$/.test(inside) && (await isFile(path))) {
        // From now on the folder is a repository of its own.
        repository.leave(dirname(inside));
        await this.#list(dirname(path));
      } else if (!(await repository.refresh(inside))) continue;
      touched.add(repository.root);
    }
    const removed = await this.#dropNested(paths);
    for (const { outer } of removed) touched.add(outer);
    if (touched.size > 0)
      this.#notify(
        touched,
        removed.map((each) => each.root),
      );
  }

  /** Gives to the repository around it what one is left of whose `repo.ocu.star` is gone. */
  async #dropNested(paths: readonly string[]): Promise<{ readonly root: string; readonly outer: string }[]> {
    const removed: { root: string; outer: string }[] = [];
    for (const { root } of [...this.#repositories.values()]) {
      const file = join(root, "repo.ocu.star");
      if (!paths.some((path) => path === file || relativeTo(path, root) !== undefined)) continue;
      const outer = this.#repositoryOfPath(dirname(root));
      if (outer === undefined || (await isFile(file))) continue;
      this.#repositories.delete(root);
      await outer.refresh(relativeTo(outer.root, root) ?? "");
      removed.push({ root, outer: outer.root });
    }
    return removed;
  }

  async #list(root: string): Promise<void> {
    const running = this.#pendingRoots.get(root);
    if (running !== undefined) return running;
    const work = (async () => {
      const listings = await listRepositories(root);
      for (const listing of listings) this.#adopt(listing);
      this.#notify(new Set(listings.map((each) => each.root)));
    })().finally(() => this.#pendingRoots.delete(root));
    this.#pendingRoots.set(root, work);
    return work;
  }

  #adopt(listing: Listing): void {
    const adopt = (nested: Listing): void => {
      if (!this.#repositories.has(nested.root)) this.#adopt(nested);
    };
    this.#repositories.set(listing.root, new Repository(listing, this.parser, this.documents, adopt));
  }

  /** The innermost repository that holds a path. */
  #repositoryOfPath(path: string): Repository | undefined {
    let best: Repository | undefined;
    for (const repository of this.#repositories.values()) {
      if (relativeTo(repository.root, path) === undefined) continue;
      if (best === undefined || repository.root.length > best.root.length) best = repository;
    }
    return best;
  }

  #follow(): void {
    if (this.#watcher === undefined) return;
    const folders = new Set<string>();
    for (const repository of this.#repositories.values()) {
      for (const folder of repository.folders()) folders.add(folder);
    }
    this.#watcher.follow(folders);
  }

  #notify(repositories: ReadonlySet<string>, removed: readonly string[] = []): void {
    this.#follow();
    for (const listener of this.#listeners) listener({ repositories, removed });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** An open document as features see it. Its text is not read before one of them asks. */
function viewOf(open: OpenDocument, path: string | undefined, repository: RepositoryView | undefined): LazyFileView {
  const { uri, version, source, lineage } = open;
  return new LazyFileView({ uri, version, source, path, repository, parse: () => open.syntax, lineage });
}

/** How many files' trees and tables are kept, read or open. */
const maxViews = 1_000;

class Repository implements RepositoryView {
  readonly uri: string;
  revision = 0;
  readonly #loaded = new Set<string>();
  /** Making a URI of a path is slow, and paths are asked for again and again. */
  readonly #uris = new Map<string, string>();
  readonly #views = new Map<string, LazyFileView>();
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
    return this.listing.files.has(path) || this.documents.get(this.#uriOf(path)) !== undefined;
  }

  hasFolder(path: string): boolean {
    const { folders, files } = this.listing;
    if (folders.has(path)) return true;
    for (const each of files) if (each.startsWith(`${path}/`)) return true;
    return false;
  }

  isIgnored(path: string): boolean {
    return isIgnored(this.listing, path);
  }

  paths(): Iterable<string> {
    return this.listing.files;
  }

  packagePaths(): readonly string[] {
    this.#packages ??= [...this.listing.files]
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
    const text = kind === "file" && path.endsWith(".star") ? await readSource(onDisk) : undefined;
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
    const { files, folders, ignores } = this.listing;
    const below = (each: string): boolean => each === path || each.startsWith(`${path}/`);
    const gone = [...files].filter(below);
    for (const each of gone) {
      files.delete(each);
      this.#setText(each, undefined);
    }
    for (const each of [...folders].filter(below)) folders.delete(each);
    for (const each of [...ignores.keys()].filter(below)) ignores.delete(each);
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
    let isNews = !this.listing.folders.has(path);
    const { files, texts, folders } = this.listing;
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
