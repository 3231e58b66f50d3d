import { DeployError } from "../../release/deployRuns.ts";
import { applyIntent, IntentError, intentKind } from "../../release/intents.ts";
import { SourceError } from "../../work/sources.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { findDocumentTarget } from "../target.ts";
import type { Ui } from "../ui.ts";
import { cascade, commitIfAny, withSession } from "../work.ts";
import { intentRef } from "./stateSet.ts";

const words = { create: "set", update: "changed", delete: "removed" } as const;

export interface ApplyOptions {
  readonly anyCommit?: boolean;
  readonly cascade?: boolean;
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
      const place = { repository, commit: await commitIfAny(context, repository) };
      const change = await withSession(context, place, { parallel, takesCheckout: true, anyCommit }, (session) =>
        applyIntent(repository, ref, (requests) => session.runDeployments(requests)),
      );
      if (change) tellChange(ui, ref, change, options);
      else await tellNothing(ui, ref, (await repository.intent.read(ref)) !== undefined);
      return options.cascade ? await cascade(context, place, parallel) : 0;
    } catch (error) {
      if (context.isStopped) return 130;
      if (isRefusal(error)) throw new CliError(error.message);
      throw error;
    }
  });
}

function tellChange(ui: Ui, ref: string, change: keyof typeof words, options: ApplyOptions): void {
  ui.note(`${ref} is ${words[change]}`);
  if (intentKind(ref) === "environment" && !options.cascade) ui.note("Releases will look at it: ocuroot work continue");
}

function isRefusal(error: unknown): error is Error {
  return error instanceof IntentError || error instanceof DeployError || error instanceof SourceError;
}

async function tellNothing(ui: Ui, ref: string, isThere: boolean): Promise<void> {
  if (!isThere && intentKind(ref)) throw new CliError(`neither intent nor state has anything at ${ref}`);
  ui.note(`${ref} is as intended already`);
}
