import { diffIntent } from "../../release/intents.ts";
import { withContext } from "../context.ts";
import { DamageReport } from "../damageReport.ts";
import type { Ui } from "../ui.ts";

const signs = { create: "+", update: "~", delete: "-" } as const;

/** `state diff`: refs whose intent differs from state, one a line. What cannot be read is told, and the rest shown. */
export function stateDiff(ui: Ui): Promise<number> {
  return withContext(ui, async (context) => {
    const damage = new DamageReport(ui);
    const differences = await diffIntent(await context.repository(), (error) => damage.add(error));
    for (const { ref, change } of differences) {
      if (ui.options.json) ui.outJson({ ref, change });
      else ui.out(ui.io.stdout.isTTY ? `${signs[change]} ${ref}` : ref);
    }
    return damage.isEmpty ? 0 : 1;
  });
}
