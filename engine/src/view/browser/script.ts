/**
 * What runs in the browser: follows the store, and puts what has changed into the page without moving what has not. The
 * page works without it.
 */
import { ago, duration } from "../../terminal/text.ts";

const live = document.getElementById("live") as HTMLElement;
const liveText = live.querySelector(".text") as HTMLElement;
const search = document.querySelector<HTMLInputElement>('input[type="search"]');
let isLoading = false;
let isStale = false;

const watches = (): string[] => JSON.parse(document.getElementById("main")?.dataset.watches ?? "[]") as string[];
const concerns = (refs: readonly string[] | "all"): boolean =>
  refs === "all" ||
  watches().some((watched) =>
    refs.some((ref) => watched === "" || ref === watched || ref.startsWith(watched) || watched.startsWith(`${ref}/`)),
  );

const showLive = (isOn: boolean): void => {
  live.classList.toggle("off", !isOn);
  liveText.textContent = isOn ? "live" : "not connected";
};

/** Makes a node like another, keeping the nodes that are there: focus, selection and scroll positions stay. */
const morph = (from: Element, to: Element): void => {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(name === "open" && from.nodeName === "DETAILS")) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes])
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  const wanted = [...to.childNodes];
  wanted.forEach((next, index) => {
    const here = from.childNodes[index];
    if (!here) from.appendChild(next.cloneNode(true));
    else if (here.nodeName !== next.nodeName) here.replaceWith(next.cloneNode(true));
    else if (here instanceof Element && next instanceof Element) {
      const before = here.classList.contains("status") ? here.className : "";
      morph(here, next);
      if (before !== "" && here.className !== before) here.classList.add("fresh");
    } else if (here.nodeValue !== next.nodeValue) here.nodeValue = next.nodeValue;
  });
  while (from.childNodes.length > wanted.length) from.lastChild?.remove();
};

const atEnd = (log: Element): boolean => log.scrollHeight - log.scrollTop - log.clientHeight < 24;

const refresh = async (): Promise<void> => {
  if (isLoading) {
    isStale = true;
    return;
  }
  isLoading = true;
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById("main");
    const log = document.querySelector("[data-follow]");
    const follows = log !== null && atEnd(log);
    if (next) morph(document.getElementById("main") as HTMLElement, next);
    if (document.title !== page.title) document.title = page.title;
    const after = document.querySelector("[data-follow]");
    if (follows && after) after.scrollTop = after.scrollHeight;
  } catch {
    showLive(false);
  } finally {
    isLoading = false;
    if (isStale) {
      isStale = false;
      void refresh();
    }
  }
};

let hadTrouble = false;
const events = new EventSource("/events");
events.addEventListener("open", () => {
  showLive(true);
  if (hadTrouble) void refresh();
  hadTrouble = false;
});
events.addEventListener("error", () => {
  hadTrouble = true;
  showLive(false);
});
events.addEventListener("change", (event) => {
  if (concerns(JSON.parse((event as MessageEvent<string>).data) as string[] | "all")) void refresh();
});
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

setInterval(() => {
  for (const each of document.querySelectorAll<HTMLElement>("[data-since]")) {
    each.textContent = duration(Date.now() - Number(each.dataset.since));
  }
}, 1000);
setInterval(() => {
  for (const each of document.querySelectorAll<HTMLTimeElement>("main time[datetime]")) {
    each.textContent = ago(Date.parse(each.dateTime), Date.now());
  }
}, 30_000);

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  if (!button) return;
  void navigator.clipboard.writeText(button.dataset.copy ?? "").then(
    () => {
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    },
    () => {
      // Without leave to write to the clipboard the text is marked, ready to be copied.
      getSelection()?.selectAllChildren(button.previousElementSibling as Element);
    },
  );
});
document.addEventListener("keydown", (event) => {
  const isTyping = (event.target as Element).matches("input, textarea");
  if (search && event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && event.target === search) search?.blur();
});
const log = document.querySelector("[data-follow]");
if (log) log.scrollTop = log.scrollHeight;
