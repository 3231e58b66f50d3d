/** File operations of the store: what goes wrong becomes one clear sentence, files are replaced as a whole. */
import { mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { StoreError } from "../store.ts";

/** The code of a system error, or undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** True when a path is absent: nothing there, or a file where a folder would have to be. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** The error to show for a failed operation on a file of the store. */
export function storeError(error: unknown, path: string, action: "read" | "write"): Error {
  if (error instanceof StoreError) return error;
  const cause = { cause: error };
  switch (errorCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new StoreError(`The disk is full: ${path} could not be written.`, "full", cause);
    case "EFBIG":
      return new StoreError(`${path} could not be written: it is larger than files may be here.`, "full", cause);
    case "EROFS":
      return new StoreError(`The store is on a read-only file system: ${path}.`, "readonly", cause);
    case "EACCES":
    case "EPERM":
      return new StoreError(`No permission to ${action} ${path}.`, "readonly", cause);
    case "ENOTDIR":
    case "EEXIST":
      return new StoreError(
        `${path} cannot be ${pastOf(action)}: a file stands where the store needs a folder.`,
        "damaged",
        cause,
      );
    case "EISDIR":
      return new StoreError(`${path} is a folder, but the store needs a file there.`, "damaged", cause);
    case "ENAMETOOLONG":
      return new StoreError(`${path} is longer than the file system allows.`, "damaged", cause);
    case "EIO":
      return new StoreError(`The disk reports an error at ${path}.`, "damaged", cause);
    case undefined:
      return error instanceof Error ? error : new Error(String(error));
    default:
      return new StoreError(`${path} could not be ${pastOf(action)}: ${(error as Error).message}.`, "damaged", cause);
  }
}

function pastOf(action: "read" | "write"): string {
  return action === "read" ? "read" : "written";
}

/** Makes a folder and those above it. */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    // On a read-only file system Node reports a folder that is missing, not why it could not be made.
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path);
  }
}

/** Writes a file and has it reach the disk. The file must not be there yet. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o666);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Has the names in a folder reach the disk, where the system can do that. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems cannot; the rename itself is as safe there as it gets.
    if (errorCode(error) !== "EINVAL" && errorCode(error) !== "ENOTSUP") throw error;
  } finally {
    await folder.close();
  }
}

/** Replaces `to` by `from`. Windows refuses for a moment while another process has the file open. */
export async function replaceFile(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const code = errorCode(error);
      const isBusy = process.platform === "win32" && (code === "EPERM" || code === "EACCES" || code === "EBUSY");
      if (!isBusy || attempt >= 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * (attempt + 1)));
    }
  }
}

/** Removes a file; one that is not there is as good. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** Runs `work` for every item, at most `limit` at once. After a failure no more are begun; it is thrown when all ended. */
export async function forEachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const lane = async () => {
    while (next < items.length && failure === undefined) {
      const item = items[next++]!;
      try {
        await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
}

/** Lets at most so many operations run at once; the others wait in order. */
export class Gate {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly limit: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
