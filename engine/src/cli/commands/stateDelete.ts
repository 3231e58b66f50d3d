import { shortRef } from "../../release/runWrites.ts";
import { quoted } from "../../terminal/summary.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { commandRef } from "../runRelease.ts";
import { findDocumentTarget } from "../target.ts";
import type { Ui } from "../ui.ts";
import { intentRef } from "./stateSet.ts";

/** `state delete`: removes a ref from intent. */
export function stateDelete(ui: Ui, args: readonly string[]): Promise<number> {
  return withContext(ui, async (context) => {
    const target = await findDocumentTarget(context, args[0] as string);
    const { repository } = target;
    const ref = await intentRef(target);
    if (!(await repository.intent.read(ref))) throw new CliError(`intent has nothing at ${ref}`);
    await repository.intent.transact(`${shortRef(ref)} removed`, (tx) => tx.delete(ref));
    ui.note(`Intent is removed. To make it so: ocuroot state apply ${quoted(commandRef(ui, repository, ref))}`);
    return 0;
  });
}
