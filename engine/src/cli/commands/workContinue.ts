import { findAwaited, findWork } from "../../work/identify.ts";
import type { Ui } from "../ui.ts";
import { ownScope, printItems, tellNothing, type WorkOptions, withSession, withWorkPlace } from "../work.ts";

/**
 * `work continue`: what can go on, and what must be done again, at the commit that is checked out (spec 4.7). Of intent it
 * applies what its work waits for, such as approvals.
 */
export function workContinue(ui: Ui, _args: readonly string[], options: WorkOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    const scope = ownScope(place);
    if (options.dryrun) {
      return printItems(ui, [
        ...(await findAwaited(place.repository, scope)),
        ...(await findWork(place.repository.state, scope)),
      ]);
    }
    return await withSession(context, place, { parallel: options.parallel, takesCheckout: true }, async (session) => {
      tellNothing(ui, await session.doAll(scope, "awaited"), place.commit === undefined ? "left" : "at this commit");
      return session.exitCode;
    });
  });
}
