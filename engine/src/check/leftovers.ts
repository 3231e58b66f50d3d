/** What surrounds the documents: the store's marker, and what processes leave behind in the store's local folder. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseJson } from "../json/jsonText.ts";
import { errorCode, isAbsent } from "../state/file/disk.ts";
import { readMarker, type StoreKind, type StoreLayout } from "../state/file/layout.ts";
import { ownerState, readOwner } from "../state/owner.ts";
import { StoreError } from "../state/store.ts";
import type { StoreProblem } from "./problems.ts";

/** What is wrong with the marker. `hasDocuments`: there is something that it should stand beside. */
export async function checkMarker(
  layout: StoreLayout,
  kind: StoreKind,
  hasDocuments: boolean,
): Promise<StoreProblem | undefined> {
  const mend = { kind: "write-marker", says: "was written anew" } as const;
  const about = { code: "marker", file: layout.marker } as const;
  try {
    if ((await readMarker(layout, kind)) !== "absent" || !hasDocuments) return undefined;
    return { ...about, message: "is missing: other tools do not take this for a store", mend };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === "damaged") return { ...about, message: "is not the marker of a store", mend };
    return { ...about, message: `says otherwise: ${error.message.replace(/\.$/, "")}` };
  }
}

/** What dead processes left. While a living one holds the lock (in `lockFolder`), all there is belongs to it. */
export async function checkLeftovers(layout: StoreLayout, lockFolder = layout.local): Promise<StoreProblem[]> {
  const names = await namesIn(layout.local);
  const lock = await lockState(lockFolder);
  if (lock.state === "held") return [];
  const mend = { kind: "recover", says: "was cleared up" } as const;
  const problems: StoreProblem[] = [];
  const add = (file: string, message: string) => problems.push({ code: "leftover", file, message, mend });
  if (lock.state === "abandoned") add(lock.file, `is the lock of a process that is gone (${lock.owner})`);
  const journal = await journalState(layout.journal);
  if (journal === "pending") add(layout.journal, "is a change that its process did not finish");
  if (journal === "damaged") {
    const says = "was moved to the backup, with what it had prepared";
    const message = "is not a journal that can be read; no process can write to the store";
    problems.push({ code: "leftover", file: layout.journal, message, mend: { kind: "remove-file", says } });
  }
  const staged = await namesIn(layout.staged);
  if (staged.length > 0) {
    const what = `${staged.length} file${staged.length === 1 ? "" : "s"} prepared by a process that did not finish`;
    add(layout.staged, `holds ${what}`);
  }
  for (const name of names) {
    // Not drafts of locks: those stand for nothing, and whoever takes the lock next clears them away.
    const pid = /^(?:marker|changes)\.(\d+)(?:\.|$)/.exec(name)?.[1];
    if (pid === undefined || processExists(Number(pid))) continue;
    const mend = { kind: "remove-file", says: "was moved to the backup" } as const;
    const message = "was left by a process that did not finish";
    problems.push({ code: "leftover", file: join(layout.local, name), message, mend });
  }
  return problems;
}

/** Whether a process that may be alive holds the lock in a folder. */
export async function isLocked(folder: string): Promise<boolean> {
  return (await lockState(folder)).state === "held";
}

type LockState =
  | { readonly state: "free" | "held" }
  | { readonly state: "abandoned"; readonly file: string; readonly owner: string };

async function lockState(folder: string): Promise<LockState> {
  const numbers = (await namesIn(folder)).flatMap((name) => {
    const number = /^lock\.(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  if (numbers.length === 0) return { state: "free" };
  const file = join(folder, `lock.${Math.max(...numbers)}`);
  const text = await readFile(file, "utf8").catch(() => "");
  if (text === "") return { state: "free" };
  const owner = ownerIn(text);
  if (ownerState(owner) !== "gone") return { state: "held" };
  return { state: "abandoned", file, owner: owner ? `process ${owner.pid} on ${owner.host}` : basename(file) };
}

function ownerIn(text: string) {
  try {
    return readOwner(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function journalState(path: string): Promise<"absent" | "pending" | "damaged"> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return isAbsent(error) ? "absent" : "damaged";
  }
  try {
    const journal = parseJson(text) as { readonly version?: unknown; readonly steps?: unknown } | null;
    return journal?.version === 1 && Array.isArray(journal.steps) ? "pending" : "damaged";
  } catch {
    return "damaged";
  }
}

/** On another machine that shares the folder the number means nothing; then it errs on the side of patience. */
function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
