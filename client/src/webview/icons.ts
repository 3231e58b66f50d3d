import add from "@vscode/codicons/src/icons/add.svg";
import arrowDown from "@vscode/codicons/src/icons/arrow-down.svg";
import arrowSwap from "@vscode/codicons/src/icons/arrow-swap.svg";
import arrowUp from "@vscode/codicons/src/icons/arrow-up.svg";
import beaker from "@vscode/codicons/src/icons/beaker.svg";
import chevronDown from "@vscode/codicons/src/icons/chevron-down.svg";
import chevronRight from "@vscode/codicons/src/icons/chevron-right.svg";
import circleOutline from "@vscode/codicons/src/icons/circle-large.svg";
import circleSlash from "@vscode/codicons/src/icons/circle-slash.svg";
import close from "@vscode/codicons/src/icons/close.svg";
import debugDisconnect from "@vscode/codicons/src/icons/debug-disconnect.svg";
import edit from "@vscode/codicons/src/icons/edit.svg";
import ellipsis from "@vscode/codicons/src/icons/ellipsis.svg";
import error from "@vscode/codicons/src/icons/error.svg";
import exportIcon from "@vscode/codicons/src/icons/export.svg";
import filter from "@vscode/codicons/src/icons/filter.svg";
import gear from "@vscode/codicons/src/icons/gear.svg";
import history from "@vscode/codicons/src/icons/history.svg";
import info from "@vscode/codicons/src/icons/info.svg";
import link from "@vscode/codicons/src/icons/link.svg";
import pass from "@vscode/codicons/src/icons/pass.svg";
import play from "@vscode/codicons/src/icons/play-circle.svg";
import pulse from "@vscode/codicons/src/icons/pulse.svg";
import remove from "@vscode/codicons/src/icons/remove.svg";
import rocket from "@vscode/codicons/src/icons/rocket.svg";
import screenFull from "@vscode/codicons/src/icons/screen-full.svg";
import search from "@vscode/codicons/src/icons/search.svg";
import sync from "@vscode/codicons/src/icons/sync.svg";
import trash from "@vscode/codicons/src/icons/trash.svg";
import typeHierarchy from "@vscode/codicons/src/icons/type-hierarchy.svg";
import warning from "@vscode/codicons/src/icons/warning.svg";
import watch from "@vscode/codicons/src/icons/watch.svg";

/** Codicons by their own ids: the page has no icon font, so that its policy can stay strict. */
const icons: Readonly<Record<string, string>> = {
  add,
  "arrow-down": arrowDown,
  "arrow-swap": arrowSwap,
  "arrow-up": arrowUp,
  beaker,
  "chevron-down": chevronDown,
  "chevron-right": chevronRight,
  "circle-outline": circleOutline,
  "circle-slash": circleSlash,
  close,
  "debug-disconnect": debugDisconnect,
  edit,
  ellipsis,
  error,
  export: exportIcon,
  filter,
  gear,
  history,
  info,
  link,
  pass,
  "play-circle": play,
  pulse,
  remove,
  rocket,
  search,
  "screen-full": screenFull,
  "sync~spin": sync,
  trash,
  "type-hierarchy": typeHierarchy,
  warning,
  watch,
};

const parsed = new Map<string, SVGElement>();

/** A new element with an icon; hidden from screen readers, which get words. */
export function icon(id: string, className = ""): SVGElement {
  const source = parsed.get(id) ?? parse(id);
  const element = source.cloneNode(true) as SVGElement;
  element.setAttribute("class", `icon ${id.endsWith("~spin") ? "spin " : ""}${className}`.trim());
  return element;
}

function parse(id: string): SVGElement {
  const parser = new DOMParser().parseFromString(icons[id] ?? circleOutline, "image/svg+xml");
  const element = document.importNode(parser.documentElement, true) as unknown as SVGElement;
  element.setAttribute("aria-hidden", "true");
  parsed.set(id, element);
  return element;
}
