import { diffIntent } from "../../release/intents.ts";
import { withContext } from "../context.ts";
import type { Ui } from "../ui.ts";

const signs = { create: "+", update: "~", delete: "-" } as const;

/** `state diff`: refs whose intent differs from state, one a line. */
export function stateDiff(ui: Ui): Promise<number> {
  return withContext(ui, async (context) => {
    for (const { ref, change } of await diffIntent(await context.repository())) {
      if (ui.options.json) ui.outJson({ ref, change });
      else ui.out(ui.io.stdout.isTTY ? `${signs[change]} ${ref}` : ref);
    }
    return 0;
  });
}
