/** What the tests of the syntax share: a parser, and ways to write down trees and places. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createParser, type Parser } from "../../src/syntax/index.ts";

let loaded: Promise<Parser> | undefined;

export function makeParser(): Promise<Parser> {
  const resolve = createRequire(join(__dirname, "support.ts")).resolve;
  loaded ??= createParser({
    runtime: readFileSync(resolve("web-tree-sitter/web-tree-sitter.wasm")),
    grammar: readFileSync(join(__dirname, "../../../grammars/tree-sitter-starlark.wasm")),
  });
  return loaded;
}

/** A tree without chunks; `offset` moves it as the chunk does. For comparing trees by value. */
export function plain(value: unknown, offset = 0): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, offset));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return value;
  const chunk = (value as { chunk?: { offset: number } }).chunk;
  const base = chunk?.offset ?? offset;
  const entries = Object.entries(value).filter(([key]) => key !== "chunk");
  return Object.fromEntries(
    entries.map(([key, each]) => [key, isPlace(key) ? (each as number) + base : plain(each, base)]),
  );
}

function isPlace(key: string): boolean {
  return ["start", "end", "at", "errorAt", "rparen", "contentStart", "contentEnd", "parametersEnd"].includes(key);
}

/** `line:column`, from 1. */
export function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `${lines.length}:${(lines.at(-1) as string).length + 1}`;
}

/** A package file with one of everything. */
export const sample = `# A package.
load("lib.star", "helper", other="thing")

ocuroot("0.3.0")

def build(ctx, *args, level=1, **rest):
    """Builds it.

    Twice.
    """
    number = ctx.inputs.prev + 1
    host.shell("docker build . -t {}".format(number))
    if number > 3 and not level in [1, 2]:
        return done(output={"number": number, "tag": "a" + 'b'})
    elif level == 2: pass
    else:
        for i, (a, b) in enumerate(args):
            rest[i] = a[1:2] + b[::-1]  # a comment
            if i: continue
    values = [x * 2 for x in range(10) if x % 2 == 0]
    table = {k: v for k, v in rest.items()}
    f = lambda x, *y: x if y else -x
    return done(
        output = {
            "values": values,
            "table": table, # trailing
        },
    )

phase(
    "staging",
    work=[
        deploy(up=build, down=build, environment=e)
        for e in environments() if e.attributes["type"] == "staging"
    ],
)
x, y = (1, 2.5), b"\\xff"; z = r"\\d" "" if False else """a
b"""
`.replace(' "" if', " if");
