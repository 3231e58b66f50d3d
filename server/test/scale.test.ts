import assert from "node:assert/strict";
import { join } from "node:path";
import type { Parser } from "@ocuroot/starlark";
import type { Snapshot } from "../src/analysis/snapshot.ts";
import { unknownState } from "../src/analysis/stateView.ts";
import { findReferences } from "../src/features/references.ts";
import { uriOfPath } from "../src/paths.ts";
import { Documents } from "../src/workspace/documents.ts";
import { Workspace } from "../src/workspace/workspace.ts";
import { TestClient } from "./client.ts";
import { loadParser, makeFolder } from "./harness.ts";

const producer = 'def build():\n    return done(outputs={"tag": "v"})\n\ntask(build, name="build")\n';
const consumer = (ref: string): string =>
  `def use(tag):\n    print(tag)\n\ntask(use, name="use", inputs={"tag": ref("${ref}")})\n`;

/** A workspace, and how many texts were parsed in it so far. */
async function openWorkspace(files: Readonly<Record<string, string>>) {
  const parser = await loadParser();
  let parsed = 0;
  const counting = new Proxy(parser, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (name === "parse") parsed++;
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  }) as Parser;
  const folder = makeFolder({ "repo.ocu.star": 'repo_alias("big")\n', ...files });
  const workspace = new Workspace(counting, new Documents(counting));
  await workspace.addFolder(folder);
  const snapshot = (path: string): Snapshot => {
    const file = workspace.view(uriOfPath(join(folder, path)));
    assert.ok(file, path);
    return { file, state: unknownState, repositories: workspace.repositories };
  };
  const referencesAt = (path: string, needle: string): string[] => {
    const at = snapshot(path);
    const offset = at.file.source.text.indexOf(needle) + 1;
    const found = findReferences(at, offset, { includeDeclaration: false });
    return found.map(({ uri }) => uri.slice(uriOfPath(folder).length + 1)).sort();
  };
  return { referencesAt, parsed: () => parsed };
}

describe("a workspace of many files", () => {
  it("is not parsed to find who uses one of them", async () => {
    const files: Record<string, string> = { "p0/release.ocu.star": producer };
    for (let index = 1; index < 400; index++)
      files[`p${index}/release.ocu.star`] =
        `${producer}\n${consumer(`./-/p${index - 1}/release.ocu.star/@/task/build#output/tag`)}`;
    const { referencesAt, parsed } = await openWorkspace(files);
    assert.deepEqual(referencesAt("p7/release.ocu.star", 'tag": "v"'), ["p8/release.ocu.star"]);
    assert.deepEqual(referencesAt("p7/release.ocu.star", "build():"), ["p7/release.ocu.star"]);
    assert.ok(parsed() <= 10, `${parsed()} files were parsed`);
  });

  it("overlooks none, however it is written", async () => {
    const refs: Readonly<Record<string, string>> = {
      "lib/near.ocu.star": "./-/lib/a.ocu.star",
      "lib/deep/below.ocu.star": "//lib/a.ocu.star",
      "up.ocu.star": "./-/lib/a.ocu.star",
      "other/root.ocu.star": "//lib/a.ocu.star",
      "other/whole.ocu.star": "big/-/lib/a.ocu.star",
      "other/dots.ocu.star": "./-/lib/./a.ocu.star",
      "other/back.ocu.star": "./-/lib/deep/../a.ocu.star",
      "other/escaped.ocu.star": "./-/lib/\\x61.ocu.star",
      "other/elsewhere.ocu.star": "./-/lab/a.ocu.star",
    };
    const files = Object.fromEntries(
      Object.entries(refs).map(([path, ref]) => [path, consumer(`${ref}/@/task/build#output/tag`)]),
    );
    const { referencesAt } = await openWorkspace({ "lib/a.ocu.star": producer, "lab/a.ocu.star": producer, ...files });
    const found = referencesAt("lib/a.ocu.star", 'tag": "v"');
    const expected = Object.keys(refs).filter((each) => !each.includes("elsewhere"));
    assert.deepEqual(found, expected.sort());
  });

  it("has loads found in every way of writing them", async () => {
    const use = (path: string): string => `load(${path}, "f")\n\nf()\n`;
    const { referencesAt } = await openWorkspace({
      "lib/m.star": "def f():\n    pass\n",
      "a.star": use('"lib/m.star"'),
      "b.star": use("'./lib/m.star'"),
      "lib/c.star": use('"""m.star"""'),
      "x/d.star": use('r"../lib/m.star"'),
      "x/e.star": use('"../lib/\\x6d.star"'),
      "x/other.star": 'TEXT = "lib/m.star is loaded elsewhere"\n',
    });
    const files = ["a.star", "b.star", "lib/c.star", "x/d.star", "x/e.star"];
    // Where it is loaded, and where it is called.
    assert.deepEqual(referencesAt("lib/m.star", "f():"), [...files, ...files].sort());
  });
});

describe("a file of a megabyte, with a line of two hundred kilobytes", function () {
  this.timeout(120_000);

  it("is answered like any other", async () => {
    const functions = Array.from(
      { length: 7_000 },
      (_, index) =>
        `def f${index}(a, b=${index}):\n    x = a + b\n    host.shell("echo {} $HOME".format(x))\n    return done(outputs={"k": x})\n`,
    ).join("\n");
    const line = `LONG = [${Array.from({ length: 15_000 }, (_, index) => `"entry ${index}"`).join(", ")}]\n`;
    const text = `${functions}\n${line}\nlast = f1(LONG[0], c=3)\n`;
    assert.ok(text.length > 1_000_000 && line.length > 200_000);
    const folder = makeFolder({ "repo.ocu.star": "" });
    const client = await TestClient.start(folder, { trusted: false });
    const uri = await client.open(join(folder, "big.ocu.star"), text);
    const lines = text.split("\n").length;
    const at = { line: lines - 2, character: 9 };
    const ask = (method: string, params: object = {}): Promise<unknown> =>
      client.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, ...params });
    const found = await client.diagnosticsOf(uri, (all) => all.length > 0, 1, 90_000);
    assert.deepEqual(
      found.map((each) => each.code),
      ["call/unknown-argument"],
    );
    assert.equal(((await ask("documentSymbol")) as unknown[]).length, 7_002);
    assert.match(JSON.stringify(await ask("hover", { position: at })), /f1\(a, b=1\)/);
    assert.match(JSON.stringify(await ask("definition", { position: at })), /"line":5/);
    assert.ok(((await ask("completion", { position: at })) as unknown[]).length > 7_000);
    const end = { line: 40, character: 0 };
    const tokens = (await ask("semanticTokens/range", { range: { start: { line: 0, character: 0 }, end } })) as {
      data: number[];
    };
    assert.ok(tokens.data.length > 0 && tokens.data.length < 2_000);
    assert.ok(((await ask("foldingRange")) as unknown[]).length >= 7_000);
    await client.change(uri, text.replace(", c=3", ""));
    await client.diagnosticsOf(uri, (all) => all.length === 0, 2, 90_000);
    assert.deepEqual(client.logged, []);
    await client.stop();
  });
});
