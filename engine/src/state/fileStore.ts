/** Stores in a folder (spec 3.1, 3.3): opening them, and writing with a lock, a journal and whole-file replacement. */
import { AsyncLocalStorage } from "node:async_hooks";
import { access, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ignoresCase, refuseOtherCase } from "./file/case.ts";
import { announce } from "./file/changeFeed.ts";
import { commitChanges, type FileChange, goneError, recover } from "./file/commit.ts";
import { isAbsent, makeFolders, removeFile, replaceFile, storeError, writeDurably } from "./file/disk.ts";
import { layoutOf, type MarkerState, markerText, readMarker, type StoreKind, type StoreLayout } from "./file/layout.ts";
import { acquireLock, type HeldLock, isAbandoned } from "./file/lock.ts";
import { TransactionMemo } from "./file/memo.ts";
import { type DiskGate, FileStoreReader, type ReadDocument } from "./file/reader.ts";
import { TransactionRequests } from "./file/transaction.ts";
import type { Store, StoreReader, Transaction } from "./store.ts";
import { StoreError } from "./store.ts";

export interface FileStoreOptions {
  readonly kind: StoreKind;
  /** Called before the store's folder is made, by the first write. */
  readonly beforeCreate?: () => Promise<void>;
  /** How long a write waits for another process's. Milliseconds, default 30,000. */
  readonly lockTimeout?: number;
}

/**
 * Opens the store in folder `root` for reading and writing. The folder need not exist: the first write makes it. A store
 * of version 2 is upgraded by the first write. Throws StoreError for other versions and for what is not a store.
 */
export async function openFileStore(root: string, options: FileStoreOptions): Promise<Store> {
  const { layout, isThere } = await checkedLayout(root, options.kind);
  const store = new FileStore(layout, options, isThere);
  await store.finishLeftBehind();
  return store;
}

/** Opens a store that is never written to, by whatever this process does. `gate`: who has a say in when its disk is read. */
export async function openFileStoreReader(
  root: string,
  options: { readonly kind: StoreKind; readonly gate?: DiskGate },
): Promise<StoreReader> {
  const { kind, gate } = options;
  const open = () => checkedLayout(root, kind);
  const { layout } = gate === undefined ? await open() : await gate.run(open);
  return new FileStoreReader(layout, gate);
}

async function checkedLayout(
  root: string,
  kind: StoreKind,
): Promise<{ readonly layout: StoreLayout; readonly isThere: boolean }> {
  const layout = layoutOf(root);
  try {
    const stats = await stat(root);
    if (!stats.isDirectory()) throw new StoreError(`The store ${root} is a file, not a folder.`, "damaged");
  } catch (error) {
    if (!isAbsent(error)) throw storeError(error, root, "read");
    return { layout, isThere: false };
  }
  return { layout, isThere: (await readMarker(layout, kind)) !== "absent" };
}

/** A transaction that waits for its turn. */
interface Waiting {
  run(lock: HeldLock): Promise<void>;
  fail(error: unknown): void;
}

/** How long one process may keep the lock for its own queue while others wait. Milliseconds. */
const maxTurn = 100;

class FileStore extends FileStoreReader implements Store {
  private readonly queue: Waiting[] = [];
  private draining: Promise<void> | undefined;
  private readonly inTransaction = new AsyncLocalStorage<TransactionMemo<ReadDocument>>();

  /** Whether the file system takes names for the same that differ in case only; undefined until it is known. */
  private ignoresCase: boolean | undefined;

  /** `wasThere`: the store was seen; then it is not made anew when it is gone all of a sudden. */
  constructor(
    layout: StoreLayout,
    private readonly options: FileStoreOptions,
    private wasThere: boolean,
  ) {
    super(layout);
  }

  transact<T>(_message: string, build: (tx: Transaction) => Promise<T> | T): Promise<T> {
    if (this.inTransaction.getStore()) return Promise.reject(new Error("A transaction cannot start within another."));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({
        run: async (lock) => resolve(await this.runOne(lock, build)),
        fail: reject,
      });
      this.draining ??= this.drain();
    });
  }

  protected override memo(): TransactionMemo<ReadDocument> | undefined {
    return this.inTransaction.getStore();
  }

  /** Finishes a transaction that a killed process has left half done, so that nobody reads half of it. */
  async finishLeftBehind(): Promise<void> {
    const { layout } = this;
    if (!(await exists(layout.journal)) || !(await isAbandoned(layout.local))) return;
    // Who cannot write can still read; a journal that cannot be read is told of by the next write.
    await this.lock().then(
      (lock) => lock.release(),
      () => {},
    );
  }

  override async close(): Promise<void> {
    while (this.draining !== undefined) await this.draining;
    await super.close();
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      let lock: HeldLock | undefined;
      try {
        lock = await this.lock();
        const start = Date.now();
        let mayGoOn = true;
        while (mayGoOn && this.queue.length > 0) {
          const waiting = this.queue.shift()!;
          // After a failure the lock is taken anew, which finishes what may have been left half done.
          mayGoOn = await waiting.run(lock).then(
            () => Date.now() - start < maxTurn,
            (error) => {
              waiting.fail(error);
              return false;
            },
          );
        }
      } catch (error) {
        const failed = storeError(error, this.layout.root, "write");
        for (const waiting of this.queue.splice(0)) waiting.fail(failed);
      } finally {
        await lock?.release().catch(() => {});
      }
    }
    this.draining = undefined;
  }

  /** Takes the lock, on the way making the store's folders and finishing what a dead process left behind. */
  private async lock(): Promise<HeldLock> {
    const { layout, options } = this;
    await this.requireStillThere();
    await this.makeFolders();
    let isTakenOver = false;
    const lock = await acquireLock(layout.local, {
      ...(options.lockTimeout === undefined ? {} : { timeout: options.lockTimeout }),
      onTakeOver: () => {
        isTakenOver = true;
      },
    }).catch(async (error: unknown) => {
      if (isAbsent(error)) await this.requireStillThere();
      throw error;
    });
    try {
      if (isTakenOver || (await hasLeftovers(layout))) await announce(layout, await recover(layout));
      if ((await this.requireStillThere()) !== "current") await this.writeMarker();
      this.wasThere = true;
      return lock;
    } catch (error) {
      await lock.release().catch(() => {});
      throw error;
    }
  }

  /** A store that was removed while a command works on it must not be made anew with a part of what it had. */
  private async requireStillThere(): Promise<MarkerState> {
    const marker = await readMarker(this.layout, this.options.kind);
    if (marker !== "absent" || !this.wasThere) return marker;
    throw goneError(this.layout);
  }

  private async makeFolders(): Promise<void> {
    const { layout } = this;
    if (await exists(layout.local)) return;
    try {
      await this.options.beforeCreate?.();
      await makeFolders(layout.local);
      // What is in here belongs to this machine, also when the store is kept in git.
      await writeFile(join(layout.local, ".gitignore"), "*\n");
    } catch (error) {
      throw storeError(error, layout.local, "write");
    }
  }

  private async writeMarker(): Promise<void> {
    const { layout } = this;
    const draft = join(layout.local, `marker.${process.pid}`);
    try {
      await removeFile(draft);
      await writeDurably(draft, markerText(this.options.kind));
      await replaceFile(draft, layout.marker);
    } catch (error) {
      throw storeError(error, layout.marker, "write");
    }
  }

  private async runOne<T>(lock: HeldLock, build: (tx: Transaction) => Promise<T> | T): Promise<T> {
    const requests = new TransactionRequests();
    const { result, changes } = await this.inTransaction.run(new TransactionMemo(), async () => ({
      result: await build(requests),
      changes: await requests.plan((ref) => this.readWithText(ref)),
    }));
    this.ignoresCase ??= await ignoresCase(this.layout);
    if (this.ignoresCase) for (const change of changes) await refuseOtherCase(this.layout, change);
    if (changes.length > 0) {
      await commitChanges(this.layout, changes, () => lock.check());
      // The documents are in place: a feed that cannot be written only delays what watchers see.
      await announce(this.layout, changes.flatMap(refsOf)).catch(() => {});
    }
    return result;
  }
}

function refsOf(change: FileChange): string[] {
  return change.kind === "move" ? [change.from, change.to] : [change.ref];
}

/** Whether something was prepared or begun, and not finished: for who holds the lock, by a process that is gone. */
async function hasLeftovers({ journal, staged }: StoreLayout): Promise<boolean> {
  return (await exists(journal)) || (await readdir(staged).catch(() => [])).length > 0;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
