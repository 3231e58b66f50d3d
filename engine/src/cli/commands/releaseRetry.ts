import type { CommandRecord } from "../../host/commandRecords.ts";
import { retryRelease } from "../../release/retry.ts";
import { retryableWork } from "../../runner/plan.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { openRelease, withFilesOf } from "../runExisting.ts";
import { runRelease } from "../runRelease.ts";
import { findFileTarget } from "../target.ts";
import type { Ui } from "../ui.ts";

export interface RetryOptions {
  readonly anyCommit?: boolean;
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
    const nothing = () =>
      new CliError(`nothing failed in r${release.number} of ${context.ui.places(repository.root).shown(place.file)}`);
    if (retryableWork(release).length === 0) throw nothing();
    const onEnded = (left: CommandRecord) => {
      ui.note(
        `ended \`${left.command}\` (process ${left.pid}), which attempt ${left.run.replace(/^.*\//, "")} had left running`,
      );
    };
    return await withFilesOf(context, target, release, options, async (source) => {
      const { caller } = await context.evaluate(source, place.file);
      if ((await retryRelease(repository.state, release.ref, { onEnded })).length === 0) throw nothing();
      const { parallel } = options;
      return await runRelease(context, { repository: source, place, release: release.ref, caller, parallel });
    });
  });
}
