/**
 * The frequent calls of methods. Each shortcut answers undefined, and has done nothing, when a call is not one of them
 * or fails: then the method's own body does it, and says what is wrong. None is called with a missing first argument
 * but a second one.
 */

import type { Dict } from "../values/dict.ts";
import type { Shortcut } from "../values/functions.ts";
import { List, maxLength } from "../values/list.ts";
import { indexOf, pulseForChars } from "../values/longText.ts";
import type { Value } from "../values/value.ts";
import { toLowerCase, toUpperCase } from "./letters.ts";
import { countOf, joinTexts, replace, splitWhole } from "./splitting.ts";

type Shortcuts<Receiver> = Readonly<Record<string, Shortcut<Receiver>>>;

function isChangeable(value: List | Dict): boolean {
  return !value.isFrozen && value.iterations === 0;
}

export const listShortcuts: Shortcuts<List> = {
  append(list, value, extra) {
    if (value === undefined || extra !== undefined || !isChangeable(list)) return undefined;
    if (list.elements.length >= maxLength) return undefined;
    list.elements.push(value);
    return null;
  },
  pop(list, position) {
    if (position !== undefined || !isChangeable(list)) return undefined;
    return list.elements.pop();
  },
};

/** Keys that need no look at whether they can be hashed. */
function isPlainKey(key: Value | undefined): key is string | number {
  return typeof key === "string" || typeof key === "number";
}

export const dictShortcuts: Shortcuts<Dict> = {
  get(dict, key, fallback = null) {
    return isPlainKey(key) ? (dict.lookUp(key) ?? fallback) : undefined;
  },
  pop(dict, key, fallback) {
    return isPlainKey(key) && isChangeable(dict) ? (dict.delete(key) ?? fallback) : undefined;
  },
  setdefault(dict, key, fallback = null) {
    if (!isPlainKey(key)) return undefined;
    const value = dict.lookUp(key);
    if (value !== undefined || !isChangeable(dict)) return value;
    dict.set(key, fallback);
    return fallback;
  },
};

/** Whether a char is neither white space nor part of a longer code point, which might be. */
function isPlainEnd(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** Each looks at its arguments itself: if all shared a function for that, V8 could inline it nowhere. */
export const stringShortcuts: Shortcuts<string> = {
  count(text, wanted, extra) {
    if (typeof wanted !== "string" || wanted === "" || extra !== undefined) return undefined;
    return countOf(text, wanted);
  },
  endswith(text, affix, extra) {
    if (typeof affix !== "string" || extra !== undefined) return undefined;
    pulseForChars(affix.length);
    return text.endsWith(affix);
  },
  find: (text, wanted, extra) =>
    typeof wanted === "string" && extra === undefined ? indexOf(text, wanted) : undefined,
  join(separator, parts, extra) {
    if (!(parts instanceof List) || extra !== undefined) return undefined;
    const { elements } = parts;
    for (let i = 0; i < elements.length; i++) if (typeof elements[i] !== "string") return undefined;
    return joinTexts(elements as readonly string[], separator);
  },
  lower: (text, argument) => (argument === undefined ? toLowerCase(text) : undefined),
  replace(text, old, replacement) {
    if (typeof old !== "string" || typeof replacement !== "string" || old === "") return undefined;
    return replace(text, old, replacement, -1);
  },
  rfind: (text, wanted, extra) =>
    typeof wanted === "string" && extra === undefined ? text.lastIndexOf(wanted) : undefined,
  split(text, separator, limit) {
    if (typeof separator !== "string" || separator === "" || limit !== undefined) return undefined;
    return new List(splitWhole(text, separator));
  },
  startswith(text, affix, extra) {
    if (typeof affix !== "string" || extra !== undefined) return undefined;
    pulseForChars(affix.length);
    return text.startsWith(affix);
  },
  strip(text, chars) {
    if (chars !== undefined) return undefined;
    const isStripped = isPlainEnd(text.charCodeAt(0)) && isPlainEnd(text.charCodeAt(text.length - 1));
    return isStripped || text === "" ? text : undefined;
  },
  upper: (text, argument) => (argument === undefined ? toUpperCase(text) : undefined),
};
