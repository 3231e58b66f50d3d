import type { PackageModel } from "../model/package.ts";
import { describeWork, phaseTitle } from "./describe.ts";

/** The phase graph in the form that drawing languages want: nodes and edges with plain ids. */
export interface Graph {
  readonly phases: readonly GraphPhase[];
  /** Phases in their order, as edges between phase ids. */
  readonly order: readonly { readonly from: string; readonly to: string }[];
  /** Inputs that other work, of this file or not, gives. `isOptional`: there is a default. */
  readonly inputs: readonly GraphEdge[];
  /** Refs to anything but work of this file's own release. */
  readonly outside: readonly { readonly id: string; readonly label: string }[];
}

export interface GraphPhase {
  readonly id: string;
  readonly title: string;
  readonly work: readonly GraphNode[];
}

export interface GraphNode {
  readonly id: string;
  readonly kind: "task" | "deploy";
  readonly label: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isOptional: boolean;
}

export function graphOf(model: PackageModel): Graph {
  const ids = new Map<string, string>();
  const described = model.phases.map((phase) => phase.work.map(describeWork));
  for (const { id } of described.flat()) ids.set(id, `w${ids.size + 1}`);

  const outside = new Map<string, { id: string; label: string }>();
  const inputs: GraphEdge[] = [];
  for (const work of described.flat()) {
    for (const { name, ref, from, value } of work.inputs) {
      if (ref === undefined) continue;
      const producer = from === undefined ? undefined : ids.get(from);
      if (producer === undefined && !outside.has(ref)) outside.set(ref, { id: `x${outside.size + 1}`, label: ref });
      const source = producer ?? (outside.get(ref)?.id as string);
      inputs.push({ from: source, to: ids.get(work.id) as string, label: name, isOptional: value !== undefined });
    }
  }
  const phases = model.phases.map((phase, i): GraphPhase => {
    const work = (described[i] ?? []).map(({ id, kind, title }) => {
      return { id: ids.get(id) as string, kind, label: `${kind} ${title}` };
    });
    return { id: `p${i + 1}`, title: phaseTitle(phase), work };
  });
  const order = phases.slice(1).map((phase, i) => ({ from: (phases[i] as GraphPhase).id, to: phase.id }));
  return { phases, order, inputs, outside: [...outside.values()] };
}
