/** Shows or hides a menu. Its first entry gets the focus; Escape gives it back to the button that opened the menu. */
export function toggleMenu(menu: HTMLElement): void {
  menu.togglePopover();
  if (menu.matches(":popover-open")) entriesOf(menu)[0]?.focus();
}

/** Lets the arrow keys go from entry to entry, around its ends; Home and End go there. */
export function followArrows(menu: HTMLElement): void {
  menu.addEventListener("keydown", (event) => {
    const entries = entriesOf(menu);
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const next = nextPlace(event.key, at, entries.length);
    if (next === undefined || isTyping(event)) return;
    entries[next]?.focus();
    event.preventDefault();
    event.stopPropagation();
  });
}

function nextPlace(key: string, at: number, count: number): number | undefined {
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (Math.max(at, 0) + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}

function entriesOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("button, input")].filter((each) => each.offsetParent !== null);
}

function isTyping({ target, key }: KeyboardEvent): boolean {
  return target instanceof HTMLInputElement && target.type === "text" && (key === "Home" || key === "End");
}
