import type { PackageModel } from "../model/package.ts";
import { type Graph, graphOf } from "./graph.ts";

/** A Graphviz graph: one cluster for each phase, arrows for inputs, bold arrows for the order of phases. */
export function formatDot(model: PackageModel): string {
  return `${printGraph(model.file, graphOf(model)).join("\n")}\n`;
}

function printGraph(title: string, { phases, order, inputs, outside }: Graph): string[] {
  const lines = [`digraph ${quote(title)} {`, "  rankdir=LR;", "  compound=true;", "  node [shape=box];"];
  const anchors = new Map<string, string>();
  for (const phase of phases) {
    lines.push(`  subgraph ${quote(`cluster_${phase.id}`)} {`, `    label=${quote(phase.title)};`);
    for (const { id, label, kind } of phase.work) {
      lines.push(`    ${id} [label=${quote(label)}${kind === "deploy" ? ", style=rounded" : ""}];`);
    }
    if (phase.work.length === 0) lines.push(`    ${phase.id}_empty [label="(no work)", shape=plaintext];`);
    lines.push("  }");
    anchors.set(phase.id, phase.work[0]?.id ?? `${phase.id}_empty`);
  }
  for (const { id, label } of outside) lines.push(`  ${id} [label=${quote(label)}, shape=note];`);
  for (const { from, to } of order) {
    const clusters = `ltail=${quote(`cluster_${from}`)}, lhead=${quote(`cluster_${to}`)}`;
    lines.push(`  ${anchors.get(from)} -> ${anchors.get(to)} [style=bold, ${clusters}];`);
  }
  for (const { from, to, label, isOptional } of inputs) {
    lines.push(`  ${from} -> ${to} [label=${quote(label)}${isOptional ? ", style=dashed" : ""}];`);
  }
  lines.push("}");
  return lines;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
