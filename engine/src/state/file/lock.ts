/**
 * The lock of a store, across processes and machines that share a folder.
 *
 * Lock files have rising numbers (`lock.1`, `lock.2`, …) and hold the owner's record; an empty one is released. To get the
 * lock, a process sees that the highest one is released or its owner gone, and creates the next number, which only one
 * process can. It then looks again: when a higher number is there, its view was old and it gives up its file. The highest
 * file is never deleted, so that an old view always shows. That makes taking over from a dead process safe without any
 * moment at which two processes could both believe to have taken over.
 *
 * A process of this machine is seen to be alive or gone. Of one on another machine only its signs of life can be seen: it
 * writes its lock file now and then. How long ago that was is told by one clock, that of the file system, which dates the
 * lock file and a file that we write to compare: clocks of machines differ, and jump.
 */
import { readdirSync, statSync } from "node:fs";
import { type FileHandle, link, open, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { patience } from "../interruption.ts";
import { currentOwner, isSurelyAlive, ownerState, readOwner } from "../owner.ts";
import { StoreError } from "../store.ts";
import { errorCode, isAbsent, removeFile } from "./disk.ts";

/** An owner that has not shown a sign of life for so long is gone, also on another machine. Milliseconds. */
const silentAfter = 60_000;
const signEvery = 10_000;
const draftStart = "draft.";
/** What processes prepare beside the lock, and rename or link into place; all but drafts of locks while they hold it. */
const preparedFile = /^(?:draft|marker|changes)\.\d+/;

export interface HeldLock {
  /** Throws StoreError when the lock was taken away (this process was suspended for long). */
  check(): void;
  release(): Promise<void>;
}

export interface LockOptions {
  /** How long to wait for another process. Milliseconds. */
  readonly timeout?: number;
  /** Called when the lock was taken over from a process that is gone. */
  readonly onTakeOver?: () => void;
}

/** Whether the lock's last owner died with it. Cheap, and takes nothing. */
export async function isAbandoned(folder: string): Promise<boolean> {
  const highest = highestOf(await readdir(folder).catch(() => []));
  return highest > 0 && (await readHolder(lockPath(folder, highest))).state === "gone";
}

/** Waits for the lock in `folder`, which must exist. Throws StoreError `locked` when the wait is too long. */
export async function acquireLock(folder: string, options: LockOptions = {}): Promise<HeldLock> {
  const deadline = performance.now() + (options.timeout ?? 30_000);
  const wanted = patience();
  for (let attempt = 0; ; attempt++) {
    const held = await tryLock(folder, options);
    if ("lock" in held) return held.lock;
    if (wanted?.signal.aborted) {
      throw new StoreError(`Interrupted while waiting for ${held.owner}, which uses the store in ${folder}.`, "locked");
    }
    if (performance.now() > deadline) {
      throw new StoreError(`The store is in use by ${held.owner}: ${folder} is still locked.`, "locked");
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(40, 1 + attempt * 2) * (0.5 + Math.random())));
  }
}

async function tryLock(folder: string, options: LockOptions): Promise<{ lock: HeldLock } | { owner: string }> {
  const highest = highestOf(await readdir(folder));
  let isTakenOver = false;
  if (highest > 0) {
    const holder = await readHolder(lockPath(folder, highest));
    if (holder.state === "held") return { owner: holder.owner };
    isTakenOver = holder.state === "gone";
  }
  const number = highest + 1;
  const path = lockPath(folder, number);
  if (!(await createLockFile(folder, path))) return { owner: "another process" };
  const names = await readdir(folder);
  if (highestOf(names) > number) {
    await removeFile(path);
    return { owner: "another process" };
  }
  for (const name of names) {
    const isOld = numberOf(name) > 0 && numberOf(name) < number;
    const isLeft = isTakenOver ? preparedFile.test(name) : await isDraftOfTheDead(folder, name);
    if (isOld || isLeft) await removeFile(join(folder, name));
  }
  const file = await open(path, "r+").catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  if (file === undefined) return { owner: "another process" };
  if (isTakenOver) options.onTakeOver?.();
  return { lock: hold(folder, path, number, file) };
}

/** Whether a process left this that was killed before it had the lock, so that nobody will take over from it. */
async function isDraftOfTheDead(folder: string, name: string): Promise<boolean> {
  if (!name.startsWith(draftStart)) return false;
  const text = await readFile(join(folder, name), "utf8").catch(() => "");
  // One that is still empty says by its name only whose it is, and is made again if that was wrong.
  const owner = parseOwner(text) ?? {
    ...currentOwner(),
    pid: Number.parseInt(name.slice(draftStart.length), 10),
    started: "",
  };
  return ownerState(owner) === "gone";
}

/** Through the open file it can be released wherever its folder is moved meanwhile. */
function hold(folder: string, path: string, number: number, file: FileHandle): HeldLock {
  // One after the other, and none after the release: it would look as if the lock were held.
  let signing = Promise.resolve();
  const sign = setInterval(() => {
    signing = signing.then(() => giveSign(file)).catch(() => {});
  }, signEvery);
  sign.unref();
  return {
    check() {
      if (highestOf(readdirSync(folder)) === number && statSync(path).size > 0) return;
      throw new StoreError(`Another process took over the store's lock in ${folder}; nothing was written.`, "locked");
    },
    async release() {
      clearInterval(sign);
      await signing;
      try {
        await file.truncate(0);
      } finally {
        await file.close();
      }
    },
  };
}

/** Writes what the lock file has already: so the file system's own clock dates it. */
async function giveSign(file: FileHandle): Promise<void> {
  await file.write(JSON.stringify(currentOwner()), 0);
}

/** Creates the file with its content in one step; false when another process was faster. */
async function createLockFile(folder: string, path: string): Promise<boolean> {
  const draft = join(folder, `${draftStart}${process.pid}.${Math.random().toString(36).slice(2)}`);
  const text = JSON.stringify(currentOwner());
  try {
    await writeNew(draft, text);
    await link(draft, path);
    return true;
  } catch (error) {
    // A network file system may ask its server twice: then it was our own link that was there already.
    if (errorCode(error) === "EEXIST") return await isLinked(draft);
    // Another process, having just taken over, cleared our draft away.
    if (errorCode(error) === "ENOENT") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(errorCode(error) ?? "")) throw error;
  } finally {
    await removeFile(draft);
  }
  // A file system without hard links (some memory cards and network shares).
  try {
    await writeNew(path, text);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function isLinked(draft: string): Promise<boolean> {
  return await stat(draft).then(
    ({ nlink }) => nlink > 1,
    () => false,
  );
}

/** What the clock of the file system says; ours, where nothing can be written. Milliseconds since 1970. */
async function fileSystemTime(folder: string): Promise<number> {
  const probe = join(folder, `${draftStart}${process.pid}.${Math.random().toString(36).slice(2)}`);
  try {
    await writeNew(probe, "");
    return (await stat(probe)).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    await removeFile(probe).catch(() => {});
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

type Holder = { readonly state: "free" | "gone" } | { readonly state: "held"; readonly owner: string };

async function readHolder(path: string): Promise<Holder> {
  let text: string;
  let signedAt: number;
  try {
    text = await readFile(path, "utf8");
    if (text === "") return { state: "free" };
    signedAt = (await stat(path)).mtimeMs;
  } catch (error) {
    if (isAbsent(error)) return { state: "held", owner: "another process" };
    throw error;
  }
  const owner = parseOwner(text);
  if (ownerState(owner) === "gone") return { state: "gone" };
  // One that is alive is never taken from, however long it was suspended.
  const isSilent = !isSurelyAlive(owner) && (await fileSystemTime(dirname(path))) - signedAt > silentAfter;
  if (isSilent) return { state: "gone" };
  return { state: "held", owner: owner ? `process ${owner.pid} on ${owner.host}` : "another process" };
}

function parseOwner(text: string) {
  try {
    return readOwner(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

function highestOf(names: readonly string[]): number {
  return Math.max(0, ...names.map(numberOf));
}

function numberOf(name: string): number {
  const match = /^lock\.(\d+)$/.exec(name);
  return match ? Number(match[1]) : 0;
}
