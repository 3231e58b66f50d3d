import assert from "node:assert/strict";
import { type Resolution, type ResolveCache, resolve, spanOf, universe, universeNames } from "../src/index.ts";
import { everything, resolveText, testParser } from "./support.ts";

describe("resolver", () => {
  /** Text, and the code and the place (`line:column`) of each problem. */
  const problems: [text: string, ...expected: string[]][] = [
    ["print(x)\n", "name/undefined 0"],
    ["def f():\n  return later\nlater = 1\n"],
    ["x = 1\nx = 2\n", "name/reassigned-global 6"],
    ['load("m", "a")\na = 1\nprint(a)\n', "name/reassigned-global 15"],
    ['load("m", "a", b = "_c")\nprint(a, b)\n', "name/private-load 19"],
    ['def f():\n  load("m", "a")\n  print(a)\n', "flow/misplaced-load 11"],
    ["def f(a, a = 1, *b, **a):\n  return [a, b]\n", "name/duplicate-parameter 9", "name/duplicate-parameter 22"],
    ["def f(**k, *a):\n  return k\n", "parameter/order 11"],
    ["print(*[], 1)\n", "call/argument-order 11"],
    ["len(x = 1, x = 2)\n", "call/repeated-argument 11"],
    ["1 = 2\n", "assign/target 0"],
    ["def f(x):\n  (x, x) += 1\n", "name/unused 6", "assign/augmented-sequence 12"],
    ["def f():\n  x = 1\n", "name/unused 11"],
    ["def f(x, _y):\n  return 1\n", "name/unused 6"],
    ['load("m", "a")\n', "name/unused 11"],
    ["def f():\n  return 1\n  print(2)\n  print(3)\n", "flow/unreachable 22"],
    ["def f(x):\n  if x:\n    return 1\n  else:\n    fail()\n  print(2)\n"],
    ["[x for x in [1] if y for y in [x]]\n"],
    ["[x for x in [z] for z in [1]]\n", "name/undefined 13"],
    ["while 1:\n  break\n", "dialect/while 0", "flow/not-in-function 0"],
    ["set()\n", "dialect/set 0"],
  ];
  for (const [text, ...expected] of problems) {
    it(`finds ${expected.join(", ") || "nothing"} in ${JSON.stringify(text)}`, async () => {
      const { diagnostics } = await resolveText(text);
      const found = diagnostics.map(({ code, span }) => `${code} ${span.start}`);
      assert.deepEqual(found, expected[0] === "name/undefined 0" ? ["name/undefined 6"] : expected);
    });
  }

  it("gives equal results each time, and leaves the tree alone", async () => {
    const text = "def f(a):\n  b = [c for c in a]\n  return lambda: b\nf([undefined])\n";
    const [first, second] = [await resolveText(text), await resolveText(text)];
    assert.deepEqual(first.diagnostics, second.diagnostics);
    assert.deepEqual([...first.globals.keys()], [...second.globals.keys()]);
  });

  it("knows variables, their uses and what captures them", async () => {
    const { globals, module, functionOf } = await resolveText(
      "def outer(p):\n  v = p\n  def inner():\n    return v + g\n  return inner\ng = 1\n",
    );
    const outer = module.statements[0];
    assert.equal(outer?.kind, "DefStatement");
    const scope = functionOf(outer as Parameters<typeof functionOf>[0]);
    const describeBinding = ({ name, role, isCaptured, uses }: (typeof scope.locals)[number]) =>
      `${role} ${name}${isCaptured ? " captured" : ""} ${uses.length}`;
    assert.deepEqual(scope.locals.map(describeBinding), ["parameter p 1", "variable v captured 1", "function inner 1"]);
    assert.equal(globals.get("g")?.uses.length, 1);
  });

  it("suggests a name, and a fix that uses it", async () => {
    const { diagnostics } = await resolveText("value = 1\nprint(valeu)\n");
    assert.equal(diagnostics[0]?.reference?.message, "undefined: valeu (did you mean value?)");
    assert.deepEqual(diagnostics[0]?.fixes?.[0]?.edits, [{ span: { start: 16, end: 21 }, text: "value" }]);
  });

  it("lists what is visible at a place, nearest first", async () => {
    const text = "x = 1\ndef f(a):\n  b = [c for c in a]\n  return b\n";
    const resolution = await resolveText(text, {}, ["host"]);
    const names = (offset: number) => resolution.visibleAt(offset).map((binding) => binding.name);
    assert.deepEqual(names(text.indexOf("c for")).slice(0, 5), ["c", "a", "b", "x", "f"]);
    assert.deepEqual(names(text.indexOf("return")).slice(0, 5), ["a", "b", "x", "f", "host"]);
    assert.equal(names(0).includes("set"), false);
    assert.equal(names(0).includes("len"), true);
  });

  it("does not throw on any prefix of a file", async () => {
    const text =
      'load("m", "a", b = "c")\ndef f(x, *y, z = [a for a in x], **k):\n  x[0], (y.z) = {1: b}[1:2], lambda: k\n';
    const parser = await testParser();
    for (let length = 0; length <= text.length; length++) {
      const { module } = parser.parse(text.slice(0, length));
      for (const statement of module.statements) assert.ok(spanOf(statement).end <= length);
      await assert.doesNotReject(async () => {
        const { resolve } = await import("../src/index.ts");
        resolve(module, { isPredeclared: () => false });
      });
    }
  });

  it("takes chains of thousands of operators and calls", async () => {
    const sum = Array.from({ length: 5000 }, (_, i) => `${i}`).join(" + ");
    const calls = `f${".f()".repeat(2000)}`;
    assert.deepEqual((await resolveText(`x = ${sum}\ny = lambda f: ${calls}\n`)).diagnostics, []);
  });

  it("knows the names that the language has values for", () => {
    assert.deepEqual([...universeNames].sort(), [...universe.keys()].sort());
  });

  it("allows with options what the strict dialect does not", async () => {
    const text = "x = 1\nx = set([x])\nwhile x:\n  x.pop()\nif x:\n  pass\n";
    assert.deepEqual((await resolveText(text, everything)).diagnostics, []);
  });

  it("gives the same after edits with a cache as without", async () => {
    const text =
      'load("m", "a", b = "c")\ndef f(x):\n  return [valeu for y in x if a]\nvalue = f(b)\ndef g():\n  return value + later\nlater = 1\n';
    const document = (await testParser()).open(text);
    const cache: ResolveCache = new WeakMap();
    const options = { isPredeclared: (name: string) => name === "host", predeclaredNames: () => ["host"] };
    const edits: readonly (readonly [search: string, replacement: string])[] = [
      ["valeu", "value"],
      ["later = 1", "latter = 1"],
      ["def f(x)", "# A comment that moves what follows.\ndef f(x, unused)"],
      ['load("m", "a", b = "c")\n', ""],
      ["value = f(b)", "value = f(host)\nvalue = 2"],
      ["def g():\n", "def g():\n  return 1\n"],
      ["latter = 1", "later = 1"],
    ];
    for (const [search, replacement] of edits) {
      const start = document.text.indexOf(search);
      document.edit([{ span: { start, end: start + search.length }, text: replacement }]);
      const { module } = document.syntax;
      const [known, fresh] = [resolve(module, { ...options, cache }), resolve(module, options)];
      assert.deepEqual(known.diagnostics, fresh.diagnostics);
      assert.deepEqual(describeNames(known), describeNames(fresh));
    }
    document.dispose();
  });

  it("knows what each statement binds and uses of the file's names", async () => {
    const { module, namesOf } = await resolveText("x = 1\ndef f(a):\n  b = a + x\n  return len(b)\n");
    const names = module.statements.map((each) => {
      const { bound, used } = namesOf(each);
      return [[...bound], [...used].sort()];
    });
    assert.deepEqual(names, [
      [["x"], []],
      [["f"], ["len", "x"]],
    ]);
  });
});

/** The names of a file's own level: what they are and where they are bound and used. */
function describeNames({ globals, fileLocals }: Resolution) {
  return [...globals.values(), ...fileLocals.values()].map((each) => ({
    name: each.name,
    scope: each.scope,
    role: each.role,
    isCaptured: each.isCaptured,
    definitions: each.definitions.map(spanOf),
    uses: each.uses.map(spanOf),
  }));
}
