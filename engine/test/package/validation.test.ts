import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { openPackage, summary } from "./helpers.ts";

/** Functions that the cases use: a task's, and a deploy's. */
const prelude = `def f():
    return done()
def up(environment):
    return done()
def down(environment):
    return done()
e = environment("staging")
`;

/** [what, the rest of the file (from line 8 on), what is reported]. */
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a name used twice",
    'task(f, name="a")\ncall(f, "a")',
    ["sdk/work-twice 9: the name `a` is used by two pieces of work [the name is used here first: 8]"],
  ],
  [
    "an environment deployed twice",
    "deploy(e, up, down)\ndeploy(environment=e, up=up, down=down)",
    ["sdk/environment-twice 9: the environment `staging` is deployed twice [the environment is used here first: 8]"],
  ],
  [
    "several faults, all of them",
    'task(f, name="a")\ntask(f, name="a")\ntask(f, name="b", inputs={"1x": 1})',
    [
      "sdk/work-twice 9: the name `a` is used by two pieces of work [the name is used here first: 8]",
      'sdk/input-name 10: the input name "1x" must be letters, digits and "_", and must not start with a digit',
    ],
  ],
  [
    "lambdas as up and down",
    "deploy(e, lambda environment: done(), down)",
    [
      "sdk/not-top-level 8: `up` must be a function defined at the top level of a file; this one is a lambda [the function is here: 8]",
    ],
  ],
  [
    "nested functions as up and down",
    "def make():\n    def inner(environment):\n        return done()\n    deploy(e, up, inner)\nmake()",
    [
      "sdk/not-top-level 11: `down` must be a function defined at the top level of a file; this one is defined inside another function [the function is here: 9]",
    ],
  ],
  [
    "an input that is called environment",
    'deploy(e, up, down, inputs={"environment": e})',
    ["sdk/environment-input 8: `environment` is an input of every deploy by itself; it cannot be given"],
  ],
  [
    "an input name that is no string",
    'task(lambda ctx: done(), name="a", inputs={1: 2})',
    ["sdk/input-name 8: the input name 1 is an int, want string"],
  ],
  [
    "an input name with a dash",
    'task(lambda ctx: done(), name="a", inputs={"a-b": 2})',
    ['sdk/input-name 8: the input name "a-b" must be letters, digits and "_", and must not start with a digit'],
  ],
  [
    "a constant that JSON cannot hold",
    'task(lambda ctx: done(), name="a", inputs={"x": {"k": [f]}})',
    ['sdk/not-json 8: input `x`["k"][0] is a function, which JSON cannot hold'],
  ],
  [
    "a default that JSON cannot hold",
    'task(lambda ctx: done(), name="a", inputs={"x": input("./task/b#output", {1: 2})})',
    ["sdk/not-json 8: the default of input `x` has the key 1, an int; JSON keys are strings"],
  ],
  [
    "a constant that contains itself",
    'x = {}\nx["l"] = [x]\ntask(f, name="a", inputs={"x": x})',
    ["sdk/not-json 10: input `x` contains itself, which JSON cannot hold"],
  ],
  ["an input without anything", "input()", ["sdk/empty-input 8: input: give `ref`, `default` or both"]],
  [
    "a parameter without an input",
    'def g(tag, n=1):\n    return done()\ntask(g, name="a", inputs={"tga": 1})',
    [
      "sdk/unknown-parameter 10: `g` (release.ocu.star:8:1) has no parameter for the input `tga`. Did you mean `tag`? [the function is here: 8]",
    ],
  ],
  [
    "an input that is missing, in full",
    'def g(tag, region):\n    return done()\ntask(g, name="a", inputs={"region": 1})',
    [
      "sdk/missing-input 10: `g` (release.ocu.star:8:1) has the parameter `tag`, but there is no input `tag` [the function is here: 8]",
    ],
  ],
  [
    "a deploy whose function does not take the environment",
    "deploy(e, f, down)",
    [
      "sdk/unknown-parameter 8: `f` (release.ocu.star:1:1) has no parameter for the input `environment` [the function is here: 1]",
    ],
  ],
  [
    "environments and work in one file",
    'register_environment(e)\ntask(f, name="a")',
    [
      "sdk/environments-and-work 9: a file either registers environments or declares work; this one does both [an environment is registered here: 8]",
    ],
  ],
  [
    "environments and a phase in one file",
    'phase("x")\nregister_environment(e)',
    [
      "sdk/environments-and-work 8: a file either registers environments or declares work; this one does both [an environment is registered here: 9]",
    ],
  ],
  [
    "an environment registered twice with different attributes",
    'register_environment(e)\nregister_environment(environment("staging", {"a": "b"}))',
    ["sdk/registered-twice 9: the environment `staging` is registered twice [it is registered here first: 8]"],
  ],
  [
    "work in two phases",
    'w = task(f, name="a")\nphase("x", tasks=[w])\nphase("y", tasks=[w])',
    ['sdk/work-in-two-phases 10: task `a` is already part of phase "x" [phase "x" is here: 9]'],
  ],
  [
    "something that is no work in a phase",
    'phase("x", tasks=[task(f, name="a"), f])',
    ['sdk/not-work 8: phase: element 1 of phase "x" is a function, want task(...), call(...) or deploy(...)'],
  ],
  [
    "both work and tasks",
    'phase("x", work=[], tasks=[])',
    ["sdk/repeated-argument 8: phase: `work` and `tasks` mean the same; give one of them"],
  ],
  [
    "an unknown argument",
    'task(f, name="a", input={})',
    ['sdk/unknown-argument 8: task: unexpected keyword argument "input" (did you mean inputs?)'],
  ],
  ["a missing argument", 'task(name="a")', ["sdk/missing-argument 8: task: missing argument for fn"]],
  [
    "an argument given twice",
    'task(f, "a", name="b")',
    ['sdk/repeated-argument 8: task: got multiple values for keyword argument "name"'],
  ],
  [
    "too many arguments",
    "environments(1)",
    ["sdk/too-many-arguments 8: environments: got 1 argument, want no arguments"],
  ],
  ["an argument of a wrong type", "task(f, 1)", ["sdk/wrong-type 8: task: for parameter name: got int, want string"]],
  [
    "a built-in function as work",
    'task(len, "a")',
    ["sdk/wrong-type 8: task: for parameter fn: got builtin_function_or_method, want function"],
  ],
  ["an empty name", 'task(f, "")', ["sdk/work-name 8: task: the name is empty"]],
  [
    "a name that refs cannot hold",
    'call(f, "a#b")',
    ['sdk/work-name 8: call: the name "a#b" has a "#", which a ref cannot hold there'],
  ],
  [
    "a bad environment name",
    'environment("a/b")',
    ['sdk/environment-name 8: environment: the environment name "a/b" may hold only letters, digits, ".", "_" and "-"'],
  ],
  [
    "an environment name that means a folder",
    'environment("..")',
    ['sdk/environment-name 8: environment: the environment name ".." would be read as a folder'],
  ],
  [
    "an attribute that is no string",
    'environment("a", {"b": 1})',
    ['sdk/wrong-type 8: environment: attributes["b"] is an int, want string'],
  ],
  [
    "a setting of the repository",
    'store.set(store.fs("x"))',
    ["sdk/wrong-place 8: `store.fs` works only in `repo.ocu.star`"],
  ],
  ["a runtime error", "x = [][1]", ["evaluation/error 8: index 1 out of range: empty list"]],
  ["fail", 'fail("no", "way")', ["evaluation/fail 8: fail: no way"]],
];

describe("validation of package files", () => {
  for (const [what, rest, expected] of cases) {
    it(`reports ${what}`, async () => {
      const { evaluation } = await openPackage(prelude + rest);
      assert.deepEqual(evaluation.problems.map(summary), expected);
      assert.equal(evaluation.model, undefined);
      for (const { severity } of evaluation.problems) assert.equal(severity, "error");
    });
  }

  it("reports a fault of a call in a loop once, however often it is made", async () => {
    const { evaluation } = await openPackage(
      `${prelude}[task(f, name="t%d" % i, inputs={"x": 1, "y-z": 2}) for i in range(100)]`,
    );
    assert.deepEqual(
      evaluation.problems.map(({ code }) => code).sort(),
      [...new Set(evaluation.problems.map(({ code }) => code))].sort(),
    );
    assert.ok(evaluation.problems.length >= 2);
  });

  it("reports a ref that cannot be read, with its text", async () => {
    const { evaluation } = await openPackage(
      `${prelude}task(lambda ctx: done(), "a", inputs={"x": ref("./tsak/b#output")})`,
    );
    const [problem] = evaluation.problems;
    assert.equal(problem?.code, "refs/syntax");
    assert.equal(problem?.position?.line, 8);
    assert.equal(
      problem?.message,
      '"./tsak/b#output" is not a ref: `tsak` is not a kind of ref; did you mean `task`? (character 3)',
    );
  });

  it("names the innermost place and all calls that led there", async () => {
    const { evaluation } = await openPackage({
      "release.ocu.star": 'load("lib/work.star", "add")\nadd("a")\nadd("a")\n',
      "lib/work.star": "def f():\n    pass\ndef add(name):\n    task(f, name)\n",
    });
    const [problem] = evaluation.problems;
    assert.deepEqual(problem?.position, { file: "lib/work.star", line: 4, column: 9 });
    assert.deepEqual(
      problem?.stack?.map(({ file, line, functionName }) => `${file}:${line} ${functionName}`),
      ["release.ocu.star:3 <toplevel>", "lib/work.star:4 add"],
    );
    assert.deepEqual(problem?.related?.[0]?.position, { file: "lib/work.star", line: 4, column: 9 });
  });

  it("warns of an environment registered twice alike", async () => {
    const { evaluation } = await openPackage(
      'register_environment(environment("a"))\nregister_environment(environment("a"))',
    );
    assert.deepEqual(
      evaluation.problems.map(({ severity }) => severity),
      ["warning"],
    );
    assert.deepEqual(evaluation.model?.registered, [{ name: "a", attributes: {} }]);
  });
});
