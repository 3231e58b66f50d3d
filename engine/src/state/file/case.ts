/** File systems that take `Build` for `build` (those of Windows and macOS by default): two refs must not share a document. */
import { access, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { StoreError } from "../store.ts";
import type { FileChange } from "./commit.ts";
import { isAbsent, storeError } from "./disk.ts";
import type { StoreLayout } from "./layout.ts";

/** Whether names that differ in case only are the same to the file system that holds the store. Its folders are there. */
export async function ignoresCase({ local }: StoreLayout): Promise<boolean> {
  const other = join(dirname(local), local.slice(dirname(local).length + 1).toUpperCase());
  return await access(other).then(
    () => true,
    () => false,
  );
}

/** Throws StoreError when the document would lie in a folder that belongs to a ref with other capital letters. */
export async function refuseOtherCase({ refs }: StoreLayout, change: FileChange): Promise<void> {
  const ref = change.kind === "move" ? change.to : change.ref;
  const root = await realpath(refs).catch(() => undefined);
  if (root === undefined || change.kind === "remove") return;
  const [found, part] = await realFolder(refs, ref.split("/"));
  const real = relative(root, found).split(sep).join("/");
  if (real.normalize() === part.normalize()) return;
  throw new StoreError(
    `${ref} cannot be kept: the file system of ${refs} takes it for ${real}, which is there; give it a name that differs in more than capital letters.`,
    "damaged",
  );
}

/** The real path of the deepest folder on the way to a ref that is there, and the part of the ref that led to it. */
async function realFolder(refs: string, segments: readonly string[]): Promise<readonly [string, string]> {
  for (let count = segments.length; count > 0; count--) {
    const part = segments.slice(0, count);
    try {
      return [await realpath(join(refs, ...part)), part.join("/")];
    } catch (error) {
      if (!isAbsent(error)) throw storeError(error, join(refs, ...part), "read");
    }
  }
  return [await realpath(refs), ""];
}
