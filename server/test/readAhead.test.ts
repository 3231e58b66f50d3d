import assert from "node:assert/strict";
import type { Parser } from "@ocuroot/starlark";
import { unknownState } from "../src/analysis/stateView.ts";
import { Dispatcher } from "../src/connection/dispatch.ts";
import { doRename } from "../src/features/rename.ts";
import { uriOfPath } from "../src/paths.ts";
import { Documents } from "../src/workspace/documents.ts";
import { ReadAhead } from "../src/workspace/readAhead.ts";
import { Workspace } from "../src/workspace/workspace.ts";
import { loadParser, makeFolder } from "./harness.ts";

const main = `ocuroot("0.3.0")

def build():
    return done(outputs={"value": 1})

task(build, name="build")
`;

const reader = (ref: string): string => `ocuroot("0.3.0")

def use(v):
    return done()

task(use, name="use", inputs={"v": input(ref=${ref})})
`;

/** Refs in many spellings, one that leads elsewhere, and files that have none. */
const files: Readonly<Record<string, string>> = {
  "repo.ocu.star": 'repo_alias("r")\n',
  "release.ocu.star": main,
  "a/package.ocu.star": reader('"./-/release.ocu.star/@/task/build#output/value"'),
  "b/package.ocu.star": reader('"./-/release.ocu.star/@/task/build#output/v\\x61lue"'),
  "c/package.ocu.star": reader('"./-/release.ocu.star/@/task/{}#output/value".format("build")'),
  "d/package.ocu.star": reader('"./-/a/package.ocu.star/@/task/use#output/value"'),
  "e/package.ocu.star": `REF = "./-/release.ocu.star/@/task/build#output/value"\n${reader("REF")}`,
  "f/lib.star": 'def value():\n    return "release.ocu.star"\n',
};

async function open(parser: Parser) {
  const folder = makeFolder(files);
  const documents = new Documents(parser);
  const workspace = new Workspace(parser, documents);
  await workspace.addFolder(folder);
  const uri = uriOfPath(`${folder}/release.ocu.star`);
  documents.open(uri, 1, main);
  const rename = () => {
    const file = workspace.view(uri);
    assert.ok(file !== undefined);
    const snapshot = { file, state: unknownState, repositories: workspace.repositories };
    const edit = doRename(snapshot, main.indexOf("value") + 1, "renamed", { annotate: false });
    const root = uriOfPath(folder);
    return new Map(Object.entries(edit?.changes ?? {}).map(([each, edits]) => [each.slice(root.length + 1), edits]));
  };
  return { workspace, rename };
}

describe("reading ahead", () => {
  it("reads each file that may hold refs once, so that a rename reads none", async () => {
    const parser = await loadParser();
    const read: string[] = [];
    const parse = (text: string) => {
      read.push(text);
      return parser.parse(text);
    };
    const spy: Parser = { parse, open: (text) => parser.open(text) };
    const { workspace, rename } = await open(spy);
    const log = { error: assert.fail, warn: assert.fail };
    const dispatcher = new Dispatcher(log);
    const ahead = new ReadAhead({ dispatcher, repositories: () => workspace.repositories });
    ahead.schedule();
    const refs = Object.values(files).filter((text) => text.includes("input"));
    while (read.length < refs.length) await new Promise((resolve) => setTimeout(resolve, 5));
    ahead.dispose();
    assert.deepEqual([...read].sort(), [...refs].sort());
    const before = read.length;
    const edits = rename();
    const readers = ["a", "b", "c", "e"].map((each) => `${each}/package.ocu.star`);
    assert.deepEqual([...edits.keys()].sort(), [...readers, "release.ocu.star"]);
    // With an escape in it, a file may load any other.
    const again = read.slice(before).filter((text) => refs.includes(text) && !text.includes("\\x"));
    assert.deepEqual(again, []);
  });

  it("changes nothing of what a rename finds", async () => {
    const { rename, workspace } = await open(await loadParser());
    const first = rename();
    assert.deepEqual(rename(), first);
    // Files whose trees are there answer from those.
    for (const repository of workspace.repositories)
      for (const path of repository.paths()) void repository.file(path)?.facts;
    assert.deepEqual(rename(), first);
  });
});
