import type { Store } from "../state/store.ts";
import { allWork, latestRun } from "./plan.ts";
import { readRelease } from "./readRelease.ts";
import { setStatus, shortRef } from "./runWrites.ts";

/** Gives up the runs of a release that wait. Those that run are left to whoever runs them. Returns refs of both. */
export async function cancelRelease(
  state: Store,
  release: string,
): Promise<{ readonly cancelled: readonly string[]; readonly running: readonly string[] }> {
  return await state.transact(`${shortRef(release)} cancelled`, async (tx) => {
    const current = await readRelease(state, release);
    const runs = (current ? allWork(current) : []).flatMap((work) => latestRun(work) ?? []);
    const waiting = runs.filter(({ status }) => status === "pending" || status === "paused");
    const time = new Date().toISOString();
    for (const { ref } of waiting) await setStatus(state, tx, ref, "cancelled", time);
    const running = runs.filter(({ status, isAbandoned }) => status === "running" && !isAbandoned);
    return { cancelled: waiting.map(({ ref }) => ref), running: running.map(({ ref }) => ref) };
  });
}
