/**
 * Checks a pair of stores, state and intent. Nothing is written. What a living process is just doing looks wrong for a
 * moment: what is found is looked at a second time, and only what is still wrong then counts.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { layoutOf, type StoreKind, type StoreLayout } from "../state/file/layout.ts";
import { checkDamaged } from "./damaged.ts";
import { checkDocuments } from "./documents.ts";
import { checkLeftovers, checkMarker, isLocked } from "./leftovers.ts";
import { checkLinks } from "./links.ts";
import type { StoreProblem } from "./problems.ts";
import { checkRuns } from "./runs.ts";
import { type StoreScan, scanStore } from "./scan.ts";

export interface StoreFolder {
  readonly kind: StoreKind;
  readonly folder: string;
  /** The clone of a git store that it is in. */
  readonly clone?: string;
}

export interface StoreCheck extends StoreFolder {
  /** There is no store in the folder (yet). */
  readonly isAbsent: boolean;
  readonly documents: number;
  /** By file. */
  readonly problems: readonly StoreProblem[];
}

/** Time that others have to finish what they are writing, before it is looked at again. Milliseconds. */
const secondLookAfter = 40;
const maxLooks = 20;

export async function checkStores(stores: readonly StoreFolder[]): Promise<StoreCheck[]> {
  let checks = await lookAtStores(stores);
  for (let look = 1; look < maxLooks && checks.some(({ problems }) => problems.length > 0); look++) {
    await new Promise((resolve) => setTimeout(resolve, secondLookAfter * look));
    const isBusy = await anyIsLocked(stores);
    checks = stillWrong(checks, await lookAtStores(stores));
    if (!isBusy && !(await anyIsLocked(stores))) break;
  }
  return checks;
}

/** What both looks found. */
function stillWrong(before: readonly StoreCheck[], now: readonly StoreCheck[]): StoreCheck[] {
  return now.map((check, index) => {
    const known = new Set(before[index]?.problems.map(identity));
    return { ...check, problems: check.problems.filter((problem) => known.has(identity(problem))) };
  });
}

async function anyIsLocked(stores: readonly StoreFolder[]): Promise<boolean> {
  const locks = stores.map(({ folder, clone }) => isLocked(clone ? cloneFolder(clone) : layoutOf(folder).local));
  return (await Promise.all(locks)).includes(true);
}

/** One look, for whoever holds the locks. */
export async function lookAtStores(stores: readonly StoreFolder[]): Promise<StoreCheck[]> {
  const scans = await Promise.all(stores.map(({ folder }) => scanStore(layoutOf(folder))));
  return Promise.all(stores.map((store, index) => lookAt(store, scans[index] as StoreScan, scans[1 - index])));
}

async function lookAt(store: StoreFolder, scan: StoreScan, counterpart: StoreScan | undefined): Promise<StoreCheck> {
  const { layout } = scan;
  if (!(await isFolder(layout))) return { ...store, isAbsent: true, documents: 0, problems: [] };
  const now = new Date().toISOString();
  const documents = scan.documents.size + scan.damaged.size;
  const marker = await checkMarker(layout, store.kind, documents > 0);
  const problems = [
    ...(marker ? [marker] : []),
    ...(await checkLeftovers(layout, store.clone && cloneFolder(store.clone))),
    ...scan.problems,
    ...checkDamaged(scan, { kind: store.kind, now, ...(counterpart && { counterpart }) }),
    ...checkDocuments(scan, store.kind),
    ...(await checkLinks(scan)),
    ...checkRuns(scan, now),
  ];
  problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return { ...store, isAbsent: false, documents, problems };
}

/** What a clone keeps for this machine: its lock, which counts for both stores in it. */
export function cloneFolder(clone: string): string {
  return join(clone, ".git", "ocuroot");
}

function identity({ code, file, message }: StoreProblem): string {
  return JSON.stringify([code, file, message]);
}

async function isFolder(layout: StoreLayout): Promise<boolean> {
  return stat(layout.root).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
