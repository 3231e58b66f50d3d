import type { GraphCard, GraphInput, PhaseGraph } from "@ocuroot/server/protocol";
import { canRetry, isWaiting, lookOf } from "../model/status.ts";
import { shareWords } from "../phases/criticalPath.ts";
import { cardAside, cardLabel, cardNews, inputText, shownInputs } from "../phases/graphModel.ts";
import { type PlannedWork, plannedWords } from "../phases/plan.ts";
import { make } from "./dom.ts";
import { send } from "./host.ts";
import { icon } from "./icons.ts";

/** How a piece of work differs from the last release. */
export type Change = "added" | "moved" | "changed" | "removed";

const changeMarks: Readonly<Record<Change, { sign: string; words: string }>> = {
  added: { sign: "+", words: "new since the last release" },
  moved: { sign: "~", words: "in another phase than in the last release" },
  changed: { sign: "~", words: "changed since the last release" },
  removed: { sign: "−", words: "gone since the last release" },
};

/** What a card is drawn from; equal inputs mean that the element can stay as it is. */
export interface CardInput {
  readonly card: GraphCard;
  readonly phase: string;
  readonly graph: PhaseGraph;
  readonly change: Change | undefined;
  /** Its share of the critical path, if it is on it. */
  readonly share: number | undefined;
  /** What a release made now would do with it. */
  readonly planned: PlannedWork | undefined;
  /** It is there only in what is tried out. */
  readonly onlyWhatIf: boolean;
}

/** The content of a card; its list item (focus, place, id) is the caller's. */
export function fillCard(item: HTMLElement, input: CardInput): void {
  const { card, phase, graph, change, share, planned, onlyWhatIf } = input;
  const mark = change && changeMarks[change];
  const classes = ["card", card.kind, card.status ?? "unreleased", change, share === undefined ? "" : "on-path"];
  item.className = [...classes, onlyWhatIf ? "tried" : ""].filter(Boolean).join(" ");
  item.dataset.card = card.id;
  const more = [
    onlyWhatIf ? "only in the what-if preview" : mark?.words,
    share === undefined ? undefined : `on the critical path, ${shareWords(share)} of it`,
    planned && `a new release ${plannedWords(planned)}`,
  ].filter((each) => each !== undefined);
  item.setAttribute("aria-label", cardLabel(card, phase, more.length > 0 ? more.join(". ") : undefined));
  item.dataset.vscodeContext = JSON.stringify(menuContext(card, graph));
  const look = card.status && lookOf(card.status);
  const news = cardNews(card);
  const hidden = card.inputs.length - shownInputs;
  // Cards out of sight are not drawn: a height that is nearly theirs keeps what is below them in its place.
  const lines = Math.min(card.inputs.length, shownInputs) + Number(hidden > 0) + Number(news !== "");
  const extras = Number(planned !== undefined) + Number(share !== undefined);
  item.style.containIntrinsicHeight = `auto ${20 + 18 * lines + 20 * extras}px`;
  item.replaceChildren(
    make(
      "div",
      { class: "head" },
      look ? icon(look.icon, "status") : null,
      icon(card.kind === "deploy" ? "rocket" : "gear", "kind"),
      make("span", { class: "title", title: card.title }, card.title),
      onlyWhatIf
        ? make("span", { class: "mark", title: "only in the what-if preview" }, icon("beaker"))
        : mark
          ? make("span", { class: "mark", title: mark.words }, mark.sign)
          : null,
      make("span", { class: "aside" }, cardAside(card)),
    ),
    ...card.inputs.slice(0, shownInputs).map((input) => inputRow(input, news !== "")),
    hidden > 0
      ? make(
          "div",
          { class: "input more", title: card.inputs.slice(shownInputs).map(inputTitle).join("\n") },
          `${hidden} more`,
        )
      : "",
    news ? make("div", { class: `news ${newsKind(card)}`, title: card.news ?? news }, news) : "",
    planned
      ? extra(planned.kind === "runs" ? "play-circle" : "watch", plannedWords(planned), `planned ${planned.kind}`)
      : "",
    share === undefined ? "" : extra("pulse", `${shareWords(share)} of the critical path`, "share"),
  );
}

/** A line that an overlay adds. */
function extra(id: string, words: string, className: string): HTMLElement {
  return make("div", { class: `extra ${className}`, title: words }, icon(id), make("span", { class: "words" }, words));
}

/** Work that the file lost: only its name is known, and maybe what becomes of it. */
export function fillRemoved(item: HTMLElement, kind: "task" | "deploy", name: string, fate: string): void {
  item.className = `card ${kind} removed-work removed`;
  item.setAttribute("aria-label", `${kind} ${name}, ${changeMarks.removed.words}: ${fate}.`);
  item.replaceChildren(
    make(
      "div",
      { class: "head" },
      icon(kind === "deploy" ? "rocket" : "gear", "kind"),
      make("span", { class: "title", title: name }, name),
      make("span", { class: "mark" }, changeMarks.removed.sign),
      make("span", { class: "aside", title: fate }, fate),
    ),
  );
}

/** `told`: the news line already says what is missing. */
function inputRow(input: GraphInput, told: boolean): HTMLElement {
  const port = input.fromUri;
  const name = port
    ? make(
        "button",
        {
          class: "port",
          tabindex: -1,
          title: `${inputTitle(input)}\nOpen ${fileName(port)}`,
          "aria-label": `Input ${input.name} from ${fileName(port)}: open that file`,
          click: (event) => {
            event.stopPropagation();
            send({ type: "open", uri: port });
          },
        },
        icon("link"),
        make("span", { class: "port-name" }, input.name),
      )
    : make("span", { class: "name" }, input.name);
  const text = input.blocked && input.value === undefined && !told ? `needs ${inputText(input)}` : inputText(input);
  const value = make("span", { class: input.value === undefined ? "value ref" : "value" }, text);
  return make("div", { class: `input${input.blocked ? " blocked" : ""}`, title: inputTitle(input) }, name, value);
}

function inputTitle(input: GraphInput): string {
  const by = input.recordedBy === undefined ? "" : ` (as ${input.recordedBy} got it)`;
  const value = input.value === undefined ? "" : ` = ${input.value}${by}`;
  const source = input.ref === undefined ? "" : `\n${input.ref}`;
  return `${input.name}${value}${source}${input.blocked ? "\nnot there yet" : ""}`;
}

function newsKind(card: GraphCard): string {
  if (card.status && canRetry(card.status)) return "bad";
  return card.status && isWaiting(card.status) ? "waits" : "";
}

/** What the editor's own context menu knows of the card (see `webview/context` in the manifest). */
function menuContext(card: GraphCard, graph: PhaseGraph): object {
  return {
    preventDefaultContextMenuItems: true,
    webviewSection: "card",
    uri: graph.uri,
    sourceUri: card.uri,
    line: card.range.start.line,
    character: card.range.start.character,
    ...(card.runRef && card.status !== "pending" ? { runRef: card.runRef, hasLog: true } : {}),
    ...(graph.release ? { releaseRef: graph.release.ref } : {}),
    canRetry: card.status !== undefined && canRetry(card.status),
    waits: card.status !== undefined && isWaiting(card.status),
  };
}

function fileName(uri: string): string {
  const parts = decodeURIComponent(uri).split("/");
  return parts.slice(-2).join("/");
}
