import { applyAwaitedIntents } from "../../release/intents.ts";
import { isCancelled, releaseOutcome } from "../../release/plan.ts";
import { quoted } from "../../terminal/summary.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { openRelease, withFilesOf } from "../runExisting.ts";
import { runRelease } from "../runRelease.ts";
import { findFileTarget } from "../target.ts";
import type { Ui } from "../ui.ts";
import type { RetryOptions } from "./releaseRetry.ts";

/** `release continue`: spec 4.4. */
export function releaseContinue(ui: Ui, args: readonly string[], options: RetryOptions): Promise<number> {
  return withContext(ui, async (context) => {
    context.handleSignals();
    context.warm();
    const target = await findFileTarget(context, args[0]);
    const { repository, place } = target;
    const release = await openRelease(context, target);
    if (releaseOutcome(release) === "complete") {
      ui.out(`r${release.number} is complete`);
      return 0;
    }
    if (isCancelled(release)) {
      const shown = ui.places(repository.root).shown(place.file);
      throw new CliError(`r${release.number} was cancelled`, {
        details: [`start another release: ocuroot release new --force ${quoted(shown)}`],
      });
    }
    return await withFilesOf(context, target, release, options, async (source) => {
      const { caller } = await context.evaluate(source, place.file);
      await applyAwaitedIntents(repository, release);
      const { parallel } = options;
      return await runRelease(context, { repository: source, place, release: release.ref, caller, parallel });
    });
  });
}
