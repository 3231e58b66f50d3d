import { type Stats, statSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { HostError } from "../sdk/host.ts";

/** The file's bytes. */
export async function readHostFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError("read", path, error);
  }
}

/** Writes the file, and makes the folders it stands in. */
export async function writeHostFile(path: string, content: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/** Names in a folder, sorted. */
export async function readHostFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    throw fileError("read", path, error);
  }
}

/** Whether there is a folder of that name; false when there is nothing. */
export async function isHostFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw fileError("read", path, error);
  }
}

/** What is at a path; undefined when nothing is, or nothing that could be looked at. */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // A part of the path is a file, or may not be entered.
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};

/** What went wrong with a path, as one sentence. */
function fileError(action: "read" | "write", path: string, error: unknown): HostError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new HostError(`cannot ${action} ${path}: ${(code && reasons[code]) ?? message}`, { cause: error });
}
