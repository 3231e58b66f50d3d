import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { CompileCache, compileClosure } from "../../src/package/compileClosure.ts";
import { makeRepository, modelOf, openPackage, summary, testParser } from "./helpers.ts";

const helper = 'x = "helper"\n';

describe("modules", () => {
  it("are found from the file that loads them, in every spelling", async () => {
    const { evaluation, host } = await openPackage(
      {
        "app/release.ocu.star": `
load("lib.star", a="x")
load("./lib.star", b="x")
load("../shared/lib.star", c="x")
load("sub/../../shared/lib.star", d="x")
load("more.ocu.star", e="x")
print(a, b, c, d, e)
`,
        "app/lib.star": 'print("app/lib")\nx = "app"\n',
        "app/more.ocu.star": 'x = "more"\n',
        "shared/lib.star": 'load("lib2.star", "y")\nprint("shared/lib")\nx = y\n',
        "shared/lib2.star": 'y = "shared"\n',
      },
      { file: "app/release.ocu.star" },
    );
    assert.deepEqual(host.printed, ["app/lib", "shared/lib", "app app shared shared more"]);
    assert.deepEqual(modelOf(evaluation).modules, [
      "app/lib.star",
      "app/more.ocu.star",
      "shared/lib.star",
      "shared/lib2.star",
    ]);
  });

  it("are executed once, although links and several files lead to them", async () => {
    const root = makeRepository({
      "release.ocu.star": 'load("a.star", "x")\nload("link.star", y="x")\nload("b.star", "z")\nprint(x, y, z)\n',
      "a.star": 'print("a runs")\nx = []\n',
      "b.star": 'load("./a.star", "x")\nz = x\n',
    });
    symlinkSync(join(root, "a.star"), join(root, "link.star"));
    const { host } = await openPackage({}, { root });
    assert.deepEqual(host.printed, ["a runs", "[] [] []"]);
  });

  it("are frozen", async () => {
    const { evaluation } = await openPackage({
      "release.ocu.star": 'load("a.star", "x")\nx.append(1)\n',
      "a.star": "x = []\n",
    });
    assert.deepEqual(evaluation.problems.map(summary), ["evaluation/error 2: append: cannot append to frozen list"]);
  });

  const failures: readonly (readonly [string, Record<string, string>, readonly string[]])[] = [
    [
      "a path out of the repository",
      { "release.ocu.star": '\nload("../x.star", "x")\n' },
      ['load/outside-repository 2: cannot load "../x.star": it leaves the repository'],
    ],
    [
      "an absolute path",
      { "release.ocu.star": 'load("/x.star", "x")\n' },
      ['load/path 1: cannot load "/x.star": paths to load are relative to the file that loads them'],
    ],
    [
      "another kind of file",
      { "release.ocu.star": 'load("x.bzl", "x")\n' },
      ['load/path 1: cannot load "x.bzl": only .star files can be loaded'],
    ],
    [
      "a file that is not there",
      { "release.ocu.star": 'load("lib/x.star", "x")\n' },
      ["load/missing-file 1: cannot load lib/x.star: there is no file lib/x.star"],
    ],
    [
      "two files that are not there",
      { "release.ocu.star": 'load("x.star", "x")\nload("y.star", "y")\n' },
      [
        "load/missing-file 1: cannot load x.star: there is no file x.star",
        "load/missing-file 2: cannot load y.star: there is no file y.star",
      ],
    ],
    [
      "a file that loads itself",
      { "release.ocu.star": 'load("./release.ocu.star", "x")\n' },
      ["load/cycle 1: files load each other in a circle: release.ocu.star → release.ocu.star"],
    ],
    [
      "a cycle",
      {
        "release.ocu.star": 'load("a.star", "a")\n',
        "a.star": 'load("sub/b.star", "b")\na = b\n',
        "sub/b.star": '\nload("../a.star", "a")\nb = a\n',
      },
      ["load/cycle 2: files load each other in a circle: a.star → sub/b.star → a.star"],
    ],
    [
      "a name that is not in the module",
      { "release.ocu.star": 'load("a.star", "helpr")\n', "a.star": "helper = 1\n" },
      ["evaluation/error 1: load: name helpr not found in module a.star (did you mean helper?)"],
    ],
    ["a syntax error in a module", { "release.ocu.star": 'load("a.star", "x")\n', "a.star": "\nx = = 1\n" }, []],
    ["an undefined name in a module", { "release.ocu.star": '\nload("a.star", "x")\n', "a.star": "x = helper\n" }, []],
  ];
  for (const [what, files, expected] of failures) {
    it(`report ${what}`, async () => {
      const { evaluation } = await openPackage(files);
      assert.equal(evaluation.model, undefined);
      if (expected.length > 0) assert.deepEqual(evaluation.problems.map(summary), expected);
      else {
        const [problem] = evaluation.problems;
        assert.equal(problem?.position?.file, "a.star");
        assert.equal(problem?.related?.at(-1)?.position.file, "release.ocu.star");
      }
    });
  }

  it("report a runtime error where it happened, with the load that led there", async () => {
    const { evaluation } = await openPackage({
      "release.ocu.star": 'load("a.star", "x")\n',
      "a.star": 'load("b.star", "y")\nx = y\n',
      "b.star": "def f():\n    return 1 // 0\ny = f()\n",
    });
    const [problem, ...others] = evaluation.problems;
    assert.deepEqual(others, []);
    assert.equal(summary(problem as never), "evaluation/error 2: floored division by zero");
    assert.deepEqual(
      problem?.stack?.map(({ file, line, functionName }) => `${file}:${line} ${functionName}`),
      ["release.ocu.star:1 <toplevel>", "a.star:1 <toplevel>", "b.star:3 <toplevel>", "b.star:2 f"],
    );
  });

  it("report a link that leads out of the repository", async () => {
    const outside = makeRepository({ "x.star": "x = 1\n" });
    const root = makeRepository({ "release.ocu.star": 'load("x.star", "x")\n' });
    symlinkSync(join(outside, "x.star"), join(root, "x.star"));
    const { evaluation } = await openPackage({}, { root });
    assert.deepEqual(evaluation.problems.map(summary), [
      'load/outside-repository 1: cannot load "x.star": it is a link that leaves the repository',
    ]);
  });

  it("choose their own SDK version", async () => {
    const { evaluation } = await openPackage({
      "release.ocu.star": 'ocuroot("0.3.0")\nload("a.star", "x")\n',
      "a.star": 'ocuroot("^0.3")\nx = 1\n',
    });
    assert.deepEqual(evaluation.problems, []);
    const bad = await openPackage({
      "release.ocu.star": 'load("a.star", "x")\n',
      "a.star": 'ocuroot("7")\nx = 1\n',
    });
    assert.deepEqual(bad.evaluation.problems.map(summary), [
      'sdk/unknown-version 1: unknown SDK version "7"; the known version is 0.3.0 [the file is loaded here: 1]',
    ]);
  });
});

describe("reading package files", () => {
  it("says why a file cannot be read", async () => {
    const root = makeRepository({ "folder.star/x": "", "bytes.star": Uint8Array.from([120, 61, 255, 10]) });
    const problem = async (file: string) => {
      const { evaluation } = await openPackage({}, { root, file });
      return evaluation.problems.map(({ code, message }) => `${code}: ${message}`);
    };
    assert.deepEqual(await problem("none.ocu.star"), ["package/missing-file: there is no file none.ocu.star"]);
    assert.deepEqual(await problem("folder.star"), ["package/is-folder: folder.star is a folder, not a file"]);
    assert.deepEqual(await problem("bytes.star"), ["package/not-utf8: bytes.star is not UTF-8 text"]);
    assert.match((await problem("../x.star"))[0] ?? "", /^package\/outside-repository: /);
  });

  it("prefers the text that an editor holds", async () => {
    const root = makeRepository({ "release.ocu.star": 'load("a.star", "x")\n', "a.star": "y = 1\n" });
    const texts = new Map([
      [join(root, "a.star"), 'load("new.star", "x")\n'],
      [join(root, "new.star"), helper],
    ]);
    const parser = await testParser();
    const closure = compileClosure({ parser, root, file: "release.ocu.star", readText: (path) => texts.get(path) });
    assert.deepEqual(closure.problems, []);
    assert.deepEqual([...closure.files.keys()].sort(), ["a.star", "new.star", "release.ocu.star"]);
  });

  it("compiles a file again only when its text has changed", async () => {
    const root = makeRepository({ "release.ocu.star": 'load("a.star", "x")\n', "a.star": helper });
    const parser = await testParser();
    const texts = new Map<string, string>();
    const cache = new CompileCache();
    const compileAll = () =>
      compileClosure({
        parser,
        root,
        file: join(root, "release.ocu.star"),
        cache,
        readText: (path) => texts.get(path),
      });
    const first = compileAll();
    texts.set(join(root, "a.star"), "x = 2\n");
    const second = compileAll();
    assert.equal(second.files.get("release.ocu.star")?.program, first.files.get("release.ocu.star")?.program);
    assert.notEqual(second.files.get("a.star")?.program, first.files.get("a.star")?.program);
  });
});
