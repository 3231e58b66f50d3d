import { findIntents, findWork } from "../../work/identify.ts";
import type { Ui } from "../ui.ts";
import {
  everywhere,
  intentScope,
  printItems,
  tellNothing,
  type WorkOptions,
  withSession,
  withWorkPlace,
} from "../work.ts";

/** `work cascade`: all work of every repository and commit, until nothing is left (spec 4.5, 4.7). */
export function workCascade(ui: Ui, _args: readonly string[], options: WorkOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    const { repository } = place;
    const intents = intentScope(place);
    const everything = everywhere(place, true);
    if (options.dryrun) {
      return printItems(ui, [
        ...(await findIntents(repository, intents)),
        ...(await findWork(repository.state, everything)),
      ]);
    }
    return await withSession(context, place, { parallel: options.parallel, takesCheckout: false }, async (session) => {
      tellNothing(ui, await session.doAll(everything, intents), "left");
      return session.exitCode;
    });
  });
}
