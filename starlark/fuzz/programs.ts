/**
 * Programs that nobody would write: pieces of Starlark, put together at random. Whatever comes of them, the interpreter
 * must end with a result or an error of the program, and the next program must not notice.
 */
import {
  BuiltinFunction,
  call,
  compile,
  type DialectOptions,
  EvalError,
  execute,
  jsonModule,
  mathModule,
  type Parser,
  resolve,
  SourceFile,
  Thread,
  timeModule,
  type Value,
} from "../src/index.ts";
import type { Chance } from "./chance.ts";

const variables = "a b c d f g x y _z".split(" ");
const names = [...variables, ..."json math time len range sorted str int dict list set".split(" ")];
/** The variables are there from the start. */
const head =
  "def main(a = 1, b = [1, 2], c = 'x', d = {1: 2}, f = lambda *a: a, g = 1.5, x = (1,), y = None, _z = set()):\n";
const atoms = [
  ..."0 1 -1 7 255 1.5 1e308 0x7fffffff 9007199254740993 None True False [] {} () ''".split(" "),
  ...[
    "1 << 511",
    '"text"',
    '"é€\\x80"',
    'b"\\xff"',
    '"%s %d"',
    '"{} {x!r}"',
    "[1, 2, 3]",
    '{"a": 1, "b": [2]}',
    "(1, 'x')",
  ],
  ...["range(10)", "range(1 << 40)", 'set([1, "a"])', "time.second", "float('nan')", "[[]] * 3", '"ab" * 100'],
];
const operators = "+ - * / // % | & ^ << >> == != < <= > >= in and or".split(" ").concat("not in");
const methods = (
  "append extend insert pop remove clear index count find rfind split rsplit join format replace strip lstrip partition " +
  "startswith endswith upper title elems codepoints items keys values get setdefault update union difference add discard"
).split(" ");
const builtins =
  "len str repr sorted list tuple dict set enumerate reversed zip min max any all abs hash int float bool chr ord bytes type dir hasattr getattr json.encode json.decode math.floor time.parse_duration".split(
    " ",
  );

function expression(chance: Chance, depth: number): string {
  const inner = () => expression(chance, depth - 1);
  if (depth <= 0) return chance.below(2) === 0 ? chance.of(names) : chance.of(atoms);
  switch (chance.below(13)) {
    case 0:
    case 1:
      return `(${inner()}) ${chance.of(operators)} (${inner()})`;
    case 2:
      return `${chance.of(builtins)}(${inner()})`;
    case 3:
      return `(${inner()}).${chance.of(methods)}(${[inner(), inner()].slice(chance.below(3)).join(", ")})`;
    case 4:
      return `${chance.of(names)}(${inner()}, *${inner()}, **${inner()})`;
    case 5:
      return `[${inner()} for ${chance.of(variables)} in (${inner()}) if ${inner()}]`;
    case 6:
      return `{${inner()}: ${inner()}, ${inner()}: ${inner()}}`;
    case 7:
      return `(${inner()})[${inner()}]`;
    case 8:
      return `(${inner()})[${inner()}:${inner()}:${chance.of(["", "-1", "2", "0"])}]`;
    case 9:
      return `(${inner()} if ${inner()} else ${inner()})`;
    case 10:
      return `(lambda ${chance.of(variables)}, *args: ${inner()})(${inner()})`;
    case 11:
      return `(${chance.of(["not ", "-", "~", "+"])}${inner()})`;
    default:
      return chance.of(atoms);
  }
}

function statement(chance: Chance, depth: number, indent: string, isLoop: boolean): string {
  const value = () => expression(chance, 1 + chance.below(3));
  const block = (inLoop = isLoop) => statements(chance, depth - 1, `${indent}  `, inLoop);
  switch (chance.below(depth > 0 ? 12 : 6)) {
    case 0:
    case 1:
    case 2:
      return `${indent}${chance.of(variables)} = ${value()}\n`;
    case 3:
      return `${indent}${chance.of(variables)} ${chance.of(["+=", "-=", "*=", "|=", "%="])} ${value()}\n`;
    case 4:
      return `${indent}${chance.of(names)}[${value()}] = ${value()}\n`;
    case 5:
      return `${indent}attempt(lambda: ${value()})\n`;
    case 6:
      return `${indent}if ${value()}:\n${block()}${indent}else:\n${block()}`;
    case 7:
      return `${indent}for ${chance.of(["a", "a, b", "(a, [b])"])} in ${value()}:\n${block(true)}`;
    case 8:
      return `${indent}while ${value()}:\n${block(true)}`;
    case 9:
    case 10:
      return `${indent}def ${chance.of(variables)}(${chance.of(["", "a", "a, b = 1", "*a, **b", "a, *, b = []"])}):\n${block(false)}`;
    default:
      return `${indent}${chance.of(["pass", "return 1", "return", ...(isLoop ? ["break", "continue"] : [])])}\n`;
  }
}

function statements(chance: Chance, depth: number, indent: string, isLoop: boolean): string {
  const count = 1 + chance.below(4);
  return Array.from({ length: count }, () => statement(chance, depth, indent, isLoop)).join("");
}

const everything: DialectOptions = {
  set: true,
  while: true,
  topLevelControl: true,
  globalReassign: true,
  recursion: true,
};

/** How programs ended. */
export interface Endings {
  static: number;
  dynamic: number;
  ran: number;
}

const modules = new Map<string, Value>([
  ["json", jsonModule],
  ["math", mathModule],
  ["time", timeModule],
  [
    "attempt",
    new BuiltinFunction("attempt", (thread, args) => {
      try {
        return call(thread, args[0] as Value, []);
      } catch (error) {
        if (!(error instanceof EvalError) || error.isInternal || error.reason) throw error;
        return null;
      }
    }),
  ],
]);

/** Throws when the interpreter goes wrong. */
export function runProgram(parser: Parser, text: string, counts: Endings): void {
  const file = new SourceFile("fuzz.star", text);
  const { module, diagnostics } = parser.parse(text);
  const resolution = resolve(module, { dialect: everything, file, isPredeclared: (name) => modules.has(name) });
  if ([...diagnostics, ...resolution.diagnostics].some(({ severity }) => severity === "error")) {
    counts.static++;
    return;
  }
  const program = compile(file, resolution, { recursion: true });
  const thread = new Thread({ dialect: everything, budget: { steps: 2000, wallMs: 2000, memory: 300_000_000 } });
  try {
    execute(program, thread, modules);
    counts.ran++;
  } catch (error) {
    if (!(error instanceof EvalError) || error.isInternal) throw error;
    counts.dynamic++;
  }
}

export function randomProgram(chance: Chance): string {
  return `${head}${statements(chance, 1 + chance.below(3), "  ", false)}main()\n`;
}
