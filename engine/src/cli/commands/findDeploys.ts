import { findCommit } from "../../host/git.ts";
import { findDeploys } from "../../work/findDeploys.ts";
import { commitsBetween } from "../../work/git.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import type { Ui } from "../ui.ts";

/**
 * `find-deploys`: deployments of releases whose commit is reachable from END and not from START, as `git log START..END`
 * lists them. One a line; with `--json` one object a line.
 */
export function findDeploysCommand(ui: Ui, args: readonly string[]): Promise<number> {
  return withContext(ui, async (context) => {
    const repository = await context.repository();
    const { root, env, name, state } = repository;
    const [start = "", end = ""] = await Promise.all(
      args.map(async (commit) => {
        const found = commit.startsWith("-") ? undefined : await findCommit({ cwd: root, env }, commit);
        if (found === undefined) throw new CliError(`there is no commit ${commit} here`);
        return found;
      }),
    );
    const deploys = await findDeploys(state, name, await commitsBetween(root, start, end));
    for (const deploy of deploys) {
      const { ref, commit, current } = deploy;
      if (ui.options.json) ui.outJson({ ...deploy });
      // For people the commit is said, too; for scripts there is nothing but the ref.
      else if (ui.io.stdout.isTTY) ui.out([ref, commit.slice(0, 7), ...(current ? ["current"] : [])].join("  "));
      else ui.out(ref);
    }
    return 0;
  });
}
