/**
 * Putting several documents on disk so that a crash at any instant leaves either none or, after the next process came by,
 * all of them (spec 3.3).
 *
 * 1. A draft of the journal, which lists what to move where, and the new contents are written to staged files and reach
 *    the disk; folders are made. Running out of space ends here.
 * 2. The draft is renamed to be the journal: from now on the transaction has happened.
 * 3. Staged files are renamed over the documents, status folders are renamed, documents are removed.
 * 4. The journal is removed.
 * Whoever gets the lock and finds a journal repeats step 3, which may be done any number of times. A draft that its
 * process left behind tells which folders it may have made in vain. A single change needs no journal, and a draft only when
 * a folder comes or goes with it.
 */
import { mkdir, readdir, readFile, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseJson } from "../../json/jsonText.ts";
import { documentFileName } from "../../refs/disk.ts";
import { StoreError } from "../store.ts";
import {
  errorCode,
  forEachLimited,
  isAbsent,
  removeFile,
  replaceFile,
  storeError,
  syncFolder,
  writeDurably,
} from "./disk.ts";
import type { StoreLayout } from "./layout.ts";

/** What a transaction does to files; paths are refs, which are folders below `refs`. */
export type FileChange =
  | {
      readonly kind: "put";
      readonly ref: string;
      readonly text: string /** Its folder is there. */;
      readonly isOld?: boolean;
    }
  | { readonly kind: "remove"; readonly ref: string }
  /** The document at `from` becomes the one at `to`, with new text, in one step. */
  | { readonly kind: "move"; readonly from: string; readonly to: string; readonly text: string };

type JournalStep =
  | { readonly kind: "put"; readonly ref: string; readonly staged: string }
  | { readonly kind: "remove"; readonly ref: string }
  | { readonly kind: "move"; readonly from: string; readonly to: string };

interface Journal {
  readonly version: 1;
  readonly steps: readonly JournalStep[];
}

const draftEnding = ".journal";

/** Concurrent file operations of one transaction. */
const lanes = 8;

/** Commits changes; `mayCommit` is asked (and may throw) just before the point of no return. */
export async function commitChanges(
  layout: StoreLayout,
  changes: readonly FileChange[],
  mayCommit: () => void,
): Promise<void> {
  const id = `${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const steps: JournalStep[] = [];
  const staged: { readonly path: string; readonly text: string; readonly ref: string; readonly isOld: boolean }[] = [];
  for (const change of changes) {
    if (change.kind === "remove") {
      steps.push(change);
      continue;
    }
    const name = `${id}.${staged.length}`;
    const ref = change.kind === "put" ? change.ref : change.from;
    const isOld = change.kind === "move" || change.isOld === true;
    staged.push({ path: join(layout.staged, name), text: change.text, ref, isOld });
    steps.push({ kind: "put", ref, staged: name });
    if (change.kind === "move") steps.push({ kind: "move", from: change.from, to: change.to });
  }

  const needsJournal = steps.length > 1;
  const needsDraft = needsJournal || changes.some((change) => !isReplacement(change));
  const draft = needsDraft ? join(layout.staged, `${id}${draftEnding}`) : undefined;
  let isCommitted = false;
  /** The first folder that was made for the document; of a single one, which has no journal. */
  let made: string | undefined;
  try {
    await makeStaged(layout);
    if (draft !== undefined) await writeDurably(draft, JSON.stringify({ version: 1, steps } satisfies Journal));
    await forEachLimited(staged, lanes, async ({ path, text, ref, isOld }) => {
      await writeDurably(path, text).catch((error: unknown) => {
        throw storeError(error, documentPath(layout, ref), "write");
      });
      if (!isOld) made = await makeFolder(folderOf(layout, ref));
    });
    mayCommit();
    if (draft !== undefined && needsJournal) {
      await replaceFile(draft, layout.journal);
      isCommitted = true;
      await syncFolder(layout.local);
    }
    await applySteps(layout, steps);
    // A step whose staged file is missing was done by somebody else, unless all of it is gone.
    if (!(await isFolder(layout.local))) throw goneError(layout);
    // A single document has no journal to be found again after a power failure.
    const [only] = steps;
    if (!needsJournal && only && only.kind !== "move") await syncWay(layout, only.ref, made);
    if (draft !== undefined) await removeFile(needsJournal ? layout.journal : draft);
  } catch (error) {
    if (!isCommitted) {
      await Promise.all(staged.map(({ path }) => removeFile(path).catch(() => {})));
      await removeUnusedFolders(layout, steps).catch(() => {});
      if (draft !== undefined) await removeFile(draft).catch(() => {});
    }
    throw (await isFolder(layout.local)) ? storeError(error, layout.root, "write") : goneError(layout);
  }
}

/** Not the folders above: where those are gone, the store is. */
async function makeStaged({ staged }: StoreLayout): Promise<void> {
  await mkdir(staged).catch((error: unknown) => {
    if (errorCode(error) !== "EEXIST") throw error;
  });
}

/** The error when the folder of a store was taken away while it was in use. */
export function goneError({ root }: StoreLayout): StoreError {
  return new StoreError(`The store ${root} is gone: it was removed or moved while this command used it.`, "missing");
}

/**
 * Has the name of a document reach the disk, with those of the folders that were made for it, `made` the first of them; of a
 * document that was removed, the nearest folder that stayed.
 */
async function syncWay(layout: StoreLayout, ref: string, made: string | undefined): Promise<void> {
  let folder = folderOf(layout, ref);
  while (folder.length > layout.root.length && !(await isFolder(folder))) folder = dirname(folder);
  await syncFolder(folder);
  while (made !== undefined && folder.length >= made.length) {
    folder = dirname(folder);
    await syncFolder(folder);
  }
}

/** Whether only the content of a document changes. */
function isReplacement(change: FileChange): boolean {
  return change.kind === "put" && change.isOld === true;
}

/** Completes a transaction that a process left behind, and clears what it had staged. Returns the refs concerned. */
export async function recover(layout: StoreLayout): Promise<string[]> {
  const journal = await readJournal(layout.journal);
  if (journal !== undefined) {
    for (const step of journal.steps) if (step.kind === "put") await makeFolder(folderOf(layout, step.ref));
    await applySteps(layout, journal.steps);
    await removeUnusedFolders(layout, journal.steps);
    await removeFile(layout.journal);
  }
  await clearStaged(layout);
  return [
    ...new Set((journal?.steps ?? []).flatMap((step) => (step.kind === "move" ? [step.from, step.to] : [step.ref]))),
  ];
}

/**
 * Forgets what a process left behind, where the documents are put right in another way. The folders that it had made go:
 * a listing would show names without documents.
 */
export async function discard(layout: StoreLayout): Promise<void> {
  const journal = await readJournal(layout.journal).catch(() => undefined);
  if (journal) await removeUnusedFolders(layout, journal.steps);
  await removeFile(layout.journal);
  await clearStaged(layout);
}

async function clearStaged(layout: StoreLayout): Promise<void> {
  for (const name of await readdir(layout.staged).catch(() => [])) {
    const path = join(layout.staged, name);
    if (name.endsWith(draftEnding)) {
      // Torn when its process died while writing it: then it had not yet made any folder.
      const draft = await readJournal(path).catch(() => undefined);
      if (draft) await removeUnusedFolders(layout, draft.steps);
    }
    await removeFile(path);
  }
}

function documentPath(layout: StoreLayout, ref: string): string {
  return join(folderOf(layout, ref), documentFileName);
}

function folderOf(layout: StoreLayout, ref: string): string {
  return join(layout.refs, ...ref.split("/"));
}

/** Returns the first folder that was not there. */
async function makeFolder(path: string): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true });
  } catch (error) {
    throw storeError(error, path, "write");
  }
}

async function readJournal(path: string): Promise<Journal | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw storeError(error, path, "read");
  }
  try {
    const journal = parseJson(text) as unknown as Journal;
    if (journal.version === 1 && Array.isArray(journal.steps)) return journal;
  } catch {
    // Same sentence as for a journal of another version.
  }
  throw new StoreError(`${path} is not a journal that this command can read.`, "damaged");
}

/** Idempotent: a step that was done before finds nothing to do. Steps for the same folder keep their order. */
async function applySteps(layout: StoreLayout, steps: readonly JournalStep[]): Promise<void> {
  for (const step of steps) {
    if (step.kind === "put") await applyPut(layout, step.ref, step.staged);
    else if (step.kind === "move") await applyMove(layout, step.from, step.to);
    else await applyRemove(layout, step.ref);
  }
}

async function applyPut(layout: StoreLayout, ref: string, staged: string): Promise<void> {
  const path = documentPath(layout, ref);
  try {
    await replaceFile(join(layout.staged, staged), path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw storeError(error, path, "write");
  }
}

async function applyMove(layout: StoreLayout, from: string, to: string): Promise<void> {
  const source = folderOf(layout, from);
  const target = folderOf(layout, to);
  try {
    await replaceFile(source, target);
    return;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return;
    // The target is there already, or a scanner holds the folder: moving the file alone is just as atomic.
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "EPERM" && code !== "EACCES") {
      throw storeError(error, target, "write");
    }
  }
  try {
    await mkdir(target, { recursive: true });
    await replaceFile(join(source, documentFileName), join(target, documentFileName));
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw storeError(error, target, "write");
  }
  await removeEmptyFolders(layout, source);
}

async function applyRemove(layout: StoreLayout, ref: string): Promise<void> {
  const path = documentPath(layout, ref);
  try {
    await removeFile(path);
    await removeEmptyFolders(layout, dirname(path));
  } catch (error) {
    throw storeError(error, path, "write");
  }
}

/** Removes folders that were made for documents which then were not written, and those of documents that were removed. */
async function removeUnusedFolders(layout: StoreLayout, steps: readonly JournalStep[]): Promise<void> {
  for (const step of steps) if (step.kind !== "move") await removeEmptyFolders(layout, folderOf(layout, step.ref));
}

/** Removes a folder and those above it while they are empty, so that a listing shows no names without documents. */
async function removeEmptyFolders(layout: StoreLayout, folder: string): Promise<void> {
  let current = folder;
  while (current.length > layout.refs.length) {
    try {
      await rmdir(current);
    } catch (error) {
      if (errorCode(error) !== "ENOENT") return;
    }
    current = dirname(current);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
