import type { GraphCard, PhaseGraph } from "@ocuroot/server/protocol";
import { formatDuration } from "../model/format.ts";

/** The work that a release's time was spent on: of each phase the piece that the next phase had to wait for. */
export interface CriticalPath {
  /** Card id → its share of the path, from 0 to 1. */
  readonly shares: ReadonlyMap<string, number>;
  /** In the order of the phases. */
  readonly cards: readonly GraphCard[];
  readonly totalMs: number;
}

/**
 * Work of a phase runs side by side and phases follow each other, so that the path is the longest piece of each phase.
 * Undefined while no work has a duration.
 */
export function criticalPath(graph: PhaseGraph): CriticalPath | undefined {
  const cards = graph.phases.flatMap(({ cards }) => longest(cards) ?? []);
  if (cards.length === 0) return undefined;
  const totalMs = cards.reduce((sum, card) => sum + card.durationMs!, 0);
  const shares = new Map(cards.map((card) => [card.id, totalMs === 0 ? 0 : card.durationMs! / totalMs]));
  return { shares, cards, totalMs };
}

function longest(cards: readonly GraphCard[]): GraphCard | undefined {
  let found: GraphCard | undefined;
  for (const card of cards) {
    if (card.durationMs !== undefined && card.durationMs > (found?.durationMs ?? -1)) found = card;
  }
  return found;
}

/** `build 12 s › eu 9 s`: the path for people, its longest part named when it has many. */
export function pathWords({ cards, totalMs }: CriticalPath): string {
  const words = cards.map((card) => `${card.title} ${formatDuration(card.durationMs!)}`);
  const sum = cards.length > 1 ? ` = ${formatDuration(totalMs)}` : "";
  return `${words.join(" › ")}${sum}`;
}

/** `62 %`. */
export function shareWords(share: number): string {
  return `${Math.round(share * 100)} %`;
}
