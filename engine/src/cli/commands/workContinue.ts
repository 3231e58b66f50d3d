import { findWork } from "../../work/identify.ts";
import type { Ui } from "../ui.ts";
import { printItems, tellNothing, type WorkOptions, withSession, withWorkPlace } from "../work.ts";

/** `work continue`: what can go on, and what must be done again, at the commit that is checked out (spec 4.7). */
export function workContinue(ui: Ui, _args: readonly string[], options: WorkOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    const { repository, commit } = place;
    const scope = { repo: repository.name, commit };
    if (options.dryrun) return printItems(ui, await findWork(repository.state, scope));
    return await withSession(context, place, { parallel: options.parallel, takesCheckout: true }, async (session) => {
      tellNothing(ui, await session.doAll(scope), "at this commit");
      return session.exitCode;
    });
  });
}
