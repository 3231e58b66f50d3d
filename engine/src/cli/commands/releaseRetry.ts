import type { CommandRecord } from "../../host/commandRecords.ts";
import { allWork, latestRun, type ReleaseState, retryableWork } from "../../release/plan.ts";
import { retryRelease } from "../../release/retry.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { openRelease, withFilesOf } from "../runExisting.ts";
import { runRelease } from "../runRelease.ts";
import { findFileTarget } from "../target.ts";
import type { Ui } from "../ui.ts";

export interface RetryOptions {
  readonly anyCommit?: boolean;
  /** A machine that is gone for good. */
  readonly lost?: string;
  readonly worktree?: boolean;
  readonly parallel: number;
}

/** `release retry`: spec 4.3. */
export function releaseRetry(ui: Ui, args: readonly string[], options: RetryOptions): Promise<number> {
  return withContext(ui, async (context) => {
    context.handleSignals();
    context.warm();
    const target = await findFileTarget(context, args[0]);
    const { repository, place } = target;
    const release = await openRelease(context, target);
    const nothing = () => {
      const file = context.ui.places(repository.root).shown(place.file);
      return new CliError(`nothing failed in r${release.number} of ${file}`, {
        details: unseenMachines(release, file),
      });
    };
    if (retryableWork(release, options.lost).length === 0) throw nothing();
    const onEnded = (left: CommandRecord) => {
      ui.note(
        `ended \`${left.command}\` (process ${left.pid}), which attempt ${left.run.replace(/^.*\//, "")} had left running`,
      );
    };
    return await withFilesOf(context, target, release, options, async (source) => {
      const { caller } = await context.evaluate(source, place.file);
      const { lost } = options;
      const retried = await retryRelease(repository.state, release.ref, { onEnded, ...(lost && { lost }) });
      if (retried.length === 0) throw nothing();
      const { parallel } = options;
      return await runRelease(context, { repository: source, place, release: release.ref, caller, parallel });
    });
  });
}

/** What to do about machines that may be gone: nobody can see it from here. */
function unseenMachines(release: ReleaseState, file: string): string[] {
  const machines = allWork(release).flatMap((work) => latestRun(work)?.machine ?? []);
  return [...new Set(machines)].map(
    (machine) =>
      `work runs on ${machine}; should that machine be gone for good: ocuroot release retry ${file}/@r${release.number} --lost ${machine}`,
  );
}
