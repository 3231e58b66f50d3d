import { findIntents, findWork } from "../../work/identify.ts";
import { type Trigger, triggersFor } from "../../work/trigger.ts";
import { globalTarget, runTriggers } from "../runTriggers.ts";
import type { Ui } from "../ui.ts";
import {
  everywhere,
  intentScope,
  ownScope,
  printItems,
  tellNothing,
  type WorkOptions,
  withSession,
  withWorkPlace,
} from "../work.ts";

export interface AnyOptions extends WorkOptions {
  readonly comprehensive?: boolean;
}

/** `work any`: intent, operations and runs at this commit; then the other commits are triggered (spec 4.7). */
export function workAny(ui: Ui, _args: readonly string[], options: AnyOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    const { repository, commit } = place;
    const intents = { ...intentScope(place), onlyCommit: commit ?? "" };
    const findAll = async () => [
      ...(await findIntents(repository, intents)),
      ...(await findWork(repository.state, everywhere(place, options.comprehensive === true))),
    ];
    if (options.dryrun) return printItems(ui, await findAll());
    const session = { parallel: options.parallel, takesCheckout: true };
    const { didAny, exitCode } = await withSession(context, place, session, async (work) => ({
      // In a checkout of a store there are no files: what needs some is left to those who are triggered.
      didAny: await (commit === undefined ? work.applyIntents(intents) : work.doAll(ownScope(place), intents)),
      exitCode: work.exitCode,
    }));
    if (exitCode === 130) return exitCode;
    const isOwn = (trigger: Trigger) => trigger.repo === repository.name && trigger.commit === commit;
    const triggers = triggersFor(await findAll(), await globalTarget(place)).filter((trigger) => !isOwn(trigger));
    tellNothing(ui, didAny || triggers.length > 0, "to do");
    return (await runTriggers(context, place, triggers)) ? exitCode : 1;
  });
}
