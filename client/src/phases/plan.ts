import type { GraphCard, PhaseGraph } from "@ocuroot/server/protocol";
import { plural } from "../model/format.ts";

/** What a release made now would do with a piece of work. */
export type PlannedWork =
  | { readonly kind: "runs" }
  /** An input is not there: nothing in this file makes it. */
  | { readonly kind: "waits"; readonly needs: readonly string[] }
  /** Work before it waits. */
  | { readonly kind: "after"; readonly waitsFor: string };

/** What a release made now would do, as far as state and the file tell: a run may always fail. */
export interface ReleasePlan {
  readonly work: ReadonlyMap<string, PlannedWork>;
  /** One sentence. */
  readonly summary: string;
}

/** Follows the phases: each begins when all work before it is done, and work begins when its inputs are there. */
export function planRelease(graph: PhaseGraph): ReleasePlan {
  const work = new Map<string, PlannedWork>();
  let stopped: string | undefined;
  for (const phase of graph.phases) {
    for (const card of phase.cards) work.set(card.id, planCard(card, work, stopped));
    stopped ??= waitingIn(phase.name, phase.cards, work);
  }
  return { work, summary: summaryOf(graph, work) };
}

function planCard(card: GraphCard, before: ReadonlyMap<string, PlannedWork>, stopped: string | undefined): PlannedWork {
  if (stopped !== undefined) return { kind: "after", waitsFor: stopped };
  const needs = card.inputs.filter((input) => input.missing).map((input) => input.name);
  if (needs.length > 0) return { kind: "waits", needs };
  const waiting = card.inputs.find((input) => {
    const producer = input.from !== undefined && input.from !== card.id ? before.get(input.from) : undefined;
    return producer !== undefined && producer.kind !== "runs" && input.value === undefined;
  });
  return waiting ? { kind: "after", waitsFor: waiting.name } : { kind: "runs" };
}

function waitingIn(
  phase: string,
  cards: readonly GraphCard[],
  work: ReadonlyMap<string, PlannedWork>,
): string | undefined {
  const waiting = cards.filter((card) => work.get(card.id)?.kind !== "runs");
  return waiting.length === 0 ? undefined : phase || waiting[0]!.title;
}

function summaryOf(graph: PhaseGraph, work: ReadonlyMap<string, PlannedWork>): string {
  const planned = [...work.values()];
  const runs = planned.filter((each) => each.kind === "runs").length;
  const needs = new Set(planned.flatMap((each) => (each.kind === "waits" ? each.needs : [])));
  const pieces = plural(planned.length, "piece");
  if (needs.size === 0)
    return `A release made now would run ${planned.length === 1 ? "one piece" : `all ${pieces}`} of work.`;
  const waiting = graph.phases.flatMap(({ cards }) => cards).filter((card) => work.get(card.id)?.kind === "waits");
  const who = waiting.length > 2 ? plural(waiting.length, "piece") : waiting.map((card) => card.title).join(" and ");
  const first = runs === 0 ? "nothing" : `${runs} of ${pieces} of work`;
  return `A release made now would run ${first}; ${who} would wait for ${[...needs].join(", ")}.`;
}

/** `would run`, `would wait for approval`. */
export function plannedWords(planned: PlannedWork): string {
  switch (planned.kind) {
    case "runs":
      return "would run";
    case "waits":
      return `would wait for ${planned.needs.join(", ")}`;
    case "after":
      return `would follow ${planned.waitsFor}, which waits`;
  }
}
