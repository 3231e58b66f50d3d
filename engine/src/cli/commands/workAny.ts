import { findIntents, findWork } from "../../work/identify.ts";
import { triggersFor } from "../../work/trigger.ts";
import { runTriggers } from "../runTriggers.ts";
import type { Ui } from "../ui.ts";
import { printItems, tellNothing, type WorkOptions, withSession, withWorkPlace } from "../work.ts";

export interface AnyOptions extends WorkOptions {
  readonly comprehensive?: boolean;
}

/** `work any`: intent, operations and runs at this commit; then the other commits are triggered (spec 4.7). */
export function workAny(ui: Ui, _args: readonly string[], options: AnyOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    const { repository, commit } = place;
    const own = { repo: repository.name, commit };
    const everywhere = { isComprehensive: options.comprehensive === true };
    const findAll = async () => [
      ...(await findIntents(repository, own)),
      ...(await findWork(repository.state, everywhere)),
    ];
    if (options.dryrun) return printItems(ui, await findAll());
    const session = { parallel: options.parallel, takesCheckout: true };
    const { didAny, exitCode } = await withSession(context, place, session, async (work) => ({
      didAny: await work.doAll(own, { ...own, onlyCommit: commit }),
      exitCode: work.exitCode,
    }));
    if (exitCode === 130) return exitCode;
    const isOwn = (trigger: { repo: string; commit: string }) => trigger.repo === own.repo && trigger.commit === commit;
    const triggers = triggersFor(await findAll(), own).filter((trigger) => !isOwn(trigger));
    tellNothing(ui, didAny || triggers.length > 0, "to do");
    return (await runTriggers(context, place, triggers)) ? exitCode : 1;
  });
}
