/**
 * Mends what can be mended in a store, after everything it touches was copied beside the store.
 *
 * Marker, unreadable journals and what keeps a store from being opened come first, without the lock; everything else is one
 * transaction, on what is there once the lock is held. What is mended may show what else is wrong (a document that is back
 * has links again), so the store is looked at until nothing more can be mended.
 */
import { cp, mkdir, rm, rmdir, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { bodyTypes, readRunBody, refs, runBody, runStatuses } from "../release/documents.ts";
import { errorCode, removeFile, replaceFile, storeError, writeDurably } from "../state/file/disk.ts";
import { layoutOf, markerText } from "../state/file/layout.ts";
import type { DocumentRef, Store, Transaction } from "../state/store.ts";
import type { StateStores } from "../state/stores.ts";
import { cloneFolder, lookAtStores, type StoreFolder } from "./check.ts";
import type { Mend, StoreProblem } from "./problems.ts";

export interface RepairOptions {
  /** Opens the stores, once their markers can be read. Closed by us. */
  readonly open: () => Promise<Pick<StateStores, "state" | "intent" | "close">>;
  readonly now: Date;
}

export interface Repair extends StoreFolder {
  readonly mended: readonly StoreProblem[];
  /** Folder with copies of all files as they were; undefined when nothing was touched. */
  readonly backup: string | undefined;
}

const maxRounds = 4;

/** Repairs both stores. Throws StoreError when they cannot be written to. */
export async function repairStores(stores: readonly StoreFolder[], options: RepairOptions): Promise<Repair[]> {
  const repairers = stores.map((store) => new Repairer(stores, store, options.now));
  for (const repairer of repairers) await repairer.makeOpenable();
  const opened = await options.open();
  try {
    for (const repairer of repairers) {
      await repairer.seeRestored();
      for (let round = 0; round < maxRounds && (await repairer.round(opened[repairer.store.kind])); round++);
    }
  } finally {
    await opened.close();
  }
  return repairers.map(({ store, mended, backup }) => ({ ...store, mended, backup }));
}

class Repairer {
  readonly mended: StoreProblem[] = [];
  backup: string | undefined;
  readonly #layout;

  /** What a clone may restore from its branch. */
  #suspects: readonly StoreProblem[] = [];

  constructor(
    private readonly stores: readonly StoreFolder[],
    readonly store: StoreFolder,
    private readonly now: Date,
  ) {
    this.#layout = layoutOf(store.folder);
  }

  /** Mends what keeps anybody from opening the store or taking its lock. */
  async makeOpenable(): Promise<void> {
    const problems = await this.#look();
    if (this.store.clone !== undefined && problems.length > 0) {
      // Opening a clone that is marked so makes its files equal to the branch again.
      for (const { file } of problems) await this.#keep(file);
      await writeFile(join(cloneFolder(this.store.clone), "dirty"), "");
      this.#suspects = problems;
      return;
    }
    for (const problem of problems) {
      const isJournal = problem.file === this.#layout.journal && problem.mend?.kind === "remove-file";
      if (problem.mend?.kind !== "write-marker" && !isJournal) continue;
      await this.#keep(problem.file);
      if (isJournal) {
        await this.#keep(this.#layout.staged);
        await rm(this.#layout.staged, { recursive: true, force: true });
        await removeFile(problem.file);
      } else await this.#writeMarker();
      this.mended.push(problem);
    }
  }

  /** Notes what was mended by opening a clone. */
  async seeRestored(): Promise<void> {
    if (this.#suspects.length === 0) return;
    const left = new Set((await this.#look()).map(({ file }) => file));
    for (const problem of this.#suspects) {
      const says = problem.code === "foreign-file" ? "is in the backup only" : "was restored from the branch";
      if (!left.has(problem.file)) this.mended.push({ ...problem, mend: { kind: "recover", says } });
    }
  }

  /** One transaction with all that can be mended now. False when there was nothing. */
  async round(store: Store): Promise<boolean> {
    const found = (await this.#look()).filter(({ mend }) => mend && mend.kind !== "write-marker");
    if (found.length === 0) return false;
    // What processes left behind is cleared away by taking the lock, or nobody's at all.
    const leftovers = found.filter(({ code }) => code === "leftover");
    for (const { file, mend } of leftovers) {
      await this.#keep(file);
      if (mend?.kind === "remove-file") await removeFile(file);
    }
    const done = await store.transact("Repair", async (tx) => {
      const present = (await this.#look()).filter(({ code, mend }) => mend && code !== "leftover" && code !== "marker");
      for (const problem of inOrder(present)) await this.#mend(store, tx, problem);
      return present;
    });
    this.mended.push(...leftovers, ...done);
    return true;
  }

  async #look(): Promise<readonly StoreProblem[]> {
    const checks = await lookAtStores(this.stores);
    return checks.find(({ kind }) => kind === this.store.kind)?.problems ?? [];
  }

  async #mend(store: Store, tx: Transaction, { code, file, mend }: StoreProblem): Promise<void> {
    if (!mend) return;
    if (mend.kind === "remove-folder") return await removeEmptyFolder(file, this.#layout.refs);
    await this.#keep(file);
    if (mend.kind === "remove-file") return await unlink(file).catch(ignoreAbsent);
    // A transaction reads what it replaces, which cannot be read.
    if (code === "damaged-document") await removeFile(file);
    await change(store, tx, mend, this.now.toISOString());
  }

  /** Copies a file or folder to the backup, once. */
  async #keep(path: string): Promise<void> {
    this.backup ??= await this.#makeBackup();
    const copy = join(this.backup, relative(this.#base, path));
    try {
      await mkdir(dirname(copy), { recursive: true });
      await cp(path, copy, { recursive: true, force: false });
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw storeError(error, copy, "write");
    }
  }

  /** What is copied from: of a clone all of it, since what is strange within a clone is cleared away. */
  get #base(): string {
    return this.store.clone ?? this.store.folder;
  }

  /** `state.backup-2026-11-22T17-40-00` beside the store. */
  async #makeBackup(): Promise<string> {
    const time = this.now.toISOString().slice(0, 19).replaceAll(":", "-");
    const folder = this.#base;
    for (let number = 1; ; number++) {
      const path = join(dirname(folder), `${basename(folder)}.backup-${time}${number === 1 ? "" : `-${number}`}`);
      try {
        await mkdir(path);
        return path;
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw storeError(error, path, "write");
      }
    }
  }

  async #writeMarker(): Promise<void> {
    const draft = `${this.#layout.marker}.${process.pid}`;
    try {
      await writeDurably(draft, markerText(this.store.kind));
      await replaceFile(draft, this.#layout.marker);
    } catch (error) {
      await removeFile(draft).catch(() => {});
      throw storeError(error, this.#layout.marker, "write");
    }
  }
}

/** Lists of links first: links that are changed then keep them right. */
const order: readonly Mend["kind"][] = ["list-links", "write", "delete", "interrupt", "link", "unlink"];

function inOrder(problems: readonly StoreProblem[]): StoreProblem[] {
  const place = ({ mend }: StoreProblem) => (mend ? order.indexOf(mend.kind) : -1);
  return problems.toSorted((a, b) => place(a) - place(b));
}

async function change(store: Store, tx: Transaction, mend: Mend, time: string): Promise<void> {
  switch (mend.kind) {
    case "write":
      return tx.set(mend.ref, mend.bodyType, mend.body);
    case "delete":
      return tx.delete(mend.ref);
    case "unlink":
      return tx.unlink(mend.ref);
    case "link":
      return tx.link(mend.ref, mend.target);
    case "list-links": {
      const stored = await store.read(mend.ref);
      if (stored?.kind !== "ref") return;
      // A document made anew has no links but those it is given.
      tx.delete(mend.ref);
      tx.set(mend.ref, stored.bodyType, stored.body);
      for (const link of mend.links) tx.link(link, mend.ref);
      return;
    }
    case "interrupt":
      return await interrupt(store, tx, mend.run, time);
  }
}

/** A run whose process is gone ends as one that was interrupted by a signal does. */
async function interrupt(store: Store, tx: Transaction, run: DocumentRef, time: string): Promise<void> {
  const stored = await store.read(run);
  if (stored?.kind === "ref") {
    const document = readRunBody(run, stored.body);
    const failure = { message: "interrupted", stack: [], interrupted: true } as const;
    tx.set(run, bodyTypes.run, runBody({ ...document, ended: time, failure }));
  }
  for (const status of runStatuses) if (status !== "failed") tx.delete(refs.status(run, status));
  tx.set(refs.status(run, "failed"), bodyTypes.marker, { time });
}

/** With the folders above that it leaves empty. */
async function removeEmptyFolder(folder: string, top: string): Promise<void> {
  for (let current = folder; current.length > top.length; current = dirname(current)) {
    if (
      !(await rmdir(current).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
}

function ignoreAbsent(error: unknown): void {
  if (errorCode(error) !== "ENOENT") throw error;
}
