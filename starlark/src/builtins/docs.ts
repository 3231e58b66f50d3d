import { collectionMethodDocs } from "./docsCollections.ts";
import { stringMethodDocs } from "./docsStrings.ts";

/** What an editor says about a built-in function or method. */
export interface BuiltinDoc {
  readonly name: string;
  /** As in the documentation: `sorted(iterable, *, key=None, reverse=False)`. Names alone for constants. */
  readonly signature: string;
  /** Markdown. */
  readonly doc: string;
}

/** Makes a table from `signature`, `doc` pairs; the name is what stands before the parenthesis. */
export function docTable(entries: readonly (readonly [signature: string, doc: string])[]): Map<string, BuiltinDoc> {
  return new Map(
    entries.map(([signature, doc]) => {
      const name = signature.replace(/\(.*/, "");
      return [name, { name, signature, doc }];
    }),
  );
}

/** The names of the language itself. */
export const universeDocs: ReadonlyMap<string, BuiltinDoc> = docTable([
  ["None", "The absence of a value. Functions without `return` give it."],
  ["True", "The truth value for what holds."],
  ["False", "The truth value for what does not hold."],
  ["abs(x)", "The absolute value of an int or a float."],
  ["all(iterable)", "`True` if every element counts as true (also if there is none)."],
  ["any(iterable)", "`True` if at least one element counts as true."],
  ["bool(x=False)", "Whether `x` counts as true: zero, empty strings and collections, and `None` do not."],
  ["bytes(x)", "Bytes made of a string (its UTF-8 form) or of an iterable of ints from 0 to 255."],
  ["chr(i)", "The string that holds the Unicode code point `i`. See `ord`."],
  [
    "dict(pairs=[], **kwargs)",
    "A new dict of the entries of a mapping, or of an iterable of key and value pairs, and of the named arguments.",
  ],
  ["dir(x)", "The names of the attributes and methods of `x`, sorted."],
  ["enumerate(iterable, start=0)", "A list of `(index, element)` tuples, counted from `start`."],
  ['fail(*args, sep=" ")', "Ends the execution with an error; the arguments, joined by `sep`, are its message."],
  ["float(x=0)", 'A number or a string (`"1.5"`, `"inf"`, `"nan"`) as a float.'],
  ["getattr(x, name, default=None)", "The attribute `name` of `x`; `default`, if given, when it has none."],
  ["hasattr(x, name)", "Whether `x` has an attribute or method `name`."],
  ["hash(x)", "A number computed from a string or bytes, the same in every run."],
  [
    "int(x, base=10)",
    "A number without its fraction, or the int that a string holds in the given base (0: as its prefix `0x`, `0o` or `0b` says).",
  ],
  ["len(x)", "The number of elements of a collection, or of bytes of a string."],
  ["list(iterable=[])", "A new list of the elements."],
  [
    "max(*args, key=None)",
    "The greatest of the arguments, or of the elements of a single one; compared by `key(element)`.",
  ],
  [
    "min(*args, key=None)",
    "The least of the arguments, or of the elements of a single one; compared by `key(element)`.",
  ],
  ["ord(s)", "The Unicode code point of a string of one character, or the value of a single byte."],
  ['print(*args, sep=" ")', "Prints the arguments, joined by `sep`, as one line."],
  [
    "range(start_or_stop, stop=None, step=1)",
    "The ints from `start` (0 if left out) up to `stop`, which is not included.",
  ],
  ["repr(x)", "`x` as it is written in a program: strings in quotes."],
  ["reversed(iterable)", "A new list of the elements in reverse order."],
  ["set(iterable=[])", "A new set of the elements. Only in dialects that have sets."],
  [
    "sorted(iterable, key=None, reverse=False)",
    "A new list of the elements in ascending order (descending if `reverse`), compared by `key(element)`. Equal elements keep their order.",
  ],
  ["str(x)", "`x` as text; a string is itself."],
  ["tuple(iterable=())", "A tuple of the elements."],
  ["type(x)", 'The name of the type of `x`: `"int"`, `"string"`, `"list"`, …'],
  ["zip(*iterables)", "A list of tuples: the first elements of all, the second elements of all … up to the shortest."],
]);

/** Functions that hosts predeclare. */
export const predeclaredDocs: ReadonlyMap<string, BuiltinDoc> = docTable([
  ["struct(**fields)", "An immutable record: `struct(x = 1).x` is 1. Structs are equal if all their fields are."],
  ["json", "Encodes and decodes JSON."],
  ["math", "Mathematical functions."],
]);

/** Methods of the types of the language, and functions of its modules, by type name or module name. */
export const methodDocs: Readonly<Record<string, ReadonlyMap<string, BuiltinDoc>>> = {
  string: docTable(stringMethodDocs),
  ...Object.fromEntries(Object.entries(collectionMethodDocs).map(([type, entries]) => [type, docTable(entries)])),
};
