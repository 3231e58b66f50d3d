/**
 * The files of a clone's branch, kept equal to a commit by replacing each file as a whole. Git's own checkout removes a
 * file and writes it anew, which readers of the store could see.
 */
import { mkdir, rename, rmdir, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { forEachLimited, isAbsent, removeFile } from "../file/disk.ts";
import { StoreError } from "../store.ts";
import { git, tryGit } from "./git.ts";

/** Object id of the tree without entries. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Makes files and index of the clone at `folder` equal to `to` when they are equal to `from`. Returns changed paths. */
export async function moveWorktree(
  folder: string,
  from: string | undefined,
  to: string | undefined,
): Promise<string[]> {
  if (from === undefined && to !== undefined) {
    // A new clone: nobody reads it yet, and git is fastest.
    await git(["read-tree", "--reset", "-u", to], { cwd: folder });
    return [];
  }
  const changes = await changedFiles(folder, from ?? emptyTree, to ?? emptyTree);
  const contents = await readObjects(
    folder,
    changes.flatMap((change) => change.oid ?? []),
  );
  const [written, removed] = [changes.filter((change) => change.oid), changes.filter((change) => !change.oid)];
  // New files first: a reader that comes between sees two statuses of a run rather than none.
  await forEachLimited(written, 8, (change) => replace(folder, change.path, contents.get(change.oid!)!));
  await forEachLimited(removed, 8, (change) => remove(folder, change.path));
  await git(["read-tree", ...(to === undefined ? ["--empty"] : [to])], { cwd: folder });
  return changes.map((change) => change.path);
}

/** Makes files equal to the index after a crash: whatever differs is written anew, whatever is not in it goes. */
export async function repairWorktree(folder: string, commit: string | undefined): Promise<void> {
  await git(["read-tree", ...(commit === undefined ? ["--empty"] : [commit])], { cwd: folder });
  const listed = async (...flags: string[]) => {
    const { stdout } = await tryGit(["ls-files", "-z", ...flags], { cwd: folder });
    return stdout
      .toString()
      .split("\0")
      .filter((path) => path !== "");
  };
  const changed = [...new Set(await listed("--modified", "--deleted"))];
  const strange = (await listed("--others", "--exclude-per-directory=.gitignore")).filter(
    // A folder that is a clone of its own: of a remote whose path goes on from ours.
    (path) => !path.endsWith("/"),
  );
  const entries =
    changed.length === 0 ? [] : parseStage((await tryGit(["ls-files", "-s", "-z"], { cwd: folder })).stdout.toString());
  const wanted = entries.filter((entry) => changed.includes(entry.path));
  const contents = await readObjects(
    folder,
    wanted.map((entry) => entry.oid),
  );
  await forEachLimited(wanted, 8, (entry) => replace(folder, entry.path, contents.get(entry.oid)!));
  await forEachLimited(strange, 8, (path) => remove(folder, path));
}

interface ChangedFile {
  readonly path: string;
  /** Undefined: the file goes. */
  readonly oid: string | undefined;
}

async function changedFiles(folder: string, from: string, to: string): Promise<ChangedFile[]> {
  // The empty tree need not be in the clone for git to know it.
  const text = await git(["diff-tree", "-r", "-z", "--no-renames", from, to], { cwd: folder });
  const parts = text.split("\0");
  const changes: ChangedFile[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [, , , oid, status] = parts[index]!.split(" ");
    changes.push({ path: parts[index + 1]!, oid: status === "D" ? undefined : oid });
  }
  return changes;
}

function parseStage(text: string): { path: string; oid: string }[] {
  return text.split("\0").flatMap((line) => {
    const match = /^\d+ ([0-9a-f]+) \d\t(.*)$/s.exec(line);
    return match ? [{ oid: match[1]!, path: match[2]! }] : [];
  });
}

/** Contents of blobs by object id, read through one process. */
async function readObjects(folder: string, oids: readonly string[]): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  if (oids.length === 0) return contents;
  const { stdout } = await tryGit(["cat-file", "--batch"], { cwd: folder, input: `${oids.join("\n")}\n` });
  let offset = 0;
  for (const oid of oids) {
    const end = stdout.indexOf(10, offset);
    const size = Number(stdout.toString("latin1", offset, end).split(" ")[2]);
    if (end < 0 || Number.isNaN(size)) throw new StoreError(`The clone ${folder} lacks the object ${oid}.`, "damaged");
    contents.set(oid, stdout.subarray(end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return contents;
}

async function replace(folder: string, path: string, content: Buffer): Promise<void> {
  const target = join(folder, path);
  const draft = join(folder, ".git", "ocuroot", `file.${process.pid}.${Math.random().toString(36).slice(2)}`);
  await writeFile(draft, content, { flag: "wx" });
  try {
    await mkdir(dirname(target), { recursive: true });
    await rename(draft, target);
  } catch (error) {
    await removeFile(draft);
    throw error;
  }
}

async function remove(folder: string, path: string): Promise<void> {
  const target = join(folder, path);
  await unlink(target).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
  for (let current = dirname(target); current.length > folder.length; current = dirname(current)) {
    if (
      !(await rmdir(current).then(
        () => true,
        () => false,
      ))
    )
      return;
  }
}
