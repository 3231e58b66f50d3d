import type { JsonValue } from "../../json/json.ts";
import { formatPreview } from "../../preview/format.ts";
import { withContext } from "../context.ts";
import { findFileTarget, requireFile } from "../target.ts";
import type { Ui } from "../ui.ts";

/** `release lint`: evaluates the file without running anything, prints its phases and work, and all problems. */
export function releaseLint(ui: Ui, args: readonly string[]): Promise<number> {
  const lint = async (context: Parameters<Parameters<typeof withContext>[1]>[0]) => {
    const target = await findFileTarget(context, args[0]);
    const { repository, place } = target;
    if (place.file === "repo.ocu.star" && !ui.options.json) {
      // Opening the repository has evaluated it.
      ui.out(`repo.ocu.star configures the repository ${repository.name}`);
      return 0;
    }
    requireFile(context, target);
    const { model, problems } = await context.preview(repository, place.file);
    if (ui.options.json) ui.outJson({ file: place.file, model: model ?? null, problems } as unknown as JsonValue);
    else {
      if (model) ui.out(formatPreview(model, "text").trimEnd());
      context.showProblems(problems, repository.root);
    }
    return problems.some((problem) => problem.severity === "error") ? 1 : 0;
  };
  return withContext(ui, lint, { isSandboxed: true });
}
