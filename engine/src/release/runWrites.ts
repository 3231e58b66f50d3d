/** The writes of one run, each a transaction: taking it, pausing it, ending it. */

import type { JsonValue } from "../json/json.ts";
import { currentOwner } from "../state/owner.ts";
import type { Store, Transaction } from "../state/store.ts";
import {
  bodyTypes,
  inputValues,
  type PackagePlace,
  type RunDocument,
  type RunStatus,
  refs,
  runBody,
  runStatuses,
} from "./documents.ts";
import type { RunStore } from "./groupedWrites.ts";
import type { RunLogs } from "./runLog.ts";

/** Where a run stands and what it is called. */
export interface RunPlace {
  readonly place: PackagePlace;
  /** Ref of the release. */
  readonly release: string;
  /** `task/build`. */
  readonly work: string;
  /** Ref of the run. */
  readonly run: string;
}

/** Replaces whatever status the run has. */
export async function setStatus(
  store: Pick<Store, "children">,
  tx: Transaction,
  run: string,
  status: RunStatus,
  time: string,
  reason?: string,
) {
  const present = await store.children(`${run}/status`);
  for (const old of runStatuses) if (old !== status && present.includes(old)) tx.delete(refs.status(run, old));
  // A running run says whose it is, so that others see when that process is gone.
  const more: Record<string, JsonValue> = reason === undefined ? {} : { reason };
  const body: JsonValue = status === "running" ? { time, owner: { ...currentOwner() }, ...more } : { time, ...more };
  tx.set(refs.status(run, status), bodyTypes.marker, body);
}

export function setRun(tx: Transaction, run: string, document: RunDocument): void {
  tx.set(run, bodyTypes.run, runBody(document));
}

/** Intent says what is being deployed from the moment a deployment starts; nothing once it is to be taken down. */
export async function intendDeployments(
  { intent, place, release }: { readonly intent: Store; readonly place: PackagePlace; readonly release: string },
  taken: readonly { readonly work: string; readonly document: RunDocument }[],
): Promise<void> {
  const deployments = taken.filter(({ document }) => document.type !== "task");
  if (deployments.length === 0) return;
  await intent.transact(`${shortRef(release)} deploys`, (tx) => {
    for (const { work, document } of deployments) {
      if (document.type === "down") {
        tx.delete(refs.current(place, work));
        continue;
      }
      const input = inputValues(document.functions[0]?.inputs ?? {});
      tx.set(refs.current(place, work), bodyTypes.deploy, { release, input });
    }
  });
}

/** The end of a run that was done: everything that others may read of it, at once. */
export async function completeRun(
  store: RunStore,
  at: RunPlace,
  result: {
    readonly document: RunDocument;
    readonly tags: readonly string[];
    readonly time: string;
    readonly logs: RunLogs;
  },
): Promise<void> {
  const { document, tags, time, logs } = result;
  await store.transact(`${shortRef(at.run)} complete`, async (tx) => {
    setRun(tx, at.run, document);
    await setStatus(store, tx, at.run, "complete", time);
    logs.finish(at.run, tx);
    const work = refs.work(at.release, at.work);
    tx.set(work, bodyTypes.work, workBody(at, document));
    if (document.type === "down") tx.unlink(refs.current(at.place, at.work));
    else tx.link(refs.current(at.place, at.work), work);
    for (const tag of tags) tx.link(refs.tag(at.place, tag), at.release);
  });
}

/** The document without number: what the last completed run took in and gave out. */
function workBody(at: RunPlace, document: RunDocument): JsonValue {
  return {
    run_ref: at.run,
    type: document.type,
    release: at.release,
    input: inputValues(document.functions[0]?.inputs ?? {}),
    output: document.output ?? {},
  };
}

/** The end of a run that failed. */
export async function failRun(
  store: RunStore,
  at: RunPlace,
  result: { readonly document: RunDocument; readonly time: string; readonly logs: RunLogs },
): Promise<void> {
  await store.transact(`${shortRef(at.run)} failed`, async (tx) => {
    setRun(tx, at.run, result.document);
    await setStatus(store, tx, at.run, "failed", result.time);
    result.logs.finish(at.run, tx);
  });
}

/** `frontend/release.ocu.star/@r8/task/build/1`: what the subject of a change says. */
export function shortRef(ref: string): string {
  return ref.replace(/^.*\/-\//, "");
}
