import type { EnvironmentState, GraphCard, PhaseGraph } from "@ocuroot/server/protocol";
import { inputText } from "./graphModel.ts";

/** What of a graph is looked at: a search, which dims, and environments, which hide. */

/** An environment that the graph deploys to. */
export type GraphEnvironment = Pick<EnvironmentState, "name" | "attributes">;

/** Cards that all words of `search` are found in: title, news, inputs and their values. All cards for no words. */
export function findCards(graph: PhaseGraph, search: string): GraphCard[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return graph.phases.flatMap((phase) =>
    phase.cards.filter((card) => {
      const text = [
        phase.name,
        card.kind,
        card.title,
        card.status ?? "",
        card.news ?? "",
        ...card.inputs.flatMap((input) => [input.name, inputText(input)]),
      ]
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    }),
  );
}

/** One way to choose environments: those with an attribute's value, or one by its name. */
export interface Facet {
  readonly label: string;
  readonly names: readonly string[];
}

/** Environments that `graph` deploys to, with what is known of them. */
export function environmentsIn(graph: PhaseGraph, known: readonly GraphEnvironment[]): GraphEnvironment[] {
  const attributes = new Map(known.map((each) => [each.name, each.attributes]));
  const names = new Set(graph.phases.flatMap(({ cards }) => cards).flatMap((card) => environmentOf(card) ?? []));
  const byName = (a: string, b: string) => a.localeCompare(b, undefined, { numeric: true });
  return [...names].sort(byName).map((name) => ({ name, attributes: attributes.get(name) ?? {} }));
}

/** `type: prod` and the like, for attributes that tell environments apart; most environments first. */
export function attributeFacets(environments: readonly GraphEnvironment[]): Facet[] {
  const names = new Map<string, string[]>();
  for (const environment of environments) {
    for (const [key, value] of Object.entries(environment.attributes)) {
      const label = `${key}: ${value}`;
      const list = names.get(label) ?? [];
      names.set(label, list);
      list.push(environment.name);
    }
  }
  return [...names]
    .filter(([, list]) => list.length > 1 && list.length < environments.length)
    .map(([label, list]) => ({ label, names: list }))
    .sort((a, b) => b.names.length - a.names.length || a.label.localeCompare(b.label));
}

/** The graph without deployments to `hidden` environments, and without phases that are left empty by that. */
export function withoutEnvironments(graph: PhaseGraph, hidden: ReadonlySet<string>): PhaseGraph {
  if (hidden.size === 0) return graph;
  const phases = graph.phases.flatMap((phase) => {
    const cards = phase.cards.filter((card) => !hidden.has(environmentOf(card) ?? ""));
    if (cards.length === phase.cards.length) return phase;
    return cards.length === 0 ? [] : { ...phase, cards };
  });
  return { ...graph, phases };
}

function environmentOf(card: GraphCard): string | undefined {
  return card.kind === "deploy" ? card.title : undefined;
}
