import { loadParser } from "./harness.ts";
import { getChildren, spanOf } from "../src/analysis/tree.ts";
it("tree", async () => {
  const p = await loadParser();
  for (const text of (process.env.T ?? "").split("~")) {
    const { module, diagnostics } = p.parse(text.replaceAll("\\n", "\n"));
    console.log(JSON.stringify(text), diagnostics.map((d) => d.code + " " + d.message));
    const show = (n: any, d: number) => { if (n.kind !== "Module") console.log("  ".repeat(d) + n.kind, JSON.stringify(spanOf(n)), n.name?.name ?? n.name ?? ""); for (const c of getChildren(n)) show(c, d + 1); };
    show(module, 0);
  }
});
