/**
 * A machine's clone of the branch that holds state (spec 3.4), shared by the stores that live in it.
 *
 * Between two turns the files are those of the remote's branch as last seen. In a turn, under a lock of this machine:
 * what a killed process left is put right; the branch is fetched if that was not done just now; each waiting transaction is
 * built, written and committed; all commits are pushed together. When others pushed first, their commits are fetched, ours
 * undone, and the same transactions built again on top: so numbers differ and nothing is lost. Only then the callers learn
 * that they are done. When the remote does not answer, ours are undone and the callers get the error.
 */
import { randomUUID } from "node:crypto";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { documentFileName } from "../../refs/disk.ts";
import { announce } from "../file/changeFeed.ts";
import { commitChanges, discard, type FileChange } from "../file/commit.ts";
import { makeFolders, removeFile, storeError } from "../file/disk.ts";
import { layoutOf, markerText, readMarker, type StoreKind, type StoreLayout } from "../file/layout.ts";
import { acquireLock } from "../file/lock.ts";
import { StoreError } from "../store.ts";
import { git, withoutCredentials } from "./git.ts";
import { fetchBranch, findCommit, type GitRemote, hasFile, isAncestor, pushCommit, trackingRef } from "./remote.ts";
import { moveWorktree, repairWorktree } from "./worktree.ts";

/** A store within a clone: at its root, or in `state/` and `intent/`. */
export interface CloneStore {
  readonly kind: StoreKind;
  readonly layout: StoreLayout;
  /** Folder from the clone's root with a trailing `/`; "" for the root. */
  readonly prefix: string;
}

/** A transaction that waits to be committed and pushed. `plan` may be asked several times, on newer and newer state. */
export interface CloneWork {
  readonly store: CloneStore;
  readonly message: string;
  plan(): Promise<readonly FileChange[]>;
  done(): void;
  fail(error: unknown): void;
}

export interface CloneOptions extends GitRemote {
  /** Content by path, kept at the root of the branch. */
  readonly supportFiles: Readonly<Record<string, string>>;
  readonly lockTimeout?: number;
  /** Told what a person should know, though it does not keep anything from going on. */
  readonly onNotice?: (text: string) => void;
}

/** The remote's branch is fetched before a turn unless it was seen this recently. Milliseconds. */
const freshFor = 3000;
/** How long a git command of a killed process may still hold files of the clone. Milliseconds. */
const gitFinishesWithin = 3000;
const maxTurnWork = 50;
const maxTries = 100;

export class GitClone {
  readonly stores: CloneStore[] = [];
  private readonly queue: CloneWork[] = [];
  private draining: Promise<void> | undefined;
  private seenAt = Number.NEGATIVE_INFINITY;
  private readonly local: string;
  /** Stores whose marker and support files are known to be there. */
  private readonly hasRootFiles = new Set<string>();

  constructor(
    readonly folder: string,
    private readonly options: CloneOptions,
  ) {
    this.local = join(folder, ".git", "ocuroot");
  }

  get branch(): string {
    return this.options.branch;
  }

  /** Brings the files up to date with the remote. Throws StoreError when it does not answer. */
  async refresh(): Promise<void> {
    await this.inTurn(async () => {
      this.seenAt = Number.NEGATIVE_INFINITY;
      await this.catchUp();
    });
  }

  submit(work: CloneWork): void {
    this.queue.push(work);
    this.draining ??= this.drain();
  }

  async idle(): Promise<void> {
    while (this.draining !== undefined) await this.draining;
  }

  private async drain(): Promise<void> {
    // Work that is asked for in the same moment goes into the same push.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const turn = this.queue.splice(0, maxTurnWork);
      try {
        await this.inTurn(() => this.runTurn(turn));
      } catch (error) {
        const failed = storeError(error, this.folder, "write");
        for (const work of turn) work.fail(failed);
      }
    }
    this.draining = undefined;
  }

  /** Runs with the lock held and the files put right. */
  private async inTurn(run: () => Promise<void>): Promise<void> {
    await this.makeFolder();
    let isTakenOver = false;
    const lock = await acquireLock(this.local, {
      timeout: this.options.lockTimeout ?? 120_000,
      onTakeOver: () => {
        isTakenOver = true;
      },
    });
    try {
      if (isTakenOver) await this.clearGitLocks();
      await this.prepare();
      if (await isThere(this.dirtyMark)) await this.repair();
      await run();
    } finally {
      await lock.release();
    }
  }

  private async makeFolder(): Promise<void> {
    try {
      await makeFolders(this.local);
    } catch (error) {
      throw storeError(error, this.folder, "write");
    }
  }

  /** Makes the clone, once. Under the lock: of two that make it at once, git has one fail. */
  private async prepare(): Promise<void> {
    const ready = join(this.local, "ready");
    if (await isThere(ready)) return;
    try {
      await git(["init", "--quiet", "--initial-branch", this.options.branch], { cwd: this.folder });
      await writeFile(ready, "");
    } catch (error) {
      throw storeError(error, this.folder, "write");
    }
  }

  private async runTurn(turn: readonly CloneWork[]): Promise<void> {
    await this.catchUp();
    let waiting = [...turn];
    for (let attempt = 0; waiting.length > 0; attempt++) {
      if (attempt > maxTries) {
        const { branch } = this.options;
        throw new StoreError(
          `The branch ${branch} changes faster than it can be pushed to; nothing was written.`,
          "remote",
        );
      }
      await writeFile(this.dirtyMark, "");
      waiting = await this.commitAll(waiting);
      if (await this.publish()) {
        await removeFile(this.dirtyMark);
        for (const work of waiting) work.done();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(1000, 20 * (attempt + 1))));
      await this.fetch().catch(async (error: unknown) => {
        await this.undo();
        throw error;
      });
    }
  }

  /** Builds and commits each transaction. Returns those that could be built; the others know what is wrong. */
  private async commitAll(all: readonly CloneWork[]): Promise<CloneWork[]> {
    const committed: CloneWork[] = [];
    for (const work of all) {
      let changes: readonly FileChange[];
      try {
        changes = await work.plan();
      } catch (error) {
        work.fail(error);
        continue;
      }
      try {
        if (changes.length > 0) await this.commitChanges(work, changes);
      } catch (error) {
        await this.repair();
        throw error;
      }
      committed.push(work);
    }
    return committed;
  }

  /** Pushes what was committed; false when others were faster. Undoes it and throws when that is not possible. */
  private async publish(): Promise<boolean> {
    const head = await findCommit(this.folder, "HEAD");
    if (head === undefined || head === (await this.tracking())) return true;
    try {
      const result = await pushCommit(this.folder, this.options, head);
      this.seenAt = performance.now();
      return result === "pushed";
    } catch (error) {
      // The answer may have got lost on its way: then the commit is there.
      const arrived = await this.hasArrived(head);
      if (arrived) return true;
      await this.undo();
      throw error;
    }
  }

  private async hasArrived(commit: string): Promise<boolean> {
    try {
      await fetchBranch(this.folder, this.options);
      if (!(await isAncestor(this.folder, commit, trackingRef(this.options.branch)))) return false;
      await this.undo();
      return true;
    } catch {
      return false;
    }
  }

  private async catchUp(): Promise<void> {
    if (performance.now() - this.seenAt < freshFor) return;
    await this.fetch();
  }

  private async fetch(): Promise<void> {
    const before = await this.tracking();
    const now = await fetchBranch(this.folder, this.options);
    this.seenAt = performance.now();
    if (before !== undefined && now !== undefined && before !== now) await this.keepReplaced(before, now);
    await this.undo();
  }

  /** The remote counts, also when its branch was rewritten; what it had before is kept, and told of. */
  private async keepReplaced(before: string, now: string): Promise<void> {
    if (await isAncestor(this.folder, before, now)) return;
    const { url, branch, onNotice } = this.options;
    const kept = `refs/ocuroot/replaced/${before.slice(0, 12)}`;
    await git(["update-ref", kept, before], { cwd: this.folder });
    onNotice?.(
      `The branch ${branch} of ${withoutCredentials(url)} was rewritten (force-pushed): commits that this machine had seen are gone from it. They are kept here: git -C ${this.folder} log ${kept}`,
    );
  }

  /** Whether the branch, as last seen, has a file. */
  async has(path: string): Promise<boolean> {
    const commit = await this.tracking();
    return commit !== undefined && (await hasFile(this.folder, commit, path));
  }

  /** Makes branch and files equal to the remote's branch as last seen, dropping commits that were not pushed. */
  private async undo(): Promise<void> {
    const from = await findCommit(this.folder, "HEAD");
    const to = await this.tracking();
    if (from === to) return;
    this.hasRootFiles.clear();
    await writeFile(this.dirtyMark, "");
    const paths = await moveWorktree(this.folder, from, to);
    await this.setHead(to);
    await removeFile(this.dirtyMark);
    await this.announcePaths(paths);
  }

  /** Puts right what a process that was killed, or a write that failed, left half done. */
  private async repair(): Promise<void> {
    for (const subfolder of ["", "state", "intent"]) await discard(layoutOf(join(this.folder, subfolder)));
    await repairWorktree(this.folder, await findCommit(this.folder, "HEAD"));
    await this.undo();
    await removeFile(this.dirtyMark);
  }

  /** Removes the lock files of a git that was killed. One that outlived its process gets time to finish. */
  private async clearGitLocks(): Promise<void> {
    const { branch } = this.options;
    const names = ["index", "HEAD", "packed-refs", "config", `refs/heads/${branch}`, trackingRef(branch)];
    const deadline = performance.now() + gitFinishesWithin;
    for (const name of names) {
      const path = join(this.folder, ".git", `${name}.lock`);
      while (performance.now() < deadline && (await isThere(path)))
        await new Promise((resolve) => setTimeout(resolve, 50));
      await removeFile(path);
    }
  }

  private async commitChanges(work: CloneWork, changes: readonly FileChange[]): Promise<void> {
    const { layout, prefix, kind } = work.store;
    const paths = await this.writeRootFiles(layout, prefix, kind);
    await mkdir(layout.local, { recursive: true });
    await writeFile(join(layout.local, ".gitignore"), "*\n");
    await commitChanges(layout, changes, () => {});
    for (const change of changes) {
      for (const ref of change.kind === "move" ? [change.from, change.to] : [change.ref]) {
        paths.push(`${prefix}refs/${ref}/${documentFileName}`);
      }
    }
    await this.commitPaths(paths, work.message);
    await this.announcePaths(paths);
    this.hasRootFiles.add(prefix);
  }

  /** The store's marker and the support files, where they are missing or differ. */
  private async writeRootFiles(layout: StoreLayout, prefix: string, kind: StoreKind): Promise<string[]> {
    if (this.hasRootFiles.has(prefix)) return [];
    const wanted = new Map(Object.entries(this.options.supportFiles));
    if ((await readMarker(layout, kind)) !== "current") wanted.set(`${prefix}.ocuroot-store`, markerText(kind));
    const changed: string[] = [];
    for (const [path, content] of wanted) {
      if (!isWithin(path)) throw new StoreError(`The support file ${path} would lie outside of the branch.`, "damaged");
      const target = join(this.folder, path);
      const staged = await git(["hash-object", "-w", "--stdin"], { cwd: this.folder, input: content });
      const present = await git(["ls-files", "-s", "--", path], { cwd: this.folder });
      if (present.includes(staged)) continue;
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
      changed.push(path);
    }
    return changed;
  }

  private async commitPaths(paths: readonly string[], message: string): Promise<void> {
    const cwd = this.folder;
    await git(["update-index", "--add", "--remove", "-z", "--stdin"], {
      cwd,
      input: paths.map((path) => `${path}\0`).join(""),
    });
    const tree = await git(["write-tree"], { cwd });
    const parent = await findCommit(cwd, "HEAD");
    // Two machines that do the same in the same second would make the very same commit, and both believe it theirs.
    const input = `${message}\n\nOcuroot-Transaction: ${randomUUID()}\n`;
    const commit = await git(["commit-tree", tree, ...(parent ? ["-p", parent] : []), "-F", "-"], { cwd, input });
    await this.setHead(commit);
  }

  private async setHead(commit: string | undefined): Promise<void> {
    const branch = `refs/heads/${this.options.branch}`;
    await git(commit === undefined ? ["update-ref", "-d", branch] : ["update-ref", branch, commit], {
      cwd: this.folder,
    });
  }

  private tracking(): Promise<string | undefined> {
    return findCommit(this.folder, trackingRef(this.options.branch));
  }

  private async announcePaths(paths: readonly string[]): Promise<void> {
    for (const { layout, prefix } of this.stores) {
      const start = `${prefix}refs/`;
      const end = `/${documentFileName}`;
      const refs = paths.flatMap((path) =>
        path.startsWith(start) && path.endsWith(end) ? [path.slice(start.length, -end.length)] : [],
      );
      if (refs.length > 0 && (await isThere(layout.local))) await announce(layout, refs).catch(() => {});
    }
  }

  private get dirtyMark(): string {
    return join(this.local, "dirty");
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isWithin(path: string): boolean {
  const segments = path.split(/[\\/]/);
  return !segments.includes("..") && !segments.includes("") && segments[0] !== ".git" && !/^[a-z]:/i.test(path);
}
