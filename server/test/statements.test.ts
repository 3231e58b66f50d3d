import assert from "node:assert/strict";
import { join } from "node:path";
import type { Snapshot } from "../src/analysis/snapshot.ts";
import { unknownState } from "../src/analysis/stateView.ts";
import { doDiagnostics } from "../src/features/diagnostics/index.ts";
import { getDocumentSymbols } from "../src/features/documentSymbols.ts";
import { getSemanticTokens } from "../src/features/semanticTokens/index.ts";
import { uriOfPath } from "../src/paths.ts";
import { Documents } from "../src/workspace/documents.ts";
import { Workspace } from "../src/workspace/workspace.ts";
import { Random } from "../torture/random.ts";
import { loadParser, makeFolder, openMarked } from "./harness.ts";

/** Statements that a file may have at each of its places: what one says decides what is wrong with another. */
const places: readonly (readonly string[])[] = [
  ['ocuroot("0.3.0")', 'ocuroot("0.2.0")', ""],
  ['load("./lib.star", "helper")', 'load("./lib.star", helper="other")', 'load("./gone.star", "helper")', ""],
  ['NAME = "build"', 'NAME = "bu" + "ild"', "NAME = 3", "", 'def NAME():\n    return "x"'],
  ['INPUTS = {"a": input(ref="./task/first#output/y")}', "INPUTS = {}", 'INPUTS = dict(a=1, c="x")', ""],
  ['INPUTS["b"] = 1', "helper(INPUTS)", 'INPUTS["a" + "b"] = 2', "print(INPUTS)", ""],
  ["MORE = INPUTS", "MORE = INPUTS | {NAME: 2}", 'MORE = {"environment": 1}', ""],
  [
    'def work(a):\n    return done(outputs={"y": a})',
    "def work(a, b):\n    if a:\n        return done()\n    b",
    "def work(ctx):\n    return next(work, {NAME: ctx.inputs.a})",
    "def work(*args):\n    return fail(NAME)",
    "work = lambda a: done()",
    "",
  ],
  ["task(work, name=NAME, inputs=INPUTS)", 'task(work, name="build", inputs=MORE)', "task(work)", "tsk(work)", ""],
  ['task(work, name="first")', "task(lambda: done(), name=NAME)", ""],
  ["helper(1, 2)", "helper(x=1)", "x = helper()", ""],
  ['token = host.env()["API_TOKEN"]', 'token = {"API_TOKEN": 1}["API_TOKEN"]', ""],
  ["mask(token)", "secret(token)", "print(token)", ""],
  ["def mask(value):\n    return secret(value)", "def mask(value):\n    return value", "mask = secret", ""],
  ["def done(outputs):\n    return outputs", "host = struct(shell=len)", "def environment(name):\n    return name", ""],
  ['COMMAND = "echo \'x"', 'COMMAND = "echo x"', "COMMAND = NAME", ""],
  [
    "def run(ctx):\n    host.shell(COMMAND)\n    host.shell(COMMAND, shell=NAME)\n    done()\n    return done(tags=[TAG])",
    'def run(ctx):\n    host.shel("./gone.sh", dir=FOLDER)\n    return done(tags=["1", TAG])',
    "",
  ],
  ['TAG = "7"', 'TAG = "v7"', 'TAG = "a b"', ""],
  ['environment(ENV, {"a": 1})', "deploy(environment(ENV), up=run, down=work, inputs=MORE)", ""],
  ['ENV = "staging"', 'ENV = "no good"', "ENV = NAME", ""],
  ['FOLDER = "."', 'FOLDER = ".."', ""],
  ['phase("all", [task(run, name=NAME)])', "phase(tasks=[task(run, name=TAG)])", ""],
];

const libraries = [
  "def helper(x):\n    return x\n\ndef other(x, y):\n    return x\n",
  "def helper(x, y):\n    return secret(x)\n",
  'helper = "text"\n',
  "def helper(:\n",
];

/** Where a place's statement is in a file: it and the line end behind it. */
function textOf(chosen: readonly number[]): string {
  return chosen.map((choice, place) => `${places[place]?.[choice] ?? ""}\n`).join("");
}

describe("problems and tokens of statements that depend on each other", () => {
  it("are after any edits what they are when the file is opened", async () => {
    const parser = await loadParser();
    const folder = makeFolder({
      "repo.ocu.star": 'repo_alias("test")\n',
      "release.ocu.star": "",
      "lib.star": libraries[0] as string,
      "run.sh": "",
    });
    const [uri, library] = ["release.ocu.star", "lib.star"].map((each) => uriOfPath(join(folder, each))) as [
      string,
      string,
    ];
    const random = new Random(11);
    const chosen = places.map(() => 0);
    let helper = 0;
    const documents = new Documents(parser);
    const workspace = new Workspace(parser, documents);
    await workspace.addFolder(folder);
    documents.open(uri, 1, textOf(chosen));
    documents.open(library, 1, libraries[0] as string);
    const fresh = new Documents(parser);
    const freshWorkspace = new Workspace(parser, fresh);
    await freshWorkspace.addFolder(folder);
    const codes = new Set<string>();
    for (let version = 2; version < 500; version++) {
      if (random.chance(0.1)) {
        helper = random.below(libraries.length);
        documents.change(library, version, [{ text: libraries[helper] as string }]);
        workspace.documentChanged(library);
      } else {
        const place = random.below(places.length);
        const before = textOf(chosen.slice(0, place)).length;
        const old = places[place]?.[chosen[place] as number] as string;
        chosen[place] = random.below(places[place]?.length as number);
        const { source } = documents.get(uri) as {
          source: { positionAt(offset: number): { line: number; column: number } };
        };
        const [start, end] = [before, before + old.length].map((offset) => {
          const { line, column } = source.positionAt(offset);
          return { line: line - 1, character: column - 1 };
        }) as [Position, Position];
        const text = places[place]?.[chosen[place] as number] as string;
        documents.change(uri, version, [{ range: { start, end }, text }]);
        workspace.documentChanged(uri);
      }
      const text = textOf(chosen);
      assert.equal(documents.get(uri)?.source.text, text);
      fresh.open(library, 1, libraries[helper] as string);
      freshWorkspace.documentChanged(library);
      fresh.open(uri, 1, text);
      freshWorkspace.documentChanged(uri);
      const [incremental, expected] = [describeFile(workspace, uri), describeFile(freshWorkspace, uri)];
      assert.deepEqual(incremental, expected, text);
      for (const { code } of expected.diagnostics) codes.add(code);
    }
    // That what is compared is worth comparing.
    for (const code of [
      "call/missing-argument",
      "sdk/missing-input",
      "secrets/unmasked",
      "sdk/bad-tag",
      "shell/syntax",
    ])
      assert.ok(codes.has(code), `${code} is not among ${[...codes].sort().join(" ")}`);
    documents.closeAll();
    fresh.closeAll();
  });

  it("are looked at again when a statement elsewhere uses the same variable otherwise", async () => {
    const put = 'INPUTS["b"] = 2\n';
    const text = `def work(a, b):\n    return done()\n\nINPUTS = {"a": 1}\n\n${put}\nX = 1\n\ntask(work, name="x", inputs=INPUTS)\n`;
    const { workspace, snapshot } = await openMarked(text);
    const { uri } = snapshot.file;
    const codes = () => describeFile(workspace, uri).diagnostics.map(({ code }) => code);
    assert.deepEqual(codes(), []);
    const range = { start: { line: 5, character: 0 }, end: { line: 6, character: 0 } };
    workspace.documents.change(uri, 2, [{ range, text: "" }]);
    workspace.documentChanged(uri);
    assert.deepEqual(codes(), ["sdk/missing-input"]);
    workspace.documents.change(uri, 3, [{ range: { start: range.start, end: range.start }, text: put }]);
    workspace.documentChanged(uri);
    assert.deepEqual(codes(), []);
    workspace.documents.closeAll();
  });
});

interface Position {
  readonly line: number;
  readonly character: number;
}

function describeFile(workspace: Workspace, uri: string) {
  const file = workspace.view(uri);
  assert.ok(file !== undefined);
  const snapshot: Snapshot = { file, state: unknownState, repositories: workspace.repositories };
  return {
    diagnostics: doDiagnostics(snapshot),
    tokens: getSemanticTokens(snapshot),
    symbols: getDocumentSymbols(snapshot),
  };
}
