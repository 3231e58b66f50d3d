import { DeployError } from "../../release/deployRuns.ts";
import { applyIntent, IntentError, intentKind } from "../../release/intents.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { runDeployments } from "../runExisting.ts";
import { findDocumentTarget } from "../target.ts";
import type { Ui } from "../ui.ts";
import { intentRef } from "./stateSet.ts";

const words = { create: "set", update: "changed", delete: "removed" } as const;

export interface ApplyOptions {
  readonly anyCommit?: boolean;
  readonly parallel: number;
}

/** `state apply`: makes state what intent says at a ref. Deployments are put up or taken down for it. */
export function stateApply(ui: Ui, args: readonly string[], options: ApplyOptions): Promise<number> {
  return withContext(ui, async (context) => {
    context.handleSignals();
    const target = await findDocumentTarget(context, args[0] as string);
    const { repository } = target;
    const ref = await intentRef(target);
    try {
      const { parallel, anyCommit = false } = options;
      const change = await applyIntent(repository, ref, (requests) =>
        runDeployments(context, repository, requests, { anyCommit, parallel }),
      );
      if (change) ui.note(`${ref} is ${words[change]}`);
      else await tellNothing(ui, ref, (await repository.intent.read(ref)) !== undefined);
      return 0;
    } catch (error) {
      if (error instanceof IntentError || error instanceof DeployError) throw new CliError(error.message);
      throw error;
    }
  });
}

async function tellNothing(ui: Ui, ref: string, isThere: boolean): Promise<void> {
  if (!isThere && intentKind(ref)) throw new CliError(`neither intent nor state has anything at ${ref}`);
  ui.note(`${ref} is as intended already`);
}
