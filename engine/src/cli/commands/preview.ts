import { formatPreview, type PreviewFormat } from "../../preview/format.ts";
import { type CliContext, withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { findFileTarget, requireFile } from "../target.ts";
import type { Ui } from "../ui.ts";

/** `preview`: the phase graph of a file. Nothing is run and nothing is written. */
export function preview(ui: Ui, args: readonly string[], options: { readonly format: PreviewFormat }): Promise<number> {
  const show = async (context: CliContext) => {
    const target = await findFileTarget(context, args[0]);
    requireFile(context, target);
    const { repository, place } = target;
    const { model, problems } = await context.preview(repository, place.file);
    context.showProblems(problems, repository.root);
    if (!model) throw new CliError(`${ui.places(repository.root).shown(place.file)} has an error`);
    ui.out(formatPreview(model, ui.options.json ? "json" : options.format).trimEnd());
    return 0;
  };
  return withContext(ui, show, { isSandboxed: true });
}
