import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Parser } from "@ocuroot/starlark";
import type { FileView, RepositoryView } from "../analysis/snapshot.ts";
import { pathOfUri, relativeTo } from "../paths.ts";
import type { Documents } from "./documents.ts";
import type { LazyFileView } from "./fileView.ts";
import { FolderWatcher } from "./folderWatcher.ts";
import { findRepositoryRoot, isListedPath, type Listing, listRepositories } from "./listing.ts";
import { Repository, viewOf } from "./repository.ts";

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
    const place = this.#placeOf(uri);
    if (place !== undefined) return place.repository.file(place.path);
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
    const place = this.#placeOf(uri);
    if (place !== undefined) place.repository.forget(place.path);
  }

  /** Open documents that are in no repository. */
  looseViews(): FileView[] {
    return [...this.documents.uris()].flatMap((uri) => {
      const view = this.view(uri);
      return view === undefined || view.repository !== undefined ? [] : [view];
    });
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

  /** Which file of which repository a URI names. */
  #placeOf(uri: string): { readonly repository: Repository; readonly path: string } | undefined {
    const path = pathOfUri(uri);
    const repository = path === undefined ? undefined : this.#repositoryOfPath(path);
    const inside = repository && path !== undefined ? relativeTo(repository.root, path) : undefined;
    return repository === undefined || inside === undefined ? undefined : { repository, path: inside };
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
    // What is open and not on disk may belong to another repository now.
    const unsaved = [...this.documents.uris()].flatMap((uri) => this.#placeOf(uri) ?? []);
    for (const repository of this.#repositories.values()) {
      repository.claim(unsaved.flatMap((each) => (each.repository === repository ? [each.path] : [])));
    }
    for (const listener of this.#listeners) listener({ repositories, removed });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
