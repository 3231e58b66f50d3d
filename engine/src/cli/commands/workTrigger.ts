import { findIntents, findWork } from "../../work/identify.ts";
import { triggersFor } from "../../work/trigger.ts";
import { globalTarget, runTriggers } from "../runTriggers.ts";
import type { Ui } from "../ui.ts";
import { everywhere, intentScope, printItems, tellNothing, type WorkOptions, withWorkPlace } from "../work.ts";

export interface TriggerOptions extends WorkOptions {
  readonly intent?: boolean;
}

/** `work trigger`: calls the trigger of each repository and commit that has work (spec 4.7). */
export function workTrigger(ui: Ui, _args: readonly string[], options: TriggerOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    const { repository } = place;
    const items = options.intent
      ? await findIntents(repository, intentScope(place))
      : await findWork(repository.state, everywhere(place, false));
    if (options.dryrun) return printItems(ui, items);
    const triggers = triggersFor(items, await globalTarget(place));
    tellNothing(ui, triggers.length > 0, "to trigger");
    return (await runTriggers(context, place, triggers)) ? 0 : 1;
  });
}
