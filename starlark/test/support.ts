import assert from "node:assert/strict";
import { readParserAssets } from "../cli/assets.ts";
import { type FrontEnd, frontEndWith } from "../cli/frontEnd.ts";
import { ProgramRun, type RunFailure } from "../cli/runProgram.ts";
import {
  BuiltinFunction,
  call,
  createParser,
  type DialectOptions,
  EvalError,
  equals,
  Failure,
  type Parser,
  type Resolution,
  repr,
  resolve,
  SourceFile,
  textOf,
  unpackPositional,
  type Value,
} from "../src/index.ts";

let parser: Promise<Parser> | undefined;

export function testParser(): Promise<Parser> {
  parser ??= createParser(readParserAssets());
  return parser;
}

export async function testFrontEnd(): Promise<FrontEnd> {
  return frontEndWith(await testParser());
}

export const everything: DialectOptions = {
  set: true,
  while: true,
  topLevelControl: true,
  globalReassign: true,
  recursion: true,
};

/** Checks that fixtures use beside the test builtins of the command. */
const checks: [string, Value][] = [
  [
    "eq",
    new BuiltinFunction("eq", (_thread, args, kwargs) => {
      const [got, want] = unpackPositional("eq", args, kwargs, 2, "value", "value") as [Value, Value];
      if (!equals(got, want)) throw new Failure(`got ${repr(got)}, want ${repr(want)}`);
      return null;
    }),
  ],
  [
    "fails",
    new BuiltinFunction("fails", (thread, args, kwargs) => {
      const [fn, pattern] = unpackPositional("fails", args, kwargs, 2, "callable", "string") as [Value, string];
      try {
        call(thread, fn, []);
      } catch (error) {
        if (!(error instanceof EvalError) || error.isInternal) throw error;
        if (new RegExp(textOf(pattern)).test(error.message)) return null;
        throw new Failure(`failed with ${repr(error.message)}, want ${repr(pattern)}`);
      }
      throw new Failure(`did not fail, want ${repr(pattern)}`);
    }),
  ],
];

export interface Outcome {
  readonly output: string[];
  readonly failure: RunFailure | undefined;
}

/** Runs a program with all test builtins and checks. */
export async function runText(
  text: string,
  dialect: DialectOptions = {},
  loads: Record<string, string> = {},
): Promise<Outcome> {
  const output: string[] = [];
  const source = {
    find(name: string) {
      const found = loads[name];
      if (found === undefined) throw new Failure(`open ${name}: no such file or directory`);
      return { key: name, filename: name, read: () => found };
    },
  };
  const options = { dialect, testBuiltins: true, checkOnly: false, write: (line: string) => void output.push(line) };
  const run = new ProgramRun(await testFrontEnd(), source, options);
  for (const [name, check] of checks) run.predeclared.set(name, check);
  return { output, failure: run.run("test.star", text) };
}

export async function resolveText(
  text: string,
  dialect: DialectOptions = {},
  predeclared: string[] = [],
): Promise<Resolution> {
  const file = new SourceFile("test.star", text);
  const { module, diagnostics } = (await testParser()).parse(text);
  assert.deepEqual(diagnostics, []);
  return resolve(module, {
    dialect,
    file,
    isPredeclared: (name) => predeclared.includes(name),
    predeclaredNames: () => predeclared,
  });
}
