import type { PackageModel } from "../model/package.ts";
import { type Graph, graphOf } from "./graph.ts";

/** A Mermaid flowchart: one subgraph for each phase, arrows for inputs, thick arrows for the order of phases. */
export function formatMermaid(model: PackageModel): string {
  return `${printGraph(graphOf(model)).join("\n")}\n`;
}

function printGraph({ phases, order, inputs, outside }: Graph): string[] {
  const lines = ["flowchart LR"];
  for (const phase of phases) {
    lines.push(`  subgraph ${phase.id}[${quote(phase.title)}]`);
    if (phase.work.length === 0) lines.push(`    ${phase.id}_empty["(no work)"]`);
    for (const { id, label, kind } of phase.work) {
      // Deploys are rounded, tasks square: the two differ by shape, not by colour.
      lines.push(kind === "deploy" ? `    ${id}(${quote(label)})` : `    ${id}[${quote(label)}]`);
    }
    lines.push("  end");
  }
  for (const { id, label } of outside) lines.push(`  ${id}>${quote(label)}]`);
  for (const { from, to } of order) lines.push(`  ${from} ==> ${to}`);
  for (const { from, to, label, isOptional } of inputs) {
    lines.push(`  ${from} ${isOptional ? "-.->" : "-->"}|${quote(label)}| ${to}`);
  }
  return lines;
}

/** Mermaid reads `#…;` as an entity and has no other escapes. */
function quote(text: string): string {
  return `"${text.replace(/[#"<>&|`\n\\]/g, (character) => `#${character.codePointAt(0)};`)}"`;
}
