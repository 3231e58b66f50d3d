import type { PhaseGraph, ReleaseState } from "@ocuroot/server/protocol";
import { liveDuration } from "../model/releases.ts";

/** The graph with the time that running work has taken until now; the page counts on from there. */
export function withLiveDurations(graph: PhaseGraph, release: ReleaseState | undefined, now: number): PhaseGraph {
  if (release === undefined || release.ref !== graph.release?.ref) return graph;
  const running = new Map<string, number>();
  for (const work of release.phases.flatMap((phase) => phase.work)) {
    const duration = work.status === "running" ? liveDuration(work, now) : undefined;
    if (duration !== undefined) running.set(`${work.kind}/${work.name}`, duration);
  }
  if (running.size === 0) return graph;
  const phases = graph.phases.map((phase) => ({
    ...phase,
    cards: phase.cards.map((card) => {
      const durationMs = card.status === "running" ? running.get(card.id) : undefined;
      return durationMs === undefined ? card : { ...card, durationMs };
    }),
  }));
  return { ...graph, phases };
}
