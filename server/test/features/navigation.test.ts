import assert from "node:assert/strict";
import type { Location, TextEdit } from "vscode-languageserver-types";
import type { Snapshot } from "../../src/analysis/snapshot.ts";
import { findDefinition } from "../../src/features/definition.ts";
import { findHighlights } from "../../src/features/documentHighlights.ts";
import { doPrepareRename } from "../../src/features/prepareRename.ts";
import { findReferences } from "../../src/features/references.ts";
import { doRename } from "../../src/features/rename.ts";
import { offsetAt } from "../../src/text/convert.ts";
import { type Opened, openMarked } from "../harness.ts";

const library = `def make(name):
    """Makes it."""
    return name

LIMIT = 3
`;

const other = `load("./lib.star", "make")

def up(environment, tag):
    make(tag)
    return done(outputs={"url": tag})

def down(environment, tag):
    return done()

deploy(environment("eu"), up, down, inputs={"tag": ref("./-/release.ocu.star/@/task/build#output/tag")})
`;

const files = { "lib.star": library, "other.ocu.star": other };

const main = `load("./lib.star", "make", limit="LIMIT")

def build(ctx):
    tag = make(ctx.inputs.base)
    return done(outputs={"tag": tag, "n": limit})

task(build, name="build", inputs={"base": "x"})

def test(tag, url):
    print(tag, url)

task(test, name="test", inputs={
    "tag": ref("./task/build#output/tag"),
    "url": ref("./-/other.ocu.star/@/deploy/eu#output/url"),
})
`;

/** Puts the cursor before the nth occurrence of a text (into it, after its first letter). */
function cursorAt(text: string, wanted: string, nth = 1): string {
  let at = -1;
  for (let count = 0; count < nth; count++) at = text.indexOf(wanted, at + 1);
  assert.ok(at >= 0, `no ${wanted}`);
  return `${text.slice(0, at + 1)}$0${text.slice(at + 1)}`;
}

function textAt(snapshot: Snapshot, { uri, range }: Location): string {
  const view = [
    snapshot.file,
    ...snapshot.repositories.flatMap((each) => [...each.paths()].flatMap((path) => each.file(path) ?? [])),
  ].find((each) => each.uri === uri);
  assert.ok(view, uri);
  const [start, end] = [offsetAt(view.source, range.start), offsetAt(view.source, range.end)];
  return `${view.path}:${range.start.line + 1} ${view.source.text.slice(start, end).split("\n")[0]}`;
}

async function open(wanted: string, nth = 1, text = main): Promise<Opened> {
  return openMarked(cursorAt(text, wanted, nth), { files });
}

async function define(wanted: string, nth = 1, text = main): Promise<string[]> {
  const { snapshot, marked } = await open(wanted, nth, text);
  const found = findDefinition(snapshot, marked.cursor);
  return found === null ? [] : [found].flat().map((each) => textAt(snapshot, each));
}

async function refer(wanted: string, nth = 1, text = main): Promise<string[]> {
  const { snapshot, marked } = await open(wanted, nth, text);
  return findReferences(snapshot, marked.cursor, { includeDeclaration: true })
    .map((each) => textAt(snapshot, each))
    .sort();
}

/** Every file's text after a rename. */
async function rename(wanted: string, newName: string, nth = 1, text = main): Promise<Record<string, string>> {
  const { snapshot, marked } = await open(wanted, nth, text);
  const edit = doRename(snapshot, marked.cursor, newName, { annotate: false });
  const result: Record<string, string> = {};
  for (const [uri, edits] of Object.entries(edit?.changes ?? {})) {
    const view = [
      snapshot.file,
      ...snapshot.repositories.flatMap((each) => [...each.paths()].flatMap((path) => each.file(path) ?? [])),
    ].find((each) => each.uri === uri);
    assert.ok(view?.path);
    let changed = view.source.text;
    const sorted = [...(edits as TextEdit[])].sort(
      (a, b) => offsetAt(view.source, b.range.start) - offsetAt(view.source, a.range.start),
    );
    for (const each of sorted) {
      changed =
        changed.slice(0, offsetAt(view.source, each.range.start)) +
        each.newText +
        changed.slice(offsetAt(view.source, each.range.end));
    }
    result[view.path] = changed;
  }
  return result;
}

describe("definition", () => {
  it("of functions, also loaded ones, and of loads", async () => {
    assert.deepEqual(await define("build, name"), ["release.ocu.star:3 build"]);
    assert.deepEqual(await define("make(ctx"), ["lib.star:1 make"]);
    assert.deepEqual(await define("limit}"), ["lib.star:5 LIMIT"]);
    assert.deepEqual(await define("lib.star"), ["lib.star:1 "]);
    assert.deepEqual(await define('make", limit'), ["lib.star:1 make"]);
    assert.deepEqual(await define("tag, url)", 2), ["release.ocu.star:9 tag"]);
  });

  it("of refs: the output key, the work, the file", async () => {
    assert.deepEqual(await define('tag"),'), ["release.ocu.star:5 tag"]);
    assert.deepEqual(await define("build#output"), [
      'release.ocu.star:7 task(build, name="build", inputs={"base": "x"})',
    ]);
    assert.deepEqual(await define('url"),'), ["other.ocu.star:5 url"]);
    assert.deepEqual(await define("other.ocu.star"), [
      'other.ocu.star:10 deploy(environment("eu"), up, down, inputs={"tag": ref("./-/release.ocu.star/@/task/build#output/tag")})',
    ]);
  });

  it("of inputs", async () => {
    assert.deepEqual(await define("base)"), ['release.ocu.star:7 "base"']);
    assert.deepEqual(await define('tag": ref'), ["release.ocu.star:5 tag"]);
  });

  it("of nothing", async () => {
    assert.deepEqual(await define("return"), []);
    assert.deepEqual(await define("print"), []);
  });
});

describe("references", () => {
  it("of functions in every file that loads them", async () => {
    assert.deepEqual(await refer("make(ctx"), [
      "lib.star:1 make",
      "other.ocu.star:1 make",
      "other.ocu.star:4 make",
      "release.ocu.star:1 make",
      "release.ocu.star:4 make",
    ]);
  });

  it("of tasks and outputs, inside refs everywhere", async () => {
    assert.deepEqual(await refer('build", inputs'), [
      "other.ocu.star:10 build",
      "release.ocu.star:13 build",
      "release.ocu.star:7 build",
    ]);
    assert.deepEqual(await refer('tag": tag'), [
      "other.ocu.star:10 tag",
      "release.ocu.star:13 tag",
      "release.ocu.star:5 tag",
    ]);
    assert.deepEqual(await refer('tag"),'), [
      "other.ocu.star:10 tag",
      "release.ocu.star:13 tag",
      "release.ocu.star:5 tag",
    ]);
    assert.deepEqual(await refer('url"),'), ["other.ocu.star:5 url", "release.ocu.star:14 url"]);
  });

  it("of inputs in both dialects", async () => {
    assert.deepEqual(await refer("base)"), ["release.ocu.star:4 base", "release.ocu.star:7 base"]);
    assert.deepEqual(await refer('url": ref'), [
      "release.ocu.star:10 url",
      "release.ocu.star:14 url",
      "release.ocu.star:9 url",
    ]);
  });

  it("leaves the declaration out when asked", async () => {
    const { snapshot, marked } = await open("make(ctx");
    assert.equal(findReferences(snapshot, marked.cursor, { includeDeclaration: false }).length, 4);
  });
});

describe("rename", () => {
  it("of a function across files", async () => {
    const renamed = await rename("make(ctx", "produce");
    assert.match(renamed["lib.star"] ?? "", /^def produce\(name\)/);
    assert.match(renamed["other.ocu.star"] ?? "", /"produce"\)\n.*\n {4}produce\(tag\)/s);
    assert.match(
      renamed["release.ocu.star"] ?? "",
      /load\("\.\/lib\.star", "produce", limit="LIMIT"\).*tag = produce\(/s,
    );
  });

  it("of a loaded name that is called otherwise here", async () => {
    const renamed = await rename("limit}", "most");
    assert.match(renamed["lib.star"] ?? "", /^most = 3/m);
    assert.match(renamed["release.ocu.star"] ?? "", /limit="most"\)/);
    assert.match(renamed["release.ocu.star"] ?? "", /"n": limit\}/);
  });

  it("of a local, and of a parameter with the calls that name it", async () => {
    assert.match((await rename("tag = make", "label"))["release.ocu.star"] ?? "", /label = make\(.*\n.*"tag": label,/);
    const text = "def f(alpha):\n    return alpha\n\nf(alpha=1)\n";
    assert.equal(
      (await rename("alpha)", "beta", 1, text))["release.ocu.star"],
      "def f(beta):\n    return beta\n\nf(beta=1)\n",
    );
  });

  it("of a task and an output, in refs of all files", async () => {
    const task = await rename('build", inputs', "compile");
    assert.match(task["release.ocu.star"] ?? "", /name="compile".*\.\/task\/compile#output\/tag/s);
    assert.match(task["other.ocu.star"] ?? "", /task\/compile#output\/tag/);
    const output = await rename('tag": tag', "label");
    assert.match(output["release.ocu.star"] ?? "", /outputs=\{"label": tag,.*build#output\/label"/s);
    assert.match(output["other.ocu.star"] ?? "", /#output\/label"/);
  });

  it("of an input with everything that reads it", async () => {
    const ctx = await rename("base)", "root");
    assert.match(ctx["release.ocu.star"] ?? "", /ctx\.inputs\.root\).*inputs=\{"root": "x"\}/s);
    const parameter = await rename('url": ref', "address");
    assert.match(
      parameter["release.ocu.star"] ?? "",
      /def test\(tag, address\):\n {4}print\(tag, address\).*"address": ref/s,
    );
  });

  it("of a parameter that work gives a value, with the input", async () => {
    const text = `def up(environment, tag, size=1):
    return next(check, inputs={"url": tag})

def check(environment, url):
    return done(outputs={"url": url})

def down(environment, tag):
    return done()

deploy(environment("eu"), up, down, inputs={"tag": "x"})
deploy(environment("us"), up, down, inputs=dict(tag="y"))
`;
    assert.equal((await rename("tag, size", "image", 1, text))["release.ocu.star"], text.replaceAll("tag", "image"));
    const checked = (await rename("url):", "address", 1, text))["release.ocu.star"] ?? "";
    assert.match(checked, /"address": tag.*def check\(environment, address\).*\{"url": address\}/s);
    // No work gives it: it is the function's own.
    assert.match((await rename("size=1", "count", 1, text))["release.ocu.star"] ?? "", /tag, count=1\)/);
    for (const nth of [1, 2]) {
      await assert.rejects(rename("environment, ", "place", nth, text), /given by the deployment/);
    }
    await assert.rejects(rename("tag, size", "environment", 1, text), /already the name/);
    await assert.rejects(rename("tag, size", "size", 1, text), /already the name/);
    const computed = `${text}[deploy(e, up, down, inputs={k: "v" for k in ["tag"]}) for e in environments()]\n`;
    await assert.rejects(rename("tag, size", "image", 1, computed), /computes its inputs/);
    await assert.rejects(rename('tag": "x"', "image", 1, computed), /computes its inputs/);
  });

  it("of an input that helpers read, and that is asked for by its name", async () => {
    const text = `def describe(ctx):
    return ctx.inputs.image + name_of(ctx)

def name_of(ctx):
    return getattr(ctx.inputs, "image", "") if hasattr(ctx.inputs, "image") else ctx.inputs.other

def build(ctx):
    print(describe(ctx))
    return done()

task(build, name="build", inputs={"image": "x", "other": "y"})
`;
    const wanted = text.replaceAll("image", "picture");
    for (const nth of [1, 4]) assert.equal((await rename("image", "picture", nth, text))["release.ocu.star"], wanted);
    await assert.rejects(rename("image", "other", 1, text), /another input `other`/);
    await assert.rejects(rename("ctx):", "context", 3, text), /asks for its inputs/);
    const { snapshot, marked } = await openMarked(cursorAt(text, "ctx):", 3));
    assert.throws(() => doPrepareRename(snapshot, marked.cursor), /asks for its inputs/);
  });

  it("refuses names that the text goes on to mean otherwise", async () => {
    const text = `def f(rows):
    count = len(rows)
    return [row for row in rows]

def g(rows):
    return rows

f([])
task(lambda: done(outputs={"a": 1, "b": 2}), name="one")
task(lambda a: done(), name="two", inputs={"a": ref("./task/one#output/a")})
`;
    await assert.rejects(rename("count =", "len", 1, text), /already the name/);
    await assert.rejects(rename("row for", "rows", 1, text), /already the name/);
    await assert.rejects(rename("rows):", "count", 1, text), /already the name/);
    assert.match((await rename("rows):", "sorted", 2, text))["release.ocu.star"] ?? "", /return sorted\n/);
    await assert.rejects(rename('one"', "two", 1, text), /another task `two`/);
    await assert.rejects(rename('a": 1', "b", 1, text), /another output `b`/);
  });

  it("refuses what is no name, a reserved word and a name that is taken", async () => {
    await assert.rejects(rename("tag = make", "a b"), /not a name/);
    await assert.rejects(rename("tag = make", "for"), /word of the language/);
    await assert.rejects(rename("tag = make", "build"), /already the name/);
    await assert.rejects(rename('build", inputs', "a/b"), /cannot be used in a ref/);
  });

  it("is offered only where there is something of ours", async () => {
    const at = async (wanted: string): Promise<string | undefined> => {
      const { snapshot, marked } = await open(wanted);
      return doPrepareRename(snapshot, marked.cursor)?.placeholder;
    };
    assert.equal(await at("build, name"), "build");
    assert.equal(await at('tag"),'), "tag");
    assert.equal(await at("task(build"), undefined);
    assert.equal(await at("return"), undefined);
  });
});

it("highlights the places of this file", async () => {
  const { snapshot, marked } = await open("make(ctx");
  assert.deepEqual(
    findHighlights(snapshot, marked.cursor).map((each) => each.range.start.line),
    [0, 3],
  );
});
