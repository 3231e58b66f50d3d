import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FrontEnd } from "../cli/frontEnd.ts";
import { findAll, frontEndOf, keeping, ProgramCache } from "../cli/programCache.ts";
import { everything, testFrontEnd } from "./support.ts";

const root = join(__dirname, "../..");

describe("program cache", () => {
  let folder: string;
  let bundle: string;
  let made: string[];
  let frontEnd: FrontEnd;

  before(async () => {
    const inner = await testFrontEnd();
    frontEnd = {
      ...inner,
      prepare(filename, text, options) {
        made.push(filename);
        return inner.prepare(filename, text, options);
      },
    };
  });
  beforeEach(() => {
    made = [];
    folder = mkdtempSync(join(tmpdir(), "starlark-programs-"));
    bundle = join(folder, "bundle.cjs");
    writeFileSync(bundle, "");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const programs = () => join(folder, "programs");
  const open = (...options: string[]) => ProgramCache.of([bundle], options, programs()) as ProgramCache;
  const prepareOptions = { dialect: everything, isPredeclared: () => true };
  const prepare = (filename: string, text: string, cache = open()) =>
    keeping(frontEnd, cache).prepare(filename, text, prepareOptions);

  it("gives the very program that was made, of every kind", () => {
    const fixtures = join(root, "test-fixtures/lang");
    let count = 0;
    for (const name of readdirSync(fixtures)) {
      for (const text of readFileSync(join(fixtures, name), "utf8").split(/^---$/m)) {
        const { program } = prepare(name, text);
        if (program === undefined) continue;
        count++;
        assert.deepEqual(open().find({ filename: name, text }), program);
      }
    }
    assert.ok(count > 40, `${count}`);
    const text = 'x = [1.5e308, 5e-324, 0.1, 1e22, b"\\xff\\x00é", "é\\x7f😀", 1 if x else -0.0, 1 << 70]\n';
    const { program, errors } = prepare("a.star", text);
    assert.ok(program, errors);
    assert.deepEqual(open().find({ filename: "a.star", text }), program);
  });

  it("is used for the same text, name, options and build only", () => {
    prepare("a.star", "x = 1\n");
    prepare("a.star", "x = 1\n");
    assert.deepEqual(made, ["a.star"]);
    const others: [string, string, ProgramCache][] = [
      ["a.star", "x = 2\n", open()],
      ["b.star", "x = 2\n", open()],
      ["./a.star", "x = 2\n", open()],
      ["a.star", "x = 2\n", open("set")],
    ];
    for (const [filename, text, cache] of others) {
      made = [];
      prepare(filename, text, cache);
      assert.deepEqual(made, [filename]);
      prepare(filename, text, cache);
      assert.deepEqual(made, [filename]);
    }
    utimesSync(bundle, 1, 1);
    made = [];
    prepare("b.star", "x = 2\n");
    assert.deepEqual(made, ["b.star"]);
    assert.equal(ProgramCache.of([bundle, join(folder, "none")], [], programs()), undefined);
  });

  it("keeps nothing of a file with errors, nor of one that is long", () => {
    const { errors } = prepare("a.star", "x = \n");
    assert.equal(errors, "a.star:1:5: got newline, want primary expression");
    prepare("long.star", `x = 1 #${"x".repeat(1_000_000)}\n`);
    assert.equal(open().find({ filename: "long.star", text: `x = 1 #${"x".repeat(1_000_000)}\n` }), undefined);
  });

  it("is not used when it is damaged, or others may write to it, and need not be writable", () => {
    prepare("a.star", "x = 1\n");
    const [name] = readdirSync(programs()) as [string];
    const path = join(programs(), name);
    truncateSync(path, 20);
    prepare("a.star", "x = 1\n");
    assert.equal(made.length, 2);
    if (process.getuid !== undefined) {
      chmodSync(path, 0o666);
      prepare("a.star", "x = 1\n");
      assert.equal(made.length, 3);
    }
    const blocked = ProgramCache.of([bundle], [], join(bundle, "no folder")) as ProgramCache;
    for (let i = 0; i < 2; i++) assert.ok(prepare("a.star", "x = 1\n", blocked).program);
  });

  it("keeps the newest when there are many", () => {
    mkdirSync(programs(), { recursive: true });
    for (let i = 0; i < 300; i++) {
      writeFileSync(join(programs(), `${i}.json`), "");
      utimesSync(join(programs(), `${i}.json`), i, i);
    }
    prepare("a.star", "x = 1\n");
    const left = readdirSync(programs());
    assert.equal(left.length, 151);
    assert.ok(left.includes("299.json") && left.includes("150.json") && !left.includes("149.json"));
  });

  it("finds the programs of all files that are loaded, in circles too", () => {
    const texts: Record<string, string> = {
      "a.star": 'load("b.star", "b")\nload("missing.star", "c")\n',
      "b.star": 'load("a.star", "a")\nb = 1\n',
    };
    const read = (module: string) => {
      const text = texts[module];
      if (text === undefined) throw new Error("missing");
      return { filename: module, text };
    };
    const main = read("a.star");
    assert.equal(findAll(open(), main, read), undefined);
    prepare("a.star", main.text);
    assert.equal(findAll(open(), main, read), undefined);
    prepare("b.star", texts["b.star"] as string);
    const files = findAll(open(), main, read);
    assert.deepEqual(
      [...(files ?? [])].map(([name]) => name),
      ["a.star", "b.star"],
    );
    const kept = frontEndOf(files ?? new Map());
    assert.ok(kept.prepare("b.star", texts["b.star"] as string, prepareOptions).program);
    assert.match(
      kept.prepare("b.star", "b = 2\n", prepareOptions).errors ?? "",
      /^b\.star:1:1: .*run the program again$/,
    );
  });
});

describe("the built command", function () {
  this.timeout(240_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "starlark-built-"));
    const build = ["scripts/build.mjs", "--outdir", join(folder, "dist"), "--only", "starlark"];
    const { status, stderr } = spawnSync(process.execPath, build, { cwd: root, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(...args: string[]) {
    const cache = join(folder, "cache");
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const command = [join(folder, "dist/starlark.cjs"), ...args];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: "utf8" });
    return { status, stderr };
  }
  const write = (name: string, ...lines: string[]) => writeFileSync(join(folder, name), `${lines.join("\n")}\n`);

  it("gives the same when a program is run again, without a parser", () => {
    write("lib.star", "def divide(x):", "  return 1 // x");
    write(
      "main.star",
      'load("lib.star", "divide")',
      'print("é", divide(1), hash("a"))',
      "print([f for f in [0.5]])",
      "divide(0)",
    );
    const expected = [
      "é 1 97",
      "[0.5]",
      "Traceback (most recent call last):",
      "  main.star:4:7: in <toplevel>",
      "  lib.star:2:12: in divide",
      "Error: floored division by zero",
      "",
    ].join("\n");
    for (let i = 0; i < 2; i++) assert.deepEqual(run("main.star"), { status: 1, stderr: expected });
    const parser = join(folder, "dist/tree-sitter-starlark.wasm");
    const bytes = readFileSync(parser);
    rmSync(parser);
    try {
      assert.deepEqual(run("main.star"), { status: 1, stderr: expected });
      assert.notEqual(run("-c", "print(1)").status, 0);
    } finally {
      writeFileSync(parser, bytes);
    }
    write("lib.star", "def divide(x):", "  return 7");
    assert.deepEqual(run("main.star"), { status: 0, stderr: "é 7 97\n[0.5]\n" });
    rmSync(join(folder, "lib.star"));
    assert.match(
      run("main.star").stderr,
      /main\.star:1:1: in <toplevel>\nError: cannot load lib\.star: open lib\.star: no such/,
    );
  });

  it("tells options apart, and runs what needs a large stack again", () => {
    write("set.star", "print(set([1]))");
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(run("--option=set", "set.star"), { status: 0, stderr: "set([1])\n" });
      assert.match(run("set.star").stderr, /^set\.star:1:7: this Starlark dialect does not support sets/);
    }
    write("deep.star", "def f(n):", "  return 0 if n == 0 else 1 + f(n - 1)", 'print("once")', "print(f(50000))");
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(run("--option=recursion", "deep.star"), { status: 0, stderr: "once\n50000\n" });
    }
    assert.match(run("deep.star").stderr, /Error: function f called recursively/);
    assert.deepEqual(run("--check", "deep.star"), { status: 0, stderr: "" });
    assert.match(run("--profile", "set.star").stderr, /this Starlark dialect does not support sets/);
  });
});
