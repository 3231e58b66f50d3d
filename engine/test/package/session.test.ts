import assert from "node:assert/strict";
import { compile, resolve, SourceFile } from "@ocuroot/starlark";
import { describe, it } from "mocha";
import type { WorkFailure, WorkOutcome } from "../../src/package/session.ts";
import { openPackage, refOf, testParser } from "./helpers.ts";

const staging = { name: "staging", attributes: { type: "test" } };

function failureOf(outcome: WorkOutcome): WorkFailure {
  assert.equal(outcome.kind, "failed");
  return outcome as WorkFailure;
}

describe("running work functions", () => {
  it("in the ctx dialect", async () => {
    const { run, host } = await openPackage(`
def build(ctx):
    print(type(ctx), ctx.inputs.n + 1, dir(ctx), dir(ctx.inputs))
    print(getattr(ctx.inputs, "missing", "none"), hasattr(ctx, "environment"))
    return done(output={"n": ctx.inputs.n + 1, "big": ctx.inputs.big, "text": "é"})
call(build, name="build", inputs={"n": 1, "big": 1 << 64})
`);
    assert.deepEqual(run("build", { n: 1, big: 1n << 64n }), {
      kind: "done",
      outputs: { n: 2, big: 1n << 64n, text: "é" },
      tags: [],
      watch: [],
      annotation: undefined,
    });
    assert.deepEqual(host.printed, ['ctx 2 ["inputs"] ["big", "n"]', "none False"]);
  });

  it("of deploys in the ctx dialect", async () => {
    const { run, host } = await openPackage(`
def up(ctx):
    e = ctx.environment
    print(e.name, e.attributes["type"], e["name"], e["attributes"]["type"], "name" in e)
    print(type(ctx.inputs.environment), ctx.inputs.environment["name"], ctx.inputs.environment, ctx.inputs.tag)
    return next(after, inputs={"x": 1})
def after(ctx):
    print(ctx.environment.name, ctx.inputs.x)
deploy(environment("staging"), up, up, inputs={"tag": "t"})
`);
    const outcome = run("up", { tag: "t" }, staging);
    assert.equal(outcome.kind, "next");
    if (outcome.kind === "next") assert.deepEqual(outcome.fn, { name: "after", pos: "release.ocu.star:7:1" });
    run("after", { x: 1 }, staging);
    assert.deepEqual(host.printed, [
      "staging test staging test True",
      'dict staging {"name": "staging", "attributes": {"type": "test"}} t',
      "staging 1",
    ]);
  });

  it("in the parameter dialect", async () => {
    const { run, host } = await openPackage(`
def up(environment, tag, n=3):
    print(type(environment), environment["name"], environment["attributes"]["type"], tag, n)
    return next(after, inputs={"tag": tag, "wait": ref("./custom/ok"), "old": input("./@/task/x#output/y", default=None)}, annotation="waiting")
def after(tag, wait, old):
    return done(outputs={"tag": tag}, tags=["v1.2"], watch=["src"], annotation="there")
def with_environment(environment, tag):
    print(environment["name"])
def all(**kwargs):
    print(sorted(kwargs.keys()))
def optional_environment(environment=None):
    print(environment)
deploy(environment("staging"), up, up, inputs={"tag": "t"})
task(optional_environment, "o")
`);
    assert.deepEqual(run("up", { tag: "t" }, staging), {
      kind: "next",
      fn: { name: "after", pos: "release.ocu.star:5:1" },
      inputs: {
        tag: { value: "t" },
        wait: { ref: "./custom/ok" },
        old: { ref: "./@/task/x#output/y", default: null, hasDefault: true },
      },
      annotation: "waiting",
    });
    assert.deepEqual(run("after", { tag: "t", wait: true, old: null }, staging), {
      kind: "done",
      outputs: { tag: "t" },
      tags: ["v1.2"],
      watch: ["src"],
      annotation: "there",
    });
    run("with_environment", { tag: "t" }, staging);
    run("all", { b: 1, a: 2 }, staging);
    run("optional_environment");
    assert.deepEqual(host.printed, ["dict staging test t 3", "staging", '["a", "b", "environment"]', "None"]);
  });

  it("counts a function that returns nothing as done", async () => {
    const { run } = await openPackage('def f():\n    pass\ntask(f, "f")\n');
    assert.deepEqual(run("f"), { kind: "done", outputs: {}, tags: [], watch: [], annotation: undefined });
  });

  it("gives each run inputs of its own", async () => {
    const { run } = await openPackage(
      'def f(l):\n    l.append(1)\n    return done({"l": l})\ntask(f, "f", inputs={"l": []})\n',
    );
    for (let i = 0; i < 2; i++) {
      const outcome = run("f", { l: [] });
      assert.deepEqual(outcome.kind === "done" && outcome.outputs, { l: [1] });
    }
  });

  const failing: readonly (readonly [string, string, string, string])[] = [
    ["fail", 'fail("broken")', "evaluation/fail", "fail: broken"],
    ["a runtime error", "[][2]", "evaluation/error", "index 2 out of range: empty list"],
    [
      "a missing input",
      "ctx.inputs.tga",
      "evaluation/error",
      "`ctx.inputs.tga`: `f` gets no input `tga` (did you mean .tag?)",
    ],
    [
      "the environment of a task",
      "ctx.environment.name",
      "evaluation/error",
      "ctx has no .environment: only deploys have one, and `f` runs for a task",
    ],
    [
      "work that is declared too late",
      'task(f, "g")',
      "sdk/wrong-place",
      "`task` works only while the file is evaluated, not while its functions run",
    ],
    [
      "outputs that JSON cannot hold",
      'done({"f": f})',
      "sdk/not-json",
      'outputs["f"] is a function, which JSON cannot hold',
    ],
    [
      "outputs with a key that is no string",
      "done({1: 2})",
      "sdk/not-json",
      "outputs has the key 1, an int; JSON keys are strings",
    ],
    ["infinite outputs", 'done({"x": float("inf")})', "sdk/not-json", 'outputs["x"] is +inf, which JSON cannot hold'],
    [
      "outputs that are no dict",
      "done([1])",
      "sdk/wrong-type",
      "done: for parameter outputs: got list, want dict of JSON values",
    ],
    [
      "output and outputs",
      "done(output={}, outputs={})",
      "sdk/repeated-argument",
      "done: `output` and `outputs` mean the same; give one of them",
    ],
    [
      "a tag with a blank",
      'done(tags=["a b"])',
      "sdk/bad-tag",
      'done: the tag "a b" may hold only letters, digits, "-", "_" and "."',
    ],
    [
      "an empty tag",
      'done(tags=[""])',
      "sdk/bad-tag",
      'done: the tag "" may hold only letters, digits, "-", "_" and "."',
    ],
    [
      "a tag like a release",
      'done(tags=["r12"])',
      "sdk/bad-tag",
      'done: the tag "r12" would be read as a release number',
    ],
    ["a tag of digits", 'done(tags=["7"])', "sdk/bad-tag", 'done: the tag "7" would be read as a release number'],
    ["a tag that is no string", "done(tags=[1])", "sdk/wrong-type", "done: tags[0] is an int, want string"],
    [
      "a bad input name of next",
      'next(f, inputs={"a b": 1})',
      "sdk/input-name",
      'the input name "a b" must be letters, digits and "_", and must not start with a digit',
    ],
    [
      "a function that next cannot give its inputs",
      'next(g, inputs={"n": 1})',
      "sdk/unknown-parameter",
      "next: `g` (release.ocu.star:3:1) has no parameter for the input `n`",
    ],
    [
      "a failing command",
      'host.shell("echo one; echo two >&2; exit 3")',
      "host/shell",
      "echo one; echo two >&2; exit 3: exit status 3\ntwo",
    ],
    ["a file that is not there", 'host.read_file("none")', "host/failed", "ENOENT"],
  ];
  for (const [what, expression, code, message] of failing) {
    it(`fails with ${what}`, async () => {
      const { run } = await openPackage(
        `def f(ctx):\n    return ${expression}\ndef g(x=1):\n    pass\ntask(f, "f", inputs={"tag": 1})\n`,
      );
      const failure = failureOf(run("f", { tag: 1 }));
      assert.equal(failure.problem.code, code);
      if (message === "ENOENT") assert.match(failure.message, /ENOENT/);
      else assert.equal(failure.message, message);
      assert.equal(failure.problem.position?.line, 2);
      assert.equal(failure.problem.position?.file, "release.ocu.star");
      assert.match(failure.traceback, /release\.ocu\.star:2:\d+: in f/);
    });
  }

  it("fails with what is not a result", async () => {
    const { run } = await openPackage('def f():\n    return {"a": 1}\ntask(f, "f")\n');
    assert.equal(
      failureOf(run("f")).message,
      "`f` (release.ocu.star:1:1) returned a dict; a work function returns done(...), next(...) or nothing",
    );
  });

  it("fails when recorded inputs no longer fit the function", async () => {
    const { run } = await openPackage('def f(tag=1):\n    pass\ntask(f, "f")\n');
    assert.equal(
      failureOf(run("f", { tga: 1 })).message,
      "`f` (release.ocu.star:1:1) has no parameter for the input `tga`. Did you mean `tag`?",
    );
  });

  it("masks secrets in messages, prints and traces", async () => {
    const { run, host } = await openPackage(`
def f():
    token = secret("hunter22")
    print("the token is", token)
    fail("bad token " + token)
task(f, "f")
`);
    const failure = failureOf(run("f"));
    assert.equal(failure.message, "fail: bad token <secret>");
    assert.ok(!failure.traceback.includes("hunter22"));
    assert.deepEqual(host.printed, ["the token is <secret>"]);
    assert.deepEqual(host.secrets, ["hunter22"]);
  });

  it("stops at its limits, and can go on with other functions", async () => {
    const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
    const { run, session, evaluation } = await openPackage(`
def f():
    for i in range(1000000000):
        pass
def g():
    pass
task(f, "f")
task(g, "g")
`);
    const steps = session.run(refOf(evaluation, "f"), { inputs: {}, limits: { budget: { steps: 100_000 } } });
    assert.equal(failureOf(steps).reason, "steps");
    assert.equal(failureOf(steps).problem.code, "evaluation/steps");
    const time = session.run(refOf(evaluation, "f"), { inputs: {}, limits: { budget: { wallMs: 30 } } });
    assert.equal(failureOf(time).reason, "time");
    cancelFlag[0] = 1;
    const cancelled = session.run(refOf(evaluation, "f"), { inputs: {}, limits: { cancelFlag } });
    assert.equal(failureOf(cancelled).reason, "cancelled");
    assert.equal(run("g").kind, "done");
  });

  it("stops an evaluation at its limits", async () => {
    const { evaluation } = await openPackage("x = [i for i in range(1000000000)]\n", {
      limits: { budget: { steps: 50_000 } },
    });
    assert.equal(evaluation.problems[0]?.code, "evaluation/steps");
    assert.equal(evaluation.problems[0]?.position?.line, 1);
  });
});

describe("interpreting programs over a file", () => {
  it("gives them the SDK, the file's globals and names of one's own", async () => {
    const { session, host } = await openPackage("numbers = [1, 2]\ndef double(x):\n    return 2 * x\n");
    const parser = await testParser();
    const names = ["numbers", "double", "_", "host"];
    const source = "y = [double(n) for n in numbers] + [_]\nprint(y, host.os())\n";
    const resolution = resolve(parser.parse(source).module, { isPredeclared: (name) => names.includes(name) });
    const globals = session.interpret(compile(new SourceFile("<repl>", source), resolution), new Map([["_", 7]]));
    assert.deepEqual([...globals.keys()], ["y"]);
    assert.deepEqual(host.printed, ["[2, 4, 7] linux"]);
  });
});

describe("finding functions", () => {
  const source = { "app/release.ocu.star": 'def f():\n    return done({"n": 1})\ntask(f, "f")\n' };

  it("by the base name of their file, as the public tool records it", async () => {
    const { session } = await openPackage(source, { file: "app/release.ocu.star" });
    assert.equal(session.run({ name: "f", pos: "release.ocu.star:1:1" }, { inputs: {} }).kind, "done");
  });

  it("in a file whose lines have moved", async () => {
    const { session } = await openPackage(source, { file: "app/release.ocu.star" });
    assert.equal(session.run({ name: "f", pos: "app/release.ocu.star:40:1" }, { inputs: {} }).kind, "done");
  });

  it("says which one is missing", async () => {
    const { session } = await openPackage(source, { file: "app/release.ocu.star" });
    const outcome = failureOf(session.run({ name: "g", pos: "app/release.ocu.star:4:1" }, { inputs: {} }));
    assert.equal(outcome.problem.code, "package/unknown-function");
    assert.equal(outcome.message, "the function `g` (app/release.ocu.star:4:1) is not in the file");
  });

  it("tells closures of one lambda apart by the work they belong to", async () => {
    const { session, evaluation } = await openPackage(`
def make(n):
    return lambda: done({"n": n})
[task(make(n), "t{}".format(n)) for n in range(3)]
`);
    const ref = refOf(evaluation, "lambda");
    const outcome = session.run(ref, { inputs: {}, work: "task/t2" });
    assert.deepEqual(outcome.kind === "done" && outcome.outputs, { n: 2 });
    assert.match(failureOf(session.run(ref, { inputs: {} })).message, /several functions/);
  });

  it("goes on at once with one that a run made itself", async () => {
    const { session, evaluation, host } = await openPackage(`
def f(n):
    def after(m, none, default):
        print("after", n, m, none, default)
        return next(lambda: done({"n": n}))
    return next(after, inputs={"m": [n], "none": None, "default": input(default=None)})
task(f, "a", inputs={"n": 0})
`);
    const outcome = session.run(refOf(evaluation, "f"), { inputs: { n: 3 }, work: "task/a" });
    assert.deepEqual(outcome.kind === "done" && outcome.outputs, { n: 3 });
    assert.deepEqual(host.printed, ["after 3 [3] None None"]);
  });

  it("refuses one that a run made itself and would have to be found after a pause", async () => {
    const { run, session } = await openPackage(`
def f():
    def after(ok):
        pass
    return next(after, inputs={"ok": ref("./custom/ok")})
task(f, "a")
`);
    const failure = failureOf(run("f"));
    assert.equal(failure.problem.code, "sdk/not-top-level");
    assert.equal(failure.problem.position?.line, 5);
    assert.match(
      failure.message,
      /^next: `after` \(release\.ocu\.star:3:5\) must be defined at the top level of a file/,
    );
    const nested = failureOf(session.run({ name: "after", pos: "release.ocu.star:3:5" }, { inputs: {} }));
    assert.match(nested.message, /is defined inside another function/);
  });

  it("does not take another lambda for one that is gone", async () => {
    const { session } = await openPackage('task(lambda: done({"n": 1}), "a")\ntask(lambda: done({"n": 2}), "b")\n');
    const gone = { name: "lambda", pos: "release.ocu.star:9:6" };
    assert.equal(failureOf(session.run(gone, { inputs: {}, work: "task/c" })).problem.code, "package/unknown-function");
    const moved = session.run(gone, { inputs: {}, work: "task/b" });
    assert.deepEqual(moved.kind === "done" && moved.outputs, { n: 2 });
  });

  it("of modules", async () => {
    const { run } = await openPackage({
      "release.ocu.star": 'load("lib/a.star", "f")\ntask(f, "f")\n',
      "lib/a.star": 'def f():\n    return done({"pwd": host.pwd()})\n',
    });
    assert.equal(run("f").kind, "done");
  });
});
