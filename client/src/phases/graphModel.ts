import type { GraphCard, GraphInput, GraphPhase, PhaseGraph, WorkStatus } from "@ocuroot/server/protocol";
import { formatDuration, lastMeaningfulLine, plural } from "../model/format.ts";
import { canRetry, isWaiting, lookOf, statusWords } from "../model/status.ts";

/** Words and shapes of the phase graph: everything that needs no page. */

/** Phases with more cards than this fold into a group card. */
export const foldAbove = 12;

/** Inputs that a card lists; the rest is counted. */
export const shownInputs = 4;

/** A line between cards. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly input: string;
  readonly blocked: boolean;
}

/** All edges between cards of the graph. */
export function findEdges(graph: PhaseGraph): Edge[] {
  const cards = graph.phases.flatMap((phase) => phase.cards);
  const known = new Set(cards.map((card) => card.id));
  return cards.flatMap((card) =>
    card.inputs
      .filter((input) => input.from !== undefined && known.has(input.from) && input.from !== card.id)
      .map((input) => ({ from: input.from!, to: card.id, input: input.name, blocked: input.blocked })),
  );
}

/** `2 of 3`, `1 of 3 failed`; the number of cards alone while nothing was released. */
export function phaseCount(phase: GraphPhase): string {
  const total = phase.cards.length;
  if (phase.cards.every((card) => card.status === undefined)) return total > 1 ? String(total) : "";
  const failed = phase.cards.filter((card) => card.status && canRetry(card.status)).length;
  if (failed > 0) return total > 1 ? `${failed} of ${total} failed` : "failed";
  const done = phase.cards.filter((card) => card.status === "complete" || card.status === "removed").length;
  return total > 1 ? `${done} of ${total}` : "";
}

/** The longest card of a phase, in words: work of a phase runs side by side. */
export function phaseDuration(phase: GraphPhase): string {
  const longest = Math.max(-1, ...phase.cards.map((card) => card.durationMs ?? -1));
  return longest < 0 ? "" : formatDuration(longest);
}

/** What stands at the right of a card's title. `sinceMs`: time since the graph arrived, for what runs. */
export function cardAside(card: GraphCard, sinceMs = 0): string {
  const duration = card.durationMs === undefined ? "" : formatDuration(card.durationMs);
  switch (card.status) {
    case undefined:
      return "";
    case "complete":
      return duration || "done";
    case "running":
      return card.durationMs === undefined ? "running" : `running ${formatDuration(card.durationMs + sinceMs)}`;
    case "failed":
      return duration ? `failed · ${duration}` : "failed";
    case "blocked":
    case "paused":
      return "waits";
    default:
      return lookOf(card.status).word;
  }
}

/** The card's line of news: what went wrong, or what it needs; "" when there is none. */
export function cardNews(card: GraphCard): string {
  if (card.news) return lastMeaningfulLine(card.news);
  if (card.status && isWaiting(card.status)) {
    return statusWords(card.status, { needs: card.inputs.find((input) => input.blocked)?.name });
  }
  return "";
}

/** Why the release stands as it does, in one line: `us: quota exceeded`, `approval for asia, eu, us`; "" when there is nothing to say. */
export function releaseNews(graph: PhaseGraph): string {
  const cards = graph.phases.flatMap((phase) => phase.cards);
  const failed = cards.filter((card) => card.status && canRetry(card.status));
  const [first] = failed;
  if (first) {
    const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : "";
    return `${[first.title, cardNews(first)].filter(Boolean).join(": ")}${more}`;
  }
  const waiting = cards.filter((card) => card.status && isWaiting(card.status));
  const missing = waiting.flatMap((card) => card.inputs).find((input) => input.blocked)?.name;
  if (!waiting[0] || missing === undefined) return "";
  const names = waiting.slice(0, 3).map((card) => card.title);
  const rest = waiting.length > names.length ? ` and ${waiting.length - names.length} more` : "";
  return `${missing} for ${names.join(", ")}${rest}`;
}

/** Value of an input as a card shows it: what it is, else where it comes from. */
export function inputText(input: GraphInput): string {
  return input.value ?? input.ref ?? "";
}

/** The whole card in one sentence, for screen readers. */
export function cardLabel(card: GraphCard, phase: string, change: string | undefined): string {
  const place = phase ? ` in phase ${phase}` : "";
  const status = card.status ? statusWords(card.status, { durationMs: card.durationMs }) : "not released yet";
  const inputs = card.inputs.map((input) => `${input.name} ${inputText(input)}${input.blocked ? " (missing)" : ""}`);
  const parts = [`${card.kind} ${card.title}${place}`, change ?? "", status, cardNews(card)];
  if (inputs.length > 0) parts.push(`${plural(inputs.length, "input")}: ${inputs.join(", ")}`);
  return `${parts.filter((part) => part !== "").join(". ")}.`;
}

/** Counts by status for a group card, in the order in which people look: trouble first. */
export function statusCounts(cards: readonly GraphCard[]): { readonly status: WorkStatus; readonly count: number }[] {
  const order: WorkStatus[] = [
    "failed",
    "interrupted",
    "blocked",
    "paused",
    "running",
    "pending",
    "complete",
    "cancelled",
    "removed",
    "retried",
  ];
  return order
    .map((status) => ({ status, count: cards.filter((card) => card.status === status).length }))
    .filter(({ count }) => count > 0);
}

/** `18 deploys`, `3 tasks and 12 deploys`. */
export function groupTitle(cards: readonly GraphCard[]): string {
  const tasks = cards.filter((card) => card.kind === "task").length;
  const deploys = cards.length - tasks;
  return [tasks > 0 ? plural(tasks, "task") : "", deploys > 0 ? plural(deploys, "deploy") : ""]
    .filter(Boolean)
    .join(" and ");
}
