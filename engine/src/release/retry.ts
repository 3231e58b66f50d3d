/** New attempts at what failed (spec 4.3). */

import { type CommandRecord, endLeftCommands } from "../host/commandRecords.ts";
import type { Store } from "../state/store.ts";
import { bodyTypes, type RunDocument, type RunFunction, refs } from "./documents.ts";
import { allWork, latestRun, retryableWork } from "./plan.ts";
import { readRelease, readRun } from "./readRelease.ts";
import { setRun, setStatus, shortRef } from "./runWrites.ts";

export interface RetryRequest {
  /** `interrupted`: only runs whose process is gone. */
  readonly which?: "interrupted";
  /** Name of a machine that is gone for good: what ran there counts as interrupted. */
  readonly lost?: string;
  /** Told of commands that such a process had left running, once they are ended. */
  readonly onEnded?: (command: CommandRecord) => void;
}

/** Ends what processes that are gone have left running for the release's work: nothing runs twice at once (spec 3.3). */
export async function endLeftovers(
  state: Store,
  release: string,
  onEnded: (command: CommandRecord) => void = () => {},
): Promise<void> {
  const current = state.localFolder === undefined ? undefined : await readRelease(state, release);
  const abandoned = current ? allWork(current).flatMap(({ runs }) => runs.filter((run) => run.isAbandoned)) : [];
  if (state.localFolder === undefined || abandoned.length === 0) return;
  const ended = await endLeftCommands(state.localFolder, new Set(abandoned.map((run) => run.ref)));
  for (const command of ended) onEnded(command);
}

/**
 * Gives each failed or interrupted run of the release a new, pending attempt with the same function and inputs. Returns
 * the refs of the new runs; empty, with nothing written, when nothing failed.
 */
export async function retryRelease(
  state: Store,
  release: string,
  { which, lost, onEnded }: RetryRequest = {},
): Promise<string[]> {
  await endLeftovers(state, release, onEnded);
  return await state.transact(`${shortRef(release)} retried`, async (tx) => {
    const time = new Date().toISOString();
    // Read under the lock: of two retries at once, the second finds nothing to do.
    const current = await readRelease(state, release);
    const created: string[] = [];
    for (const work of current ? retryableWork(current, lost) : []) {
      const failed = latestRun(work)!;
      if (which === "interrupted" && !failed.isAbandoned) continue;
      const { type, functions } = await readRun(state, failed.ref);
      const attempt: RunDocument = { type, release, functions: functions.slice(0, 1) as RunFunction[] };
      const run = refs.run(release, work.id, failed.number + 1);
      await setStatus(state, tx, failed.ref, "failed_retried", time);
      setRun(tx, run, attempt);
      tx.set(refs.status(run, "pending"), bodyTypes.marker, { time });
      created.push(run);
    }
    return created;
  });
}
