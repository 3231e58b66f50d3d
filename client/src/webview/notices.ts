import type { PhaseGraph } from "@ocuroot/server/protocol";
import type { GraphPage, PageAction, PhasesPage } from "../phases/messages.ts";
import { make, withCode } from "./dom.ts";
import { send } from "./host.ts";
import { icon } from "./icons.ts";

/** Asks the extension for what a button offers. */
export function runAction(action: PageAction): void {
  send({ type: "command", command: action.command, context: action.context ?? {} });
}

/** A line above the graph, and what it is made from. */
export interface Notice {
  readonly key: unknown;
  make(): HTMLElement;
}

/** Lines above the graph that say how far it can be believed. */
export function noticesOf({ graph, whatIf }: GraphPage): Notice[] {
  const { uri, stale, problem } = graph;
  const list: Notice[] = [];
  if (whatIf) list.push({ key: ["whatIf", uri, whatIf.words], make: () => whatIfNotice(uri, whatIf.words) });
  if (stale || problem) list.push({ key: ["problem", uri, stale, problem], make: () => problemNotice(graph) });
  if (graph.environmentsNotReleased && !whatIf) {
    const words = "Environments come from register_environment calls: none is released yet.";
    const line = () => make("div", { class: "notice" }, icon("info"), make("span", { class: "words" }, words));
    list.push({ key: "not released", make: line });
  }
  return list;
}

/** The graph is of something that is not so: it says that on a ground of its own, and how to get back. */
function whatIfNotice(uri: string, words: string): HTMLElement {
  const command = (name: string) => () => send({ type: "command", command: name, context: { uri } });
  return make(
    "div",
    { class: "notice what-if", role: "status" },
    icon("beaker"),
    make("span", { class: "words", title: words }, make("b", {}, "What if: "), words),
    make("button", { class: "link", click: command("ocuroot.whatIfEnvironments") }, "Change"),
    make("button", { class: "link", click: command("ocuroot.resetWhatIf") }, "Reset"),
  );
}

function problemNotice(graph: PhaseGraph): HTMLElement {
  const { problem } = graph;
  const words = problem?.message ?? "The file has an error.";
  const lead = () => send({ type: "open", uri: graph.uri, ...(problem?.range ? { range: problem.range } : {}) });
  const tail = graph.stale ? make("span", { class: "dim" }, " This is the last good graph.") : null;
  return make(
    "button",
    { class: "notice error", title: words, click: lead },
    icon("error"),
    make("span", { class: "words" }, ...withCode(words), tail),
  );
}

/** A page without a graph: one sentence, and at most one button. */
export function emptyPage(page: Exclude<PhasesPage, { kind: "graph" }>): HTMLElement {
  if (page.kind === "loading") return empty("Reading the file…");
  const { action } = page;
  return action ? empty(page.text, action.label, () => runAction(action)) : empty(page.text);
}

/** A file without a graph: its first error and the way there, else that there is no work in it. */
export function noPhases({ graph: { uri, problem }, whatIf }: GraphPage): HTMLElement {
  if (whatIf && !problem) {
    const reset = { label: "Reset What-If", command: "ocuroot.resetWhatIf", context: { uri } };
    return empty("With these environments the file has no work.", reset.label, () => runAction(reset));
  }
  if (!problem)
    return empty(
      "This file has no work, as one that only registers environments. A task, a deploy or a phase makes a graph.",
    );
  const { message, range } = problem;
  return range
    ? empty(message, `Go to Line ${range.start.line + 1}`, () => send({ type: "open", uri, range }))
    : empty(message);
}

function empty(text: string, label?: string, click?: () => void): HTMLElement {
  const button = label !== undefined && make("button", { class: "action", click }, label);
  return make("div", { class: "empty", role: "status" }, make("p", {}, ...withCode(text)), button);
}
