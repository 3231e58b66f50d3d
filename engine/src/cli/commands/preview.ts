import { formatPreview, type PreviewFormat } from "../../preview/format.ts";
import { type CliContext, withContext } from "../context.ts";
import { CliError, usageError } from "../errors.ts";
import type { PageOptions } from "../localPage.ts";
import { findFileTarget, requireFile } from "../target.ts";
import type { Ui } from "../ui.ts";

interface Options extends PageOptions {
  readonly format: PreviewFormat;
  readonly serve?: boolean;
}

/** `preview`: the phase graph of a file. Nothing is run and nothing is written. */
export function preview(ui: Ui, args: readonly string[], options: Options): Promise<number> {
  if (options.port !== undefined && !options.serve) throw usageError("--port goes with --serve");
  const show = async (context: CliContext) => {
    const target = await findFileTarget(context, args[0]);
    requireFile(context, target);
    if (options.serve) return await (await import("./previewServe.ts")).servePreview(context, target, options);
    const { repository, place } = target;
    const { model, problems } = await context.preview(repository, place.file);
    context.showProblems(problems, repository.root);
    if (!model) throw new CliError(`${ui.places(repository.root).shown(place.file)} has an error`);
    ui.out(formatPreview(model, ui.options.json ? "json" : options.format).trimEnd());
    return 0;
  };
  return withContext(ui, show, { isSandboxed: true });
}
