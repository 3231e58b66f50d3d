/** For each diagnostic the wrong form, which gives exactly it, and the right form, which gives nothing. */
export interface DiagnosticCase {
  readonly code: string;
  readonly wrong: string;
  readonly right: string;
  /** Name of the file; a package file when left out. */
  readonly main?: string;
  /** Other files of the repository. */
  readonly files?: Readonly<Record<string, string>>;
  /** Environments in state; state is not known when left out. */
  readonly environments?: readonly string[];
  /** What stands there besides, in both forms, left out on the page. */
  readonly before?: string;
  readonly after?: string;
}

const build = 'def build():\n    return done(outputs={"tag": "v1"})\n\ntask(build, name="build")\n\n';
const use = "def use(x):\n    print(x)\n\n";
const updown = "def up(environment):\n    return done()\n\ndef down(environment):\n    return done()\n\n";
const lib = { "lib.star": "def make():\n    return 1\n\n_own = 1\n" };
const f = "def f(a, b=1):\n    print(a, b)\n\n";
/** Put together here, so that this file holds none itself. */
const token = `ghp_${"a1".repeat(18)}`;

const syntax: readonly (readonly [code: string, wrong: string, right: string])[] = [
  ["missing-comma", "x = [1 2]", "x = [1, 2]"],
  ["missing-colon", "def f()\n    pass", "def f():\n    pass"],
  ["missing-block", "def f():\nx = 1", "def f():\n    pass\n\nx = 1"],
  ["missing-expression", "x =", "x = 1"],
  ["missing-name", "def ():\n    pass", "def f():\n    pass"],
  ["missing-else", "x = 1 if True", "x = 1 if True else 2"],
  ["missing-in", "x = [i for i [1]]", "x = [i for i in [1]]"],
  ["unclosed-bracket", "x = [1, 2\n\ny = 3", "x = [1, 2]\n\ny = 3"],
  ["mismatched-bracket", "x = (1, 2]", "x = (1, 2)"],
  ["unexpected-bracket", "x = 1)", "x = 1"],
  ["unclosed-string", 'x = "a', 'x = "a"'],
  ["invalid-escape", 'x = "\\d"', 'x = "\\\\d"'],
  ["invalid-number", "x = 1e", "x = 1e5"],
  ["octal-literal", "x = 0755", "x = 0o755"],
  ["unexpected-character", "x = 1 ?", "x = 1"],
  ["stray-backslash", "x = 1 + \\ 2", "x = 1 + \\\n    2"],
  ["unexpected-indent", "x = 1\n    y = 2", "x = 1\ny = 2"],
  ["inconsistent-dedent", "def f():\n        x = 1\n    print(x)", "def f():\n    x = 1\n    print(x)"],
  ["unexpected-token", "x = 1 2", "x = 12"],
  [
    "else-without-if",
    "def f():\n    pass\nelse:\n    pass",
    "def f():\n    if 1:\n        pass\n    else:\n        pass",
  ],
  [
    "else-if",
    "def f(a):\n    if a:\n        pass\n    else if not a:\n        pass",
    "def f(a):\n    if a:\n        pass\n    elif not a:\n        pass",
  ],
  ["reserved-word", "def if():\n    pass", "def when():\n    pass"],
  ["keyword-argument", 'x = dict("a" = 1)', "x = dict(a = 1)"],
  ["trailing-comma", "x = 1,", "x = (1,)"],
  ["assignment-in-condition", "def f(a):\n    if a = 1:\n        pass", "def f(a):\n    if a == 1:\n        pass"],
  ["chained-assignment", "x = y = 1", "x = 1\ny = 1"],
  ["load-arguments", 'load("lib.star", make)', 'load("lib.star", "make")\nx = make()'],
  ["load-empty", 'load("lib.star")', 'load("lib.star", "make")\nx = make()'],
  ["set-display", "x = {1, 2}", "x = [1, 2]"],
  ["power-operator", "x = 2 ** 3", "x = 2 * 2 * 2"],
  ["not-equal", "x = 1 <> 2", "x = 1 != 2"],
  ["increment", "def f(a):\n    a++", "def f(a):\n    a += 1"],
  ["logical-operator", "x = True && False", "x = True and False"],
  ["print-statement", 'print "a"', 'print("a")'],
  ["string-prefix", 'x = u"a"', 'x = "a"'],
  ["python-class", "class A:\n    pass", 'def a():\n    return struct(name="a")'],
  ["python-import", "import os", "x = host.os()"],
  [
    "python-try",
    "def f():\n    try:\n        pass\n    except:\n        pass",
    'def f():\n    host.shell("x", continue_on_error=True)',
  ],
  ["python-is", "x = 1 is None", "x = 1 == None"],
  ["python-fstring", 'y = 1\nx = f"{y}"', 'y = 1\nx = "{}".format(y)'],
  ["python-with", 'def f():\n    with open("a") as b:\n        pass', 'def f():\n    return host.read_file("a")'],
  ["python-decorator", "@a\ndef f():\n    pass", "def f():\n    pass"],
  ["python-yield", "def f():\n    yield 1", "def f():\n    return [1]"],
  ["python-async", "async def f():\n    pass", "def f():\n    pass"],
  ["python-raise", 'def f():\n    raise "no"', 'def f():\n    fail("no")'],
  ["python-assert", "def f(a):\n    assert a", 'def f(a):\n    if not a:\n        fail("no")'],
  ["python-del", "def f(a):\n    del a[0]", "def f(a):\n    a.pop(0)"],
  ["python-global", "def f():\n    global x", "x = 1"],
  ["python-walrus", "def f(a):\n    if (n := a):\n        pass", "def f(a):\n    n = a\n    if n:\n        pass"],
  ["python-annotation", "def f(a: int):\n    print(a)", "def f(a):\n    print(a)"],
  ["python-chained-comparison", "x = 1 < 2 < 3", "x = 1 < 2 and 2 < 3"],
  ["python-star-target", "a, *b = [1, 2]", "a, b = [1, 2]"],
  ["python-generator", "x = sorted(i for i in [1])", "x = sorted([i for i in [1]])"],
];

const names: readonly DiagnosticCase[] = [
  { code: "name/undefined", wrong: "version = 1\nx = versoin", right: "version = 1\nx = version" },
  { code: "name/reassigned-global", wrong: "x = 1\nx = 2", right: "x = 1\ny = 2" },
  { code: "name/duplicate-parameter", wrong: "def f(a, a):\n    print(a)", right: "def f(a, b):\n    print(a, b)" },
  { code: "name/empty-load", files: lib, wrong: 'load("lib.star", "")', right: 'load("lib.star", "make")\nx = make()' },
  {
    code: "name/private-load",
    files: lib,
    wrong: 'load("lib.star", "_own")\nx = _own',
    right: 'load("lib.star", "make")\nx = make()',
  },
  { code: "name/unused", wrong: "def f():\n    x = 1", right: "def f():\n    x = 1\n    return x" },
  { code: "parameter/order", wrong: "def f(a=1, b):\n    print(a, b)", right: "def f(b, a=1):\n    print(a, b)" },
  { code: "parameter/bare-star", wrong: "def f(a, *):\n    print(a)", right: "def f(*, a):\n    print(a)" },
  { code: "call/argument-order", wrong: "x = dict(a=1, [])", right: "x = dict([], a=1)" },
  { code: "assign/target", wrong: "f() = 1\ndef f():\n    pass", right: "x = 1\ndef f():\n    pass" },
  {
    code: "assign/augmented-sequence",
    wrong: "def f(a, b):\n    (a, b) += [1]",
    right: "def f(a):\n    a += [1]",
  },
  { code: "flow/not-in-function", wrong: "return 1", right: "def f():\n    return 1" },
  { code: "flow/not-in-loop", wrong: "def f():\n    break", right: "def f():\n    for x in [1]:\n        break" },
  {
    code: "flow/misplaced-load",
    files: lib,
    wrong: 'def f():\n    load("lib.star", "make")\n    return make()',
    right: 'load("lib.star", "make")\nx = make()',
  },
  {
    code: "flow/unreachable",
    wrong: "def f():\n    return 1\n    print(2)",
    right: "def f():\n    print(2)\n    return 1",
  },
  {
    code: "dialect/while",
    wrong: "def f():\n    while True:\n        pass",
    right: "def f():\n    for _ in range(9):\n        pass",
  },
  { code: "dialect/set", wrong: "x = set([1])", right: "x = {1: True}" },
];

const calls: readonly DiagnosticCase[] = [
  { code: "call/too-many-arguments", before: f, wrong: "f(1, 2, 3)", right: "f(1, 2)" },
  { code: "call/unknown-argument", before: f, wrong: "f(1, c=2)", right: "f(1, b=2)" },
  { code: "call/missing-argument", before: f, wrong: "f(b=2)", right: "f(1, b=2)" },
  { code: "call/repeated-argument", before: f, wrong: "f(1, a=2)", right: "f(1, b=2)" },
  {
    code: "load/path",
    files: lib,
    wrong: 'load("//lib.star", "make")\nx = make()',
    right: 'load("lib.star", "make")\nx = make()',
  },
  {
    code: "load/missing-file",
    files: lib,
    wrong: 'load("lbi.star", "make")\nx = make()',
    right: 'load("lib.star", "make")\nx = make()',
  },
  {
    code: "load/missing-symbol",
    files: lib,
    wrong: 'load("lib.star", "mkae")\nx = mkae()',
    right: 'load("lib.star", "make")\nx = make()',
  },
  {
    code: "load/outside-repository",
    files: lib,
    wrong: 'load("../lib.star", "make")\nx = make()',
    right: 'load("lib.star", "make")\nx = make()',
  },
  {
    code: "load/cycle",
    main: "a.star",
    files: { "b.star": 'load("a.star", "x")\ny = x\n' },
    wrong: 'load("b.star", "y")\nx = y',
    right: "x = 1",
  },
];

const sdk: readonly DiagnosticCase[] = [
  { code: "sdk/unknown-version", wrong: 'ocuroot("9.9.9")', right: 'ocuroot("0.3.0")' },
  { code: "sdk/version-place", wrong: 'def f():\n    ocuroot("0.3.0")', right: 'ocuroot("0.3.0")' },
  {
    code: "sdk/unknown-argument",
    before: build,
    wrong: 'task(build, name="b", inptus={})',
    right: 'task(build, name="b", inputs={})',
  },
  { code: "sdk/missing-argument", before: build, wrong: "task(build)", right: 'task(build, name="b")' },
  { code: "sdk/repeated-argument", wrong: 'phase("p", work=[], tasks=[])', right: 'phase("p", tasks=[])' },
  { code: "sdk/too-many-arguments", wrong: "x = environments(1)", right: "x = environments()" },
  { code: "sdk/wrong-type", before: build, wrong: "task(build, name=3)", right: 'task(build, name="3")' },
  { code: "sdk/unknown-member", wrong: 'host.shel("ls")', right: 'host.shell("ls")' },
  { code: "sdk/wrong-place", wrong: 'repo_alias("shop")', right: 'ocuroot("0.3.0")' },
  { code: "sdk/work-twice", before: build, wrong: 'task(build, name="build")', right: 'task(build, name="again")' },
  {
    code: "sdk/environment-twice",
    before: updown,
    wrong: 'deploy(environment("eu"), up, down)\ndeploy(environment("eu"), up, down)',
    right: 'deploy(environment("eu"), up, down)\ndeploy(environment("us"), up, down)',
  },
  {
    code: "sdk/environments-and-work",
    before: "def build():\n    return done()\n\n",
    wrong: 'register_environment(environment("eu"))\ntask(build, name="build")',
    right: 'task(build, name="build")',
  },
  {
    code: "sdk/not-top-level",
    before: updown,
    wrong: 'deploy(environment("eu"), lambda environment: done(), down)',
    right: 'deploy(environment("eu"), up, down)',
  },
  { code: "sdk/empty-input", wrong: "x = input()", right: "x = input(default=1)" },
  {
    code: "sdk/input-name",
    before: "def use(**inputs):\n    print(inputs)\n\n",
    wrong: 'task(use, name="u", inputs={"a b": 1})',
    right: 'task(use, name="u", inputs={"a_b": 1})',
  },
  {
    code: "sdk/environment-name",
    wrong: 'register_environment(environment("a b"))',
    right: 'register_environment(environment("a-b"))',
  },
  {
    code: "sdk/environment-input",
    before: updown,
    wrong: 'deploy(environment("eu"), up, down, inputs={"environment": 1})',
    right: 'deploy(environment("eu"), up, down)',
  },
  {
    code: "sdk/bad-tag",
    wrong: 'def f():\n    return done(tags=["r12"])',
    right: 'def f():\n    return done(tags=["v12"])',
  },
  { code: "sdk/unused-result", wrong: "def f():\n    done()", right: "def f():\n    return done()" },
  {
    code: "sdk/unknown-input",
    wrong: 'def f(ctx):\n    print(ctx.inputs.tga)\n\ntask(f, name="f", inputs={"tag": 1})',
    right: 'def f(ctx):\n    print(ctx.inputs.tag)\n\ntask(f, name="f", inputs={"tag": 1})',
  },
  {
    code: "sdk/unknown-parameter",
    wrong: 'def f(tag):\n    print(tag)\n\ntask(f, name="f", inputs={"tag": 1, "size": 2})',
    right: 'def f(tag, size):\n    print(tag, size)\n\ntask(f, name="f", inputs={"tag": 1, "size": 2})',
  },
  {
    code: "sdk/missing-input",
    wrong: 'def f(tag):\n    print(tag)\n\ntask(f, name="f")',
    right: 'def f(tag):\n    print(tag)\n\ntask(f, name="f", inputs={"tag": 1})',
  },
];

const refs: readonly DiagnosticCase[] = [
  {
    code: "refs/syntax",
    before: build + use,
    wrong: 'task(use, name="u", inputs={"x": ref("./task/bu=ild")})',
    right: 'task(use, name="u", inputs={"x": ref("./task/build")})',
  },
  {
    code: "refs/unknown-kind",
    before: build + use,
    wrong: 'task(use, name="u", inputs={"x": ref("./tsak/build")})',
    right: 'task(use, name="u", inputs={"x": ref("./task/build")})',
  },
  {
    code: "refs/unknown-file",
    before: use,
    files: { "api.ocu.star": build },
    wrong: 'task(use, name="u", inputs={"x": ref("./-/apo.ocu.star/@/task/build")})',
    right: 'task(use, name="u", inputs={"x": ref("./-/api.ocu.star/@/task/build")})',
  },
  {
    code: "refs/unknown-task",
    before: build + use,
    wrong: 'task(use, name="u", inputs={"x": ref("./task/biuld")})',
    right: 'task(use, name="u", inputs={"x": ref("./task/build")})',
  },
  {
    code: "refs/unknown-environment",
    environments: ["eu"],
    before: use,
    wrong: 'task(use, name="u", inputs={"x": ref("@/environment/us")})',
    right: 'task(use, name="u", inputs={"x": ref("@/environment/eu")})',
  },
  {
    code: "refs/unknown-output",
    before: build + use,
    wrong: 'task(use, name="u", inputs={"x": ref("./task/build#output/tga")})',
    right: 'task(use, name="u", inputs={"x": ref("./task/build#output/tag")})',
  },
  {
    code: "refs/later-phase",
    before: use,
    wrong: `task(use, name="u", inputs={"x": ref("./task/build")})\n\n${build.trimEnd()}`,
    right: `${build}task(use, name="u", inputs={"x": ref("./task/build")})`,
  },
  {
    code: "refs/self",
    before: use,
    wrong: 'task(use, name="u", inputs={"x": ref("./task/u")})',
    right: 'task(use, name="u", inputs={"x": input(ref="./@/task/u", default=0)})',
  },
  {
    code: "refs/first-release",
    before: use,
    wrong: 'task(use, name="u", inputs={"x": input(ref="./@/task/u")})',
    right: 'task(use, name="u", inputs={"x": input(ref="./@/task/u", default=0)})',
  },
  {
    code: "refs/cycle",
    before: use,
    files: { "b.ocu.star": `${use}task(use, name="b", inputs={"x": ref("./-/release.ocu.star/@/task/a")})\n` },
    wrong: 'task(use, name="a", inputs={"x": ref("./-/b.ocu.star/@/task/b")})',
    right: 'task(use, name="a", inputs={"x": input(ref="./-/b.ocu.star/@/task/b", default=0)})',
  },
  {
    code: "refs/not-set",
    environments: ["eu"],
    before: use,
    wrong: 'task(use, name="u", inputs={"x": ref("@/custom/approved")})',
    right: 'task(use, name="u", inputs={"x": input(ref="@/custom/approved", default=False)})',
  },
];

const others: readonly DiagnosticCase[] = [
  {
    code: "shell/syntax",
    wrong: 'host.shell("docker build . &&")',
    right: 'host.shell("docker build . && docker push x")',
  },
  {
    code: "shell/missing-script",
    files: { "deploy.sh": "" },
    wrong: 'host.shell("./deplyo.sh {}".format(1))',
    right: 'host.shell("./deploy.sh {}".format(1))',
  },
  {
    code: "flow/unfinished",
    wrong: 'def f():\n    if host.os() == "linux":\n        return done()\n\ntask(f, name="f")',
    right:
      'def f():\n    if host.os() == "linux":\n        return done()\n    fail("only on linux")\n\ntask(f, name="f")',
  },
  { code: "secrets/literal", wrong: `token = "${token}"`, right: 'token = secret(host.env()["TOKEN"])' },
  {
    code: "secrets/unmasked",
    wrong: 'token = host.env()["DEPLOY_TOKEN"]',
    right: 'token = secret(host.env()["DEPLOY_TOKEN"])',
  },
];

export const diagnosticCases: readonly DiagnosticCase[] = [
  ...syntax.map(([name, wrong, right]) => ({ code: `syntax/${name}`, files: lib, wrong, right })),
  ...names,
  ...calls,
  ...sdk,
  ...refs,
  ...others,
];
