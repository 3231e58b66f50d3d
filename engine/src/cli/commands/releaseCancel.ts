import { cancelRelease } from "../../release/cancel.ts";
import { shortRef } from "../../release/runWrites.ts";
import { plural } from "../../terminal/text.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { openRelease } from "../runExisting.ts";
import { findFileTarget } from "../target.ts";
import type { Ui } from "../ui.ts";

/** `release cancel`: what has not begun will not begin. */
export function releaseCancel(ui: Ui, args: readonly string[]): Promise<number> {
  return withContext(ui, async (context) => {
    const target = await findFileTarget(context, args[0]);
    const { ref, number } = await openRelease(context, target);
    const { cancelled, running } = await cancelRelease(target.repository.state, ref);
    if (cancelled.length === 0) throw new CliError(`nothing in r${number} waits to be started`);
    ui.out(`r${number}: ${plural(cancelled.length, "piece")} of work cancelled`);
    for (const run of running) ui.note(`${shortRef(run)} still runs; press Ctrl-C where it was started`);
    return 0;
  });
}
