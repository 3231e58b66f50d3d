import { withContext } from "../context.ts";
import { globArgument } from "../globArgument.ts";
import type { Ui } from "../ui.ts";

/**
 * `state match`: refs of documents that match the glob (all without one), sorted, one a line. A glob is absolute, or starts
 * in the current folder as refs do: `./a.ocu.star/@r1/**`, `../b.ocu.star/@*`, `./-/c.ocu.star/@/deploy/*`.
 */
export function stateMatch(ui: Ui, args: readonly string[], options: { readonly links: boolean }): Promise<number> {
  return withContext(ui, async (context) => {
    const repository = await context.repository();
    const glob = args[0] === undefined ? "**" : globArgument(context, repository, args[0]);
    const found = await repository.state.match(glob, { links: options.links });
    if (ui.options.json) for (const ref of found) ui.outJson({ ref });
    else ui.out(...found);
    return 0;
  });
}
