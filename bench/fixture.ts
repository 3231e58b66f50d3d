// What the largest fixture costs, step by step: a package of 2,000 lines with 100 environments. In processor time, the least
// of several runs; the first of each, before V8 has optimised anything, is shown beside it. The yardstick is a loop of plain
// JavaScript, which tells how fast the machine is.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EnvironmentModel, evaluatePackage } from "../engine/src/index.ts";
import { PreviewHost } from "../engine/src/sdk/previewHost.ts";
import { readParserAssets } from "../starlark/cli/assets.ts";
import { compile, createParser, resolve, SourceFile } from "../starlark/src/index.ts";
import { environments as environmentCount, makeWorkspace } from "./languageServer/workspace.ts";
// @ts-expect-error -- the benchmarks' helpers are plain JavaScript.
import { milliseconds, printTable } from "./measure.mjs";

const runs = 15;

/** A deployment to every environment, behind the tasks. */
const phase = `
def up(environment, value):
    host.shell("deploy {} {}".format(environment["name"], value))
    return done()

def down(environment, value):
    host.shell("remove {}".format(environment["name"]))
    return done()

phase(
    name="everywhere",
    work=[
        deploy(e, up=up, down=down, inputs={"value": input(ref="./task/task1#output/value")})
        for e in environments()
    ],
)
`;

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function measure(what: string, action: () => unknown): Record<string, string> {
  const times = Array.from({ length: runs }, () => {
    const start = processorTime();
    action();
    return processorTime() - start;
  });
  return { what, first: milliseconds(times[0]), fastest: milliseconds(Math.min(...times)) };
}

function yardstick(): number {
  let sum = 0;
  for (let i = 0; i < 20_000_000; i++) sum = (sum * 31 + i) % 65_521;
  return sum;
}

async function main(): Promise<void> {
  const { folder, text: tasks } = makeWorkspace();
  const text = tasks + phase;
  try {
    writeFileSync(join(folder, "release.ocu.star"), text);
    const environments = Array.from({ length: environmentCount }, (_, i): EnvironmentModel => {
      return { name: `env${i}`, attributes: { type: i % 2 === 0 ? "prod" : "test" } };
    });
    const host = new PreviewHost({ root: folder, isTrusted: true, env: {} });
    const parser = await createParser(readParserAssets());
    const file = new SourceFile("release.ocu.star", text);
    const { module } = parser.parse(text);
    const options = { file, isPredeclared: () => true };
    const resolution = resolve(module, options);
    const document = parser.open(text);
    const middle = text.indexOf("host.shell(", text.length / 2);
    const bracket = text.indexOf("(", middle);
    const rows = [
      measure("parsing", () => parser.parse(text)),
      measure("an edit inside of a function", () =>
        document.edit([{ span: { start: middle, end: middle }, text: "x" }]),
      ),
      measure("a bracket lost, and typed again", () => {
        document.edit([{ span: { start: bracket, end: bracket + 1 }, text: "" }]);
        document.edit([{ span: { start: bracket, end: bracket }, text: "(" }]);
      }),
      measure("resolving", () => resolve(module, options).diagnostics),
      measure("compiling", () => compile(file, resolution)),
      measure("all of these and evaluating it, with its environments", () => {
        const { problems } = evaluatePackage({ parser, root: folder, file: "release.ocu.star", host, environments });
        if (problems.length > 0) throw new Error(problems[0]?.message);
      }),
      measure("yardstick: 20 million rounds of JavaScript", yardstick),
    ];
    printTable(`A package of ${text.split("\n").length} lines (${Math.round(text.length / 1000)} kB)`, rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
