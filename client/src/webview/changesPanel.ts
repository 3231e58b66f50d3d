import type { ProtocolPlace, ReleaseChange, ReleaseChanges } from "@ocuroot/server/protocol";
import { changeLook, downstreamWords, inputChangeWords } from "../phases/releaseChanges.ts";
import { make, withCode } from "./dom.ts";
import { send } from "./host.ts";
import { icon } from "./icons.ts";

/** More lines than this are counted only: the command of the same name lists them all. */
const manyLines = 60;

/** True when there is something to tell of what releasing the file now would change. */
export function hasChanges({ problem, base, changes, downstream }: ReleaseChanges): boolean {
  return problem === undefined && base !== undefined && changes.length + downstream.length > 0;
}

/** What releasing the file now would change: one line, which unfolds. */
export function changesPanel(
  now: ReleaseChanges,
  isOpen: () => boolean,
  toggled: (open: boolean) => void,
): HTMLElement {
  const { changes, downstream, summary, next } = now;
  const loud = changes.map((each) => changeLook(each.kind)).find((look) => look.isLoud);
  const list = make("ul", { class: "changes", "aria-label": `What ${next} would change` });
  list.hidden = !isOpen();
  list.append(...changes.slice(0, manyLines).map(changeLine));
  if (downstream.length > 0) {
    list.append(
      make("li", { class: "part" }, "Runs again afterwards"),
      ...downstream
        .slice(0, manyLines)
        .map((each) =>
          line("sync~spin still", "", downstreamWords(each), `because of ${each.because.join(", ")}`, each.place),
        ),
    );
  }
  const left = Math.max(0, changes.length - manyLines) + Math.max(0, downstream.length - manyLines);
  if (left > 0) list.append(make("li", { class: "part" }, `and ${left} more`));
  const button = make(
    "button",
    { class: "notice", "aria-expanded": String(!list.hidden), title: "What would change if this was released now" },
    icon(!list.hidden ? "chevron-down" : "chevron-right"),
    icon(loud?.icon ?? "arrow-swap", loud ? "loud" : ""),
    make("span", { class: "words" }, make("b", {}, `${next} would change: `), summary),
  );
  button.addEventListener("click", () => {
    list.hidden = !list.hidden;
    button.setAttribute("aria-expanded", String(!list.hidden));
    button.firstElementChild?.replaceWith(icon(list.hidden ? "chevron-right" : "chevron-down"));
    toggled(!list.hidden);
  });
  return make("div", { class: `changing${loud ? " loud" : ""}` }, button, list);
}

function changeLine(change: ReleaseChange): HTMLElement {
  const look = changeLook(change.kind);
  const details = [...change.details, ...(change.inputs ?? []).map(inputChangeWords)].join(" ");
  return line(look.icon, look.isLoud ? "loud" : "", `${change.title}: ${look.words}`, details, change.place);
}

function line(
  id: string,
  className: string,
  title: string,
  details: string,
  place: ProtocolPlace | undefined,
): HTMLElement {
  const [name = "", still] = id.split(" ");
  const words = make(
    "span",
    { class: "words" },
    make("b", {}, title),
    details ? make("span", { class: "dim" }, " ", ...withCode(details)) : null,
  );
  const mark = icon(name, className);
  if (still) mark.classList.remove("spin");
  const open = place && (() => send({ type: "open", uri: place.uri, range: place.range }));
  return make(
    "li",
    { class: className, title: details ? `${title}\n${details}` : title },
    open ? make("button", { click: open }, mark, words) : make("div", {}, mark, words),
  );
}
