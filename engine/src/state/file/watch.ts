/**
 * Following a store without polling, at a cost that does not grow with the number of documents.
 *
 * Changes by our own commands arrive through the change feed: one watched folder. For other writers (the public tool, git,
 * a person) macOS and Windows watch a whole tree for free; on Linux every folder costs a watch, so we watch only those in
 * which something new shows: the folders down to each package file, its `@`, and its newest release. What the feed has
 * announced is not reported a second time, as long as the file is the one that was announced.
 */
import { type FSWatcher, statSync, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { documentFileName } from "../../refs/disk.ts";
import { releaseNumber } from "../../refs/ref.ts";
import { type DocumentRef, type StoreChange, StoreError } from "../store.ts";
import { ChangeFeedReader } from "./changeFeed.ts";
import type { StoreLayout } from "./layout.ts";

/** Changes within this time are reported together; foreign ones wait longer, for the feed to claim them. Milliseconds. */
const gatherFor = 20;
const gatherForeignFor = 120;
/** How long what we see on disk is compared with what was announced. Milliseconds. */
const announcedFor = 2000;
const maxFolders = 4000;

export interface WatchOptions {
  /** Whether the system watches trees (macOS, Windows). */
  readonly wholeTree?: boolean;
}

/** Starts watching; `onChange` is called until `close`. A store that is not there yet is waited for. */
export async function watchStore(
  layout: StoreLayout,
  onChange: (change: StoreChange) => void,
  options: WatchOptions = {},
): Promise<{ close(): void }> {
  const watcher = new StoreWatcher(layout, onChange, options.wholeTree ?? process.platform !== "linux");
  await watcher.start();
  return watcher;
}

/** A watch, and the folder it was set on: one that is made anew in the same place has another identity. */
interface WatchedFolder {
  readonly watcher: FSWatcher;
  readonly identity: string;
}

/** When a document was announced (milliseconds since 1970), and which file it was then; "" for none. */
interface Announced {
  readonly at: number;
  readonly identity: string;
}

class StoreWatcher {
  private readonly feed: ChangeFeedReader;
  private readonly folders = new Map<string, WatchedFolder>();
  private readonly announced = new Map<DocumentRef, Announced>();
  private readonly foreign = new Set<DocumentRef>();
  private readonly gathered = new Set<DocumentRef>();
  private hasAll = false;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private isClosed = false;
  private scanning: Promise<void> = Promise.resolve();

  constructor(
    private readonly layout: StoreLayout,
    private readonly onChange: (change: StoreChange) => void,
    private readonly wholeTree: boolean,
  ) {
    this.feed = new ChangeFeedReader(layout);
  }

  async start(): Promise<void> {
    await this.feed.skipToEnd();
    await this.attach();
    if (this.folders.size > 0) return;
    throw new StoreError(`${this.layout.root} cannot be watched: the system has no file watches left.`, "full");
  }

  close(): void {
    this.isClosed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const { watcher } of this.folders.values()) watcher.close();
    this.folders.clear();
  }

  /** Watches what is there; for what is not, the nearest folder above, and tries again when that changes. */
  private async attach(): Promise<void> {
    const { local, refs } = this.layout;
    const hasFeed = this.watchFolder(local, (name) => {
      if (name === null || name === basename(this.layout.changes)) this.later("feed", gatherFor, () => this.readFeed());
      if (name === null || name === basename(local)) this.attachLater();
    });
    const hasRefs = this.wholeTree
      ? this.watchTree()
      : this.watchFolder(refs, (name) => {
          this.seen([], name);
          if (name === null || name === basename(refs)) this.attachLater();
        });
    if (hasRefs && !this.wholeTree) await this.scan([]);
    if (hasFeed && hasRefs) return;
    for (let folder = this.layout.root; ; folder = dirname(folder)) {
      const isWatched = this.watchFolder(folder, () => this.attachLater());
      if (isWatched || folder === dirname(folder)) return;
    }
  }

  private attachLater(): void {
    this.later("attach", gatherFor, () => this.attachAgain());
  }

  /** The store came, or it went, as a whole or to be made anew: then all of it may be different. */
  private async attachAgain(): Promise<void> {
    const isWhole = () => this.folders.has(this.layout.local) && this.folders.has(this.layout.refs);
    const isOther = this.forgetLostFolders();
    const before = isWhole();
    await this.attach();
    if (isOther) await this.feed.skipToEnd();
    else if (before) return;
    else await this.readFeed();
    this.report("all");
  }

  /** A watch dies with its folder, without a word. Looks at the store's own folders and those above; true if one was lost. */
  private forgetLostFolders(): boolean {
    const { root, local, refs } = this.layout;
    const above = (folder: string) => folder === root || root.startsWith(folder.endsWith(sep) ? folder : folder + sep);
    const isLost = ([folder, { identity }]: [string, WatchedFolder]) =>
      (folder === local || folder === refs || above(folder)) && identityOf(folder) !== identity;
    const lost = [...this.folders].filter(isLost).map(([folder]) => folder);
    for (const gone of lost) {
      for (const [folder, { watcher }] of this.folders) {
        if (folder !== gone && !folder.startsWith(gone + sep)) continue;
        watcher.close();
        this.folders.delete(folder);
      }
    }
    return lost.length > 0;
  }

  private watchTree(): boolean {
    return this.watchFolder(
      this.layout.refs,
      (name) => {
        if (name === null) return this.foreignChange([]);
        const segments = name.split(sep);
        if (segments.at(-1) === documentFileName) this.foreignChange(segments.slice(0, -1));
        else this.foreignChange(segments);
      },
      true,
    );
  }

  /** Watches one folder; false when it cannot be watched (absent, or the system has no watches left). */
  private watchFolder(folder: string, onEvent: (name: string | null) => void, recursive = false): boolean {
    if (this.isClosed || this.folders.has(folder)) return true;
    try {
      const identity = identityOf(folder);
      const watcher = watch(folder, { recursive, persistent: true }, (_event, name) => {
        if (!this.isClosed) onEvent(name);
      });
      const forget = () => {
        watcher.close();
        if (this.folders.get(folder)?.watcher === watcher) this.folders.delete(folder);
      };
      watcher.on("error", () => {
        forget();
        this.attachLater();
      });
      this.folders.set(folder, { watcher, identity });
      return true;
    } catch {
      return false;
    }
  }

  /** Something changed in a watched folder of `refs`. */
  private seen(segments: readonly string[], name: string | null): void {
    const isHere = name === documentFileName || name === null;
    this.foreignChange(isHere ? segments : [...segments, name]);
    if (isHere) return;
    this.later(`scan ${segments.join("/")}`, gatherFor, () => this.scan(segments));
  }

  /** Watches the folders below that are worth it. Runs one at a time: each looks at what is there when its turn comes. */
  private scan(segments: readonly string[]): Promise<void> {
    this.scanning = this.scanning.then(() => this.scanFolder(segments)).catch(() => {});
    return this.scanning;
  }

  private async scanFolder(segments: readonly string[]): Promise<void> {
    if (this.isClosed) return;
    const folder = join(this.layout.refs, ...segments);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      this.folders.get(folder)?.watcher.close();
      this.folders.delete(folder);
      return;
    }
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    for (const name of worthWatching(segments, names)) {
      const child = [...segments, name];
      const path = join(this.layout.refs, ...child);
      if (this.folders.has(path)) continue;
      if (this.folders.size >= maxFolders || !this.watchFolder(path, (changed) => this.seen(child, changed))) return;
      await this.scanFolder(child);
    }
  }

  private foreignChange(segments: readonly string[]): void {
    this.foreign.add(segments.join("/"));
    this.later("foreign", gatherForeignFor, () => this.reportForeign());
  }

  private async reportForeign(): Promise<void> {
    await this.readFeed();
    const now = Date.now();
    for (const [ref, { at }] of this.announced) if (now - at > announcedFor) this.announced.delete(ref);
    const seen = [...this.foreign];
    this.foreign.clear();
    const above = foldersAbove(this.announced.keys());
    // One after the other, here and below: a disk that hangs then keeps one thread of the process, not all.
    const unknown: DocumentRef[] = [];
    for (const ref of seen) if (!(await this.isAnnounced(ref, above))) unknown.push(ref);
    if (unknown.length > 0) this.report({ refs: unknown });
  }

  /** True when what is at `ref` is what was announced: nobody else has been there since. */
  private async isAnnounced(ref: DocumentRef, above: ReadonlySet<string>): Promise<boolean> {
    const announced = this.announced.get(ref);
    if (announced !== undefined) return (await this.documentIdentity(ref)) === announced.identity;
    // A folder comes, and goes, with the documents below it.
    if (!above.has(ref)) return false;
    const isThere = await stat(join(this.layout.refs, ref)).then(
      () => true,
      () => false,
    );
    return isThere || ![...this.announced].some(([other, { identity }]) => isWithin(other, ref) && identity !== "");
  }

  private async readFeed(): Promise<void> {
    const change = await this.feed.read().catch(() => "all" as const);
    if (change === undefined) return;
    if (change !== "all") {
      // Before it is reported: whoever reads the documents then sees these files, or what we are told of as foreign.
      for (const ref of change.refs) {
        const identity = await this.documentIdentity(ref);
        this.announced.set(ref, { at: Date.now(), identity });
      }
    }
    this.report(change);
  }

  /** Tells one file of a document from the next: a write puts another one in its place, or has another time. */
  private async documentIdentity(ref: DocumentRef): Promise<string> {
    try {
      const stats = await stat(join(this.layout.refs, ref, documentFileName), { bigint: true });
      return `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
    } catch {
      return "";
    }
  }

  private report(change: StoreChange): void {
    if (change === "all") this.hasAll = true;
    else for (const ref of change.refs) this.gathered.add(ref);
    this.later("report", gatherFor, async () => {
      const refs = [...this.gathered];
      const all = this.hasAll || this.gathered.has("");
      this.gathered.clear();
      this.hasAll = false;
      this.onChange(all ? "all" : { refs });
    });
  }

  private later(key: string, delay: number, action: () => Promise<void>): void {
    if (this.isClosed || this.timers.has(key)) return;
    const timer = setTimeout(() => {
      this.timers.delete(key);
      if (!this.isClosed) void action().catch(() => this.isClosed || this.report("all"));
    }, delay);
    this.timers.set(key, timer);
  }
}

/** Tells a folder from another one that takes its place later; "" when it is not there. */
function identityOf(folder: string): string {
  try {
    const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
    return `${dev} ${ino} ${birthtimeNs}`;
  } catch {
    return "";
  }
}

/** Which children of a folder to watch: paths, `@`, the newest release and everything in those two. */
function worthWatching(segments: readonly string[], names: readonly string[]): readonly string[] {
  const isBelowRelease = segments.some((segment) => segment.startsWith("@"));
  if (isBelowRelease) return names;
  const releases = names.filter((name) => releaseNumber(name.slice(1)) !== undefined && name.startsWith("@"));
  const newest = releases.sort((a, b) => releaseNumber(b.slice(1))! - releaseNumber(a.slice(1))!)[0];
  return names.filter((name) => !name.startsWith("@") || name === "@" || name === newest);
}

/** All folders in which these documents lie. */
function foldersAbove(refs: Iterable<DocumentRef>): Set<string> {
  const found = new Set<string>();
  for (const ref of refs) {
    for (let end = ref.lastIndexOf("/"); end > 0; end = ref.lastIndexOf("/", end - 1)) {
      const folder = ref.slice(0, end);
      if (found.has(folder)) break;
      found.add(folder);
    }
  }
  return found;
}

function isWithin(ref: DocumentRef, folder: DocumentRef): boolean {
  return folder === "" || ref === folder || ref.startsWith(`${folder}/`);
}
