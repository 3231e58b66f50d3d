import { findOperations } from "../../work/identify.ts";
import type { Ui } from "../ui.ts";
import { everywhere, printItems, tellNothing, type WorkOptions, withSession, withWorkPlace } from "../work.ts";

/** `work ops`: operations that releases of this repository wait for, whatever their commit (spec 4.7). Runs nothing. */
export function workOps(ui: Ui, _args: readonly string[], options: WorkOptions): Promise<number> {
  return withWorkPlace(ui, async (context, place) => {
    const { repository, commit } = place;
    const own = commit === undefined ? {} : { repo: repository.name };
    const scope = { ...everywhere(place, true), ...own };
    if (options.dryrun) return printItems(ui, await findOperations(repository.state, scope));
    return await withSession(context, place, { parallel: options.parallel, takesCheckout: true }, async (session) => {
      tellNothing(ui, await session.doOperations(scope), "of that kind");
      return session.exitCode;
    });
  });
}
