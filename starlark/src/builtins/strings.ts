import type { KeywordArguments, Method } from "../values/functions.ts";
import { indices } from "../values/indexRange.ts";
import { elementsOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { pulseForChars } from "../values/longText.ts";
import { StringCodepoints, StringElems } from "../values/stringViews.ts";
import { countPoints } from "../values/text.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, typeOf, type Value } from "../values/value.ts";
import { methodTable, named } from "./collections.ts";
import { format } from "./format.ts";
import * as letters from "./letters.ts";
import { stringShortcuts } from "./shortcuts.ts";
import * as splitting from "./splitting.ts";
import { unpackNothing, unpackPositional } from "./unpack.ts";

type Body = (text: string, args: Value[], kwargs: KeywordArguments, name: string) => Value;

/** A method without arguments. */
function plain(compute: (text: string) => Value): Body {
  return (text, args, kwargs, name) => {
    unpackNothing(name, args, kwargs);
    return compute(text);
  };
}

function finding(options: { last: boolean; mustFind: boolean }): Body {
  return (text, args, kwargs, name) => {
    const [wanted, first, last] = unpackPositional(name, args, kwargs, 1, "string", "value", "value");
    const [start, end] = named(name, () => indices(first ?? null, last ?? null, text.length));
    const part = start < end ? text.slice(start, end) : "";
    pulseForChars(part.length);
    const index = options.last ? part.lastIndexOf(wanted!) : part.indexOf(wanted!);
    if (index >= 0) return index + start;
    if (options.mustFind) throw new Failure(`${name}: substring not found`);
    return -1;
  };
}

function startsOrEnds(test: (text: string, affix: string) => boolean): Body {
  return (text, args, kwargs, name) => {
    const [affix, first, last] = unpackPositional(name, args, kwargs, 1, "value", "value", "value");
    const [start, end] = named(name, () => indices(first ?? null, last ?? null, text.length));
    const part = text.slice(start, Math.max(start, end));
    if (typeof affix === "string") return test(part, affix);
    if (affix instanceof Tuple) {
      return affix.elements.some((each, i) => {
        if (typeof each === "string") return test(part, each);
        throw new Failure(`${name}: want string, got ${typeOf(each)}, for element ${i}`);
      });
    }
    throw new Failure(`${name}: got ${typeOf(affix as Value)}, want string or tuple of string`);
  };
}

function stripping(sides: splitting.Sides): Body {
  return (text, args, kwargs, name) => {
    const [chars = ""] = unpackPositional(name, args, kwargs, 0, "string");
    return splitting.strip(text, sides, chars);
  };
}

function partitioning(last: boolean): Body {
  return (text, args, kwargs, name) => {
    const [separator] = unpackPositional(name, args, kwargs, 1, "string");
    if (separator === "") throw new Failure(`${name}: empty separator`);
    pulseForChars(text.length);
    const index = last ? text.lastIndexOf(separator!) : text.indexOf(separator!);
    if (index < 0) return new Tuple(last ? ["", "", text] : [text, "", ""]);
    return new Tuple([text.slice(0, index), separator!, text.slice(index + separator!.length)]);
  };
}

function splitBy(fromEnd: boolean): Body {
  return (text, args, kwargs, name) => {
    const [separator = null, maximum] = unpackPositional(name, args, kwargs, 0, "value", "int");
    const limit = maximum === undefined || maximum < 0 ? -1 : Number(maximum);
    if (separator === null) return new List(splitting.splitAtSpace(text, limit, fromEnd));
    if (typeof separator !== "string") {
      throw new Failure(`split: got ${typeOf(separator)} for separator, want string`);
    }
    if (separator === "") throw new Failure("split: empty separator");
    return new List(splitting.splitAt(text, separator, limit, fromEnd));
  };
}

export const stringMethods: ReadonlyMap<string, Method<string>> = methodTable<string>(
  {
    capitalize: plain(letters.capitalize),
    codepoint_ords: plain((text) => new StringCodepoints(text, true)),
    codepoints: plain((text) => new StringCodepoints(text, false)),
    count(text, args, kwargs, name) {
      const [wanted, first, last] = unpackPositional(name, args, kwargs, 1, "string", "value", "value");
      const [start, end] = named(name, () => indices(first ?? null, last ?? null, text.length));
      const part = start < end ? text.slice(start, end) : "";
      return wanted === "" ? countPoints(part) + 1 : splitting.countOf(part, wanted!);
    },
    elem_ords: plain((text) => new StringElems(text, true)),
    elems: plain((text) => new StringElems(text, false)),
    endswith: startsOrEnds((text, affix) => text.endsWith(affix)),
    find: finding({ last: false, mustFind: false }),
    format: (text, args, kwargs) => format(text, args, kwargs),
    index: finding({ last: false, mustFind: true }),
    isalnum: plain(letters.isAlphanumeric),
    isalpha: plain(letters.isAlphabetic),
    isdigit: plain(letters.isNumeric),
    islower: plain(letters.isLowerCase),
    isspace: plain(letters.isBlank),
    istitle: plain(letters.isTitleCase),
    isupper: plain(letters.isUpperCase),
    join(text, args, kwargs, name) {
      const [iterable] = unpackPositional(name, args, kwargs, 1, "iterable");
      const parts = elementsOf(iterable!);
      for (const part of parts) {
        if (typeof part !== "string") throw new Failure(`join: in list, want string, got ${typeOf(part)}`);
      }
      return splitting.joinTexts(parts as readonly string[], text);
    },
    lower: plain(letters.toLowerCase),
    lstrip: stripping("left"),
    partition: partitioning(false),
    removeprefix(text, args, kwargs, name) {
      const [prefix] = unpackPositional(name, args, kwargs, 1, "string");
      return text.startsWith(prefix!) ? text.slice(prefix!.length) : text;
    },
    removesuffix(text, args, kwargs, name) {
      const [suffix] = unpackPositional(name, args, kwargs, 1, "string");
      return text.endsWith(suffix!) ? text.slice(0, text.length - suffix!.length) : text;
    },
    replace(text, args, kwargs, name) {
      const [old, replacement, count] = unpackPositional(name, args, kwargs, 2, "string", "string", "int");
      return splitting.replace(text, old!, replacement!, count === undefined || count < 0 ? -1 : Number(count));
    },
    rfind: finding({ last: true, mustFind: false }),
    rindex: finding({ last: true, mustFind: true }),
    rpartition: partitioning(true),
    rsplit: splitBy(true),
    rstrip: stripping("right"),
    split: splitBy(false),
    splitlines(text, args, kwargs, name) {
      const [keepEnds = false] = unpackPositional(name, args, kwargs, 0, "bool");
      return new List(splitting.splitLines(text, keepEnds));
    },
    startswith: startsOrEnds((text, affix) => text.startsWith(affix)),
    strip: stripping("both"),
    title: plain(letters.toTitleCase),
    upper: plain(letters.toUpperCase),
  },
  stringShortcuts,
);
