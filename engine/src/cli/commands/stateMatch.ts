import { withContext } from "../context.ts";
import type { Ui } from "../ui.ts";

/** `state match`: refs of documents that match the glob (all without one), one a line. */
export function stateMatch(ui: Ui, args: readonly string[], options: { readonly links: boolean }): Promise<number> {
  return withContext(ui, async (context) => {
    const { state } = await context.repository();
    const found = await state.match(args[0] ?? "**", { links: options.links });
    if (ui.options.json) for (const ref of found) ui.outJson({ ref });
    else ui.out(...found);
    return 0;
  });
}
