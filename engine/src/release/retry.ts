/** New attempts at what failed (spec 4.3). */

import { latestRun, retryableWork } from "../runner/plan.ts";
import type { Store } from "../state/store.ts";
import { bodyTypes, type RunDocument, type RunFunction, refs } from "./documents.ts";
import { readRelease, readRun } from "./readRelease.ts";
import { setRun, setStatus, shortRef } from "./runWrites.ts";

/**
 * Gives each failed or interrupted run of the release a new, pending attempt with the same function and inputs. Returns
 * the refs of the new runs; empty, with nothing written, when nothing failed. `interrupted`: only those whose process is gone.
 */
export async function retryRelease(state: Store, release: string, which?: "interrupted"): Promise<string[]> {
  return await state.transact(`${shortRef(release)} retried`, async (tx) => {
    const time = new Date().toISOString();
    // Read under the lock: of two retries at once, the second finds nothing to do.
    const current = await readRelease(state, release);
    const created: string[] = [];
    for (const work of current ? retryableWork(current) : []) {
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
