type Child = Node | string | null | undefined | false;

/** Properties of a new element: attributes, `class`, and listeners as functions. */
type Properties = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** Makes an element. Text goes in as text, never as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** Words in which `these` are code. */
export function withCode(words: string): Node[] {
  return words
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? make("code", {}, part) : document.createTextNode(part)))
    .filter((node) => node.textContent !== "");
}

/** Where an element is within one that it is in, in unzoomed pixels. */
export function placeIn(element: HTMLElement, ancestor: HTMLElement): { readonly left: number; readonly top: number } {
  let [left, top] = [0, 0];
  for (
    let each: HTMLElement | null = element;
    each && each !== ancestor;
    each = each.offsetParent as HTMLElement | null
  ) {
    left += each.offsetLeft;
    top += each.offsetTop;
  }
  return { left, top };
}

/** What {@link fillKeyed} made its elements from. */
const keys = new WeakMap<Element, string>();

/**
 * Fills `parent` with these elements, made when what they are made from (`key`) is not what it was: an element that stays
 * keeps the focus, a click under way is not lost, and nobody is told a second time what was said already.
 */
export function fillKeyed(parent: Element, parts: readonly { readonly key: unknown; make(): HTMLElement }[]): void {
  const known = new Map([...parent.children].map((each) => [keys.get(each), each]));
  const elements = parts.map((part) => {
    const key = JSON.stringify(part.key);
    const old = known.get(key);
    if (old) return old;
    const element = part.make();
    keys.set(element, key);
    return element;
  });
  arrange(parent, elements);
}

/** Puts `wanted` below `parent` in this order, moving and removing as little as possible. */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const element of wanted) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
}
