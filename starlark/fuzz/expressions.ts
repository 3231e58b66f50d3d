/** Expressions that mostly fail: operators, calls, formats, slices, JSON, numbers as text, sorting, with operands of any kind. */
import type { Chance } from "./chance.ts";

const ints =
  "0 1 -1 2 3 7 255 256 -128 0x7fffffff (1<<31) (1<<53) (1<<53)-1 -(1<<53)-1 (1<<63) -(1<<63) (1<<64)+3 -(1<<200)+1".split(
    " ",
  );
const floats = "0.0 -0.0 1.0 -1.5 0.1 1e16 1e17 123456.789 1e-7 -1e308 5e-324 1e22 float('inf') float('nan') 1/3".split(
  " ",
);
const texts = [
  '""',
  '"a"',
  '"abc"',
  '"é€"',
  '"😿x"',
  '"a b  c"',
  '"a,b,,c"',
  '"%s"',
  '"{}"',
  '"%(a)s"',
  '"-12"',
  '"0x1f"',
  '"1e5"',
  '"AbC"',
];
const bytes = ['b""', 'b"a"', 'b"\\xff\\x00"', 'b"\\xc3\\xa9"'];
const sequences = [
  ...[
    "[]",
    "[3, 1, 2]",
    '["b", "a"]',
    '[1, "a"]',
    "[[1], [2]]",
    "[None]",
    "()",
    "(1,)",
    '("a", 2)',
    "range(5)",
    "range(10, 0, -3)",
  ],
  ...[
    "set()",
    "set([2, 1])",
    "{}",
    "{1: 2}",
    '{"a": 1, "b": [2]}',
    '"abc".elems()',
    '"é".codepoints()',
    "[float('nan'), 1]",
  ],
];
const others = ["None", "True", "len", "(lambda: 1)", "(lambda *a, **k: (a, k))", "json"];
const operators = "+ - * / // % | & ^ << >> == != < <= > >= in and or".split(" ").concat("not in");
const methods = (
  "capitalize count elems codepoints endswith find format index isalnum isdigit istitle join lower lstrip partition removeprefix " +
  "replace rindex rpartition rsplit split splitlines startswith strip title append clear extend insert pop remove get items keys " +
  "popitem setdefault update values add difference discard intersection issubset union"
).split(" ");
const functions = (
  "abs all any bool bytes chr dict dir enumerate float getattr hasattr int len list max min ord range repr reversed set sorted str " +
  "tuple type zip hash json.encode json.decode json.indent json.encode_indent math.floor math.round math.mod math.pow fail"
).split(" ");
const keywords = ["key", "reverse", "sep", "x", "default", "base", "a", "prefix", "indent"];
const conversions = "a %s %d %r %x %X %o %e %f %g %c %% %(a)s %(b)d % %5 %i é".split(" ");
const fields = "a {} {0} {1} {a} {!r} {0!s} {{ }} { } {a.b} {a[0]} {!x} {:d} {-1} {01}".split(" ");

function repeated(chance: Chance, most: number, make: () => string): string[] {
  return Array.from({ length: chance.below(most + 1) }, make);
}

function textOf(chance: Chance, parts: readonly string[]): string {
  return JSON.stringify(repeated(chance, 5, () => chance.of(parts)).join(""));
}

function digits(chance: Chance): string {
  const start = chance.of(["", "-", "+", "0x", "0b", "0o", "0"]);
  return JSON.stringify(start + repeated(chance, 24, () => chance.of([..."0123456789abfzZ_."])).join(""));
}

function decimal(chance: Chance): string {
  const some = () => repeated(chance, 19, () => chance.of([..."0123456789"])).join("");
  return JSON.stringify(
    some() +
      chance.of(["", ".", `.${some()}`]) +
      chance.of(["", "", `e-${chance.below(330)}`, `E${chance.below(330)}`, "x"]),
  );
}

function json(chance: Chance, depth: number): string {
  const inner = () => json(chance, depth - 1);
  switch (chance.below(depth > 0 ? 7 : 4)) {
    case 0:
      return chance.of(["0", "-1", "1.5", "1e5", "-0", "01", "1.", "--1", "12345678901234567890", "1E400", ".5"]);
    case 1:
      return chance.of(['"a"', '"\\u00e9"', '"\\ud83d\\ude3f"', '"\\ud83d"', '"\\x"', '"a', '"é"']);
    case 2:
      return chance.of(["true", "null", "nul", "True"]);
    case 3:
      return chance.of(["", "[]", "{}", "[", "}", ",", ":", "x"]);
    case 4:
    case 5:
      return `[${repeated(chance, 3, inner).join(chance.of([",", ", ", ",,"]))}${chance.of(["]", "]", ",]", "}"])}`;
    default:
      return `{${repeated(chance, 3, () => `${chance.of(['"a"', '"b"', "1"])}${chance.of([":", ""])}${inner()}`).join(",")}}`;
  }
}

function atom(chance: Chance): string {
  return chance.of(chance.of([ints, floats, texts, texts, bytes, sequences, sequences, others]));
}

/** With up to so many operators in each other. */
export function failingExpression(chance: Chance, depth: number): string {
  if (depth <= 0) return atom(chance);
  const inner = () => failingExpression(chance, depth - 1);
  const some = (most: number) => repeated(chance, most, inner).join(", ");
  switch (chance.below(16)) {
    case 0:
    case 1:
      return `(${inner()}) ${chance.of(operators)} (${inner()})`;
    case 2:
      return `${chance.of(functions)}(${some(3)})`;
    case 3:
      return `${chance.of(functions)}(${inner()}, ${chance.of(keywords)} = ${inner()})`;
    case 4:
    case 5:
      return `(${inner()}).${chance.of(methods)}(${some(3)})`;
    case 6:
      return `(${inner()})[${inner()}]`;
    case 7:
      return `(${inner()})[${chance.of(["", inner()])}:${chance.of(["", inner()])}${chance.of(["", ":-1", ":2", ":0"])}]`;
    case 8:
      return `${textOf(chance, conversions)} % ${chance.of([`(${some(3)})`, `{"a": ${inner()}, "b": ${inner()}}`])}`;
    case 9:
      return `${textOf(chance, fields)}.format(${some(3)})`;
    case 10:
      return `int(${digits(chance)}${chance.of(["", ", 10", ", 16", ", 0", ", 2", ", 37"])})`;
    case 11:
      return `${chance.of(["str", "int", '"%g" %', '"%e" %', '"%d" %', "json.encode"])}(float(${decimal(chance)}))`;
    case 12:
      return `json.${chance.of(["decode", "decode", "indent"])}(${JSON.stringify(json(chance, 3))})`;
    case 13:
      return `sorted([${some(6)}]${chance.of(["", ", reverse = True", ", key = lambda x: -x", ", key = str"])})`;
    case 14:
      return `(lambda a, b = 2, *, c = 3: (a, b, c))(${chance.of([some(3), `a = ${inner()}`, `*${inner()}`, `**${inner()}`])})`;
    default:
      return `[${inner()} for ${chance.of(["x", "x, y"])} in ${inner()}]`;
  }
}
