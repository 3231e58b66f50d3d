import type { GraphCard, PhaseGraph, ReleaseState, WorkState } from "@ocuroot/server/protocol";

/** What releasing the file now would change in its shape, against its newest release. */
export interface Changes {
  /** Card id → gained, or moved to another phase. */
  readonly cards: Readonly<Record<string, "added" | "moved">>;
  /** Work of the release that the file no longer has. */
  readonly removed: readonly RemovedWork[];
}

/** Work that the file lost. */
export interface RemovedWork {
  readonly kind: "task" | "deploy";
  readonly name: string;
  /** Phase it was in. */
  readonly phase: string;
}

export const noChanges: Changes = { cards: {}, removed: [] };

/** Compares the graph with the release whose statuses it shows. Without a release, or while stale, nothing has changed. */
export function findChanges(graph: PhaseGraph, release: ReleaseState | undefined): Changes {
  if (!release || graph.stale || release.ref !== graph.release?.ref) return noChanges;
  const before = new Map<string, RemovedWork>();
  for (const phase of release.phases) {
    for (const work of phase.work) before.set(keyOf(work), { kind: work.kind, name: work.name, phase: phase.name });
  }
  const cards: Record<string, "added" | "moved"> = {};
  for (const phase of graph.phases) {
    for (const card of phase.cards) {
      const old = before.get(keyOf({ kind: card.kind, name: card.title }));
      if (!old) cards[card.id] = "added";
      else if (old.phase !== phase.name) cards[card.id] = "moved";
      before.delete(keyOf({ kind: card.kind, name: card.title }));
    }
  }
  return { cards, removed: [...before.values()] };
}

function keyOf(work: Pick<WorkState, "kind" | "name"> | (Pick<GraphCard, "kind"> & { name: string })): string {
  return `${work.kind}/${work.name}`;
}
