import assert from "node:assert/strict";
import { methodTables } from "../src/builtins/attributes.ts";
import {
  BuiltinFunction,
  CancelledError,
  call,
  compile,
  type DialectOptions,
  EvalError,
  execute,
  Failure,
  fromJson,
  List,
  methodDocs,
  type Program,
  resolve,
  SourceFile,
  StarlarkFunction,
  Thread,
  type ThreadOptions,
  toJson,
  universe,
  universeDocs,
  type Value,
} from "../src/index.ts";
import { everything, runText, testParser } from "./support.ts";

async function compileText(text: string, dialect: DialectOptions = {}, predeclared: string[] = []): Promise<Program> {
  const file = new SourceFile("test.star", text);
  const { module, diagnostics } = (await testParser()).parse(text);
  const resolution = resolve(module, { dialect, file, isPredeclared: (name) => predeclared.includes(name) });
  const errors = [...diagnostics, ...resolution.diagnostics].filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
  return compile(file, resolution, { recursion: dialect.recursion ?? false });
}

async function failureOf(text: string, options: ThreadOptions, dialect = everything): Promise<EvalError> {
  const program = await compileText(text, dialect);
  try {
    execute(program, new Thread(options), new Map());
  } catch (error) {
    assert.ok(error instanceof EvalError);
    return error;
  }
  throw new Error("did not fail");
}

describe("evaluation", () => {
  it("ends when the steps are used up", async () => {
    for (const text of ["while True:\n  pass\n", "def f():\n  return f()\nf()\n", "[0 for x in range(1 << 50)]\n"]) {
      const error = await failureOf(text, { budget: { steps: 1000 } });
      assert.equal(error.reason, "steps", `${text} ${error.message}`);
      assert.match(error.message, /too many steps/);
    }
  });

  it("ends when the time is used up, and when it is cancelled", async () => {
    const endless = "while True:\n  pass\n";
    assert.equal((await failureOf(endless, { budget: { wallMs: 20 } })).reason, "time");
    const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
    cancelFlag[0] = 1;
    const error = await failureOf(endless, { cancelFlag });
    assert.ok(error instanceof CancelledError);
    assert.equal(error.reason, "cancelled");
  });

  it("ends when memory grows too much", async () => {
    const text = "x = []\nwhile True:\n  x.append([1, 2, 3])\n";
    assert.equal((await failureOf(text, { budget: { memory: 30_000_000 } })).reason, "memory");
  });

  it("cannot be kept alive by catching", async () => {
    const { failure } = await runText("def f():\n  while True:\n    pass\ncatch(lambda: 1)\n", everything);
    assert.equal(failure, undefined);
  });

  it("refuses what is too large instead of dying", async () => {
    for (const text of ['"a" * (1 << 30)', "[0] * (1 << 30)", "1 << 600"]) {
      const { failure } = await runText(`x = ${text}\n`);
      assert.match(failure?.error ?? "", /excessive repeat|too large/);
    }
  });

  it("refuses sequences that could not be held, whoever makes them", async () => {
    const huge = "range(1 << 40)";
    const made = [`list(${huge})`, `tuple(${huge})`, `sorted(${huge})`, `reversed(${huge})`, `enumerate(${huge})`];
    for (const text of [...made, `set(${huge})`, `[].extend(${huge})`, `bytes([0] * (1 << 40))`]) {
      const { failure } = await runText(`x = ${text}\n`, everything);
      assert.match(failure?.error ?? "", /too many elements|excessive repeat|too large/, text);
    }
    const doubling = "def f():\n  x = [1]\n  for _ in range(40):\n    x.extend(x)\nf()\n";
    assert.match((await runText(doubling, everything)).failure?.error ?? "", /too many elements|too much memory/);
  }).timeout(20_000);

  it("looks at its limits within built-in functions", async () => {
    const huge = "range(1 << 40)";
    for (const text of [`max(${huge})`, `min(${huge})`, `all(range(1, 1 << 40))`]) {
      const failure = await failureOf(`x = ${text}\n`, { budget: { wallMs: 50 } });
      assert.equal(failure.reason, "time", text);
    }
    const pairs = await failureOf(`x = zip(${huge}, ${huge})\n`, { budget: { memory: 30_000_000 } });
    assert.equal(pairs.reason, "memory");
  }).timeout(20_000);

  it("sorts by numbers of any size, stably in both directions", async () => {
    const { failure, output } = await runText(
      [
        "words = ['bb', 'a', 'cc', 'd', '', 'ee']",
        "print(sorted(words, key = len), sorted(words, key = len, reverse = True))",
        "print(sorted([3, -1, 2, -1]), sorted([3, -1, 2], reverse = True), sorted(['é', 'z', 'a'], reverse = True))",
        "big = [1 << 60, 5, -(1 << 52), (1 << 53) - 1, 1.5]",
        "print(sorted(big), sorted(big, key = lambda x: -x))",
        "print(sorted([(1 << 53) - 1, 0, -(1 << 53) + 1], key = lambda x: x), sorted([], key = len))",
      ].join("\n"),
      everything,
    );
    assert.equal(failure, undefined);
    assert.deepEqual(output, [
      '["", "a", "d", "bb", "cc", "ee"] ["bb", "cc", "ee", "a", "d", ""]',
      '[-1, -1, 2, 3] [3, 2, -1] ["é", "z", "a"]',
      "[-4503599627370496, 1.5, 5, 9007199254740991, 1152921504606846976] [1152921504606846976, 9007199254740991, 5, 1.5, -4503599627370496]",
      "[-9007199254740991, 0, 9007199254740991] []",
    ]);
  }).timeout(60_000);

  it("keeps dicts apart that share their keys, and keeps the order of keys", async () => {
    const { failure, output } = await runText(
      [
        "def make(i): return {'a': i, 'b': [i]}",
        "x, y = make(1), make(2)",
        "x['c'] = 3",
        "y['b'].append(9)",
        "y.pop('a')",
        "y['a'] = 0",
        "print(x, y, make(3), x == make(1), make(4) == {'b': [4], 'a': 4})",
        "d = {}",
        "for k in 'abcdefghijkl'.elems(): d[k] = k",
        "d[1] = 2",
        "print(d.keys(), len(d | {'a': 1}))",
        "e = {'q': 1}",
        "e.update(x)",
        "e.clear()",
        "e[(1,)] = 1",
        'print(e, x, json.encode(x), json.decode(\'{"b": 1, "a": {"b": 2}, "b": 3}\'))',
        'print(json.decode(\'[{"a\\\\u0062": 1}, {"a\\\\u0062": 2}, {"ab" : 3}, {"abc": 4}, {}]\'))',
      ].join("\n"),
      everything,
    );
    assert.equal(failure, undefined);
    assert.deepEqual(output, [
      '{"a": 1, "b": [1], "c": 3} {"b": [2, 9], "a": 0} {"a": 3, "b": [3]} False True',
      '["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", 1] 13',
      '{(1,): 1} {"a": 1, "b": [1], "c": 3} {"a":1,"b":[1],"c":3} {"b": 3, "a": {"b": 2}}',
      '[{"ab": 1}, {"ab": 2}, {"ab": 3}, {"abc": 4}, {}]',
    ]);
  });

  it("runs a program that was cloned, as for a worker", async () => {
    const program = structuredClone(await compileText("def f(x, y = 2.5):\n  return [x, y, b'z'][x]\nr = f(1)\n"));
    const { globals } = execute(program, new Thread({}), new Map());
    assert.equal(toJson(globals.get("r") as Value), 2.5);
  });

  it("describes functions", async () => {
    const text = 'def f(a, b = 1, *args, c, **kw):\n  """What it does."""\n  return lambda: a\n';
    const { globals } = execute(await compileText(text), new Thread({}), new Map());
    const f = globals.get("f");
    assert.ok(f instanceof StarlarkFunction);
    assert.deepEqual(f.position, { file: "test.star", line: 1, column: 1 });
    assert.equal(
      f.parameters.map(({ name, kind, hasDefault }) => `${name} ${kind} ${hasDefault}`).join(", "),
      "a positional false, b positional true, args args false, c keywordOnly false, kw kwargs false",
    );
    assert.equal(f.doc, "What it does.");
    assert.deepEqual([f.isTopLevel, f.isLambda], [true, false]);
    const thread = new Thread({});
    const inner = call(thread, f, [1], [["c", 2]]);
    assert.ok(inner instanceof StarlarkFunction);
    assert.deepEqual([inner.isTopLevel, inner.isLambda, call(thread, inner, [])], [false, true, 1]);
  });

  it("says where it failed, with the calls that led there", async () => {
    const error = await failureOf("def f(x):\n  return sorted(x, key = g)\ndef g(x):\n  return x.y\nf([1])\n", {});
    assert.deepEqual(
      error.frames.map(({ functionName, line, column }) => `${functionName} ${line}:${column}`),
      ["<toplevel> 5:2", "f 2:16", "g 4:11"].map((text) => text.replace("4:11", "4:11")),
    );
    assert.equal(error.builtin, undefined);
    assert.match(error.traceback(), /^Traceback \(most recent call last\):\n {2}test.star:5:2: in <toplevel>\n/);
    const inBuiltin = await failureOf("len(1)\n", {});
    assert.equal(inBuiltin.traceback().split("\n").at(-1), "Error in len: len: value of type int has no len");
  });

  it("lets a host function catch an error and go on", async () => {
    const attempt = new BuiltinFunction("attempt", (thread, args) => {
      assert.deepEqual(
        thread.callStack().map((frame) => frame.line),
        [4],
      );
      try {
        return call(thread, args[0] as Value, []);
      } catch (error) {
        assert.ok(error instanceof EvalError);
        assert.deepEqual(
          error.frames.map((frame) => frame.line),
          [4, 2],
        );
        return "caught";
      }
    });
    const text = "def f():\n  return [][0]\n\nr = attempt(f)\ns = len(1)\n";
    const program = await compileText(text, {}, ["attempt"]);
    assert.throws(
      () => execute(program, new Thread({}), new Map([["attempt", attempt]])),
      (error: unknown) => error instanceof EvalError && error.frames[0]?.line === 5 && error.builtin === "len",
    );
  });

  it("tells errors of host functions from errors of the program", async () => {
    const program = await compileText("broken()\n", {}, ["broken"]);
    const run = (implementation: () => never) =>
      execute(program, new Thread({}), new Map([["broken", new BuiltinFunction("broken", implementation)]]));
    assert.throws(
      () =>
        run(() => {
          throw new TypeError("oops");
        }),
      (error: unknown) => error instanceof EvalError && error.isInternal && error.cause instanceof TypeError,
    );
    assert.throws(
      () =>
        run(() => {
          throw new Failure("no");
        }),
      (error: unknown) => error instanceof EvalError && !error.isInternal && error.message === "no",
    );
  });

  it("converts data from and to JSON", () => {
    const data = { a: [1, 2.5, "é", null, true], b: { c: 12345678901234567890n } };
    assert.deepEqual(toJson(fromJson(data)), data);
    const list = new List([]);
    list.elements.push(list);
    assert.throws(() => toJson(list), /cycle/);
  });

  it("takes deep and long expressions", async () => {
    const sum = Array.from({ length: 5000 }, () => "1").join(" + ");
    const nested = `${"[".repeat(60)}${"]".repeat(60)}`;
    const { failure } = await runText(`eq(${sum}, 5000)\neq(str(${nested}), "${nested}")\n`);
    assert.equal(failure?.trace, undefined);
  });

  it("loads modules once, names cycles, and says what is missing", async () => {
    const loads = {
      "a.star": 'load("b.star", "b")\nvalue = b + 1\nprint("a")\n',
      "b.star": "b = 1\n",
      "c.star": 'load("c.star", "x")\n',
    };
    const good = await runText(
      'load("a.star", a = "value")\nload("a.star", again = "value")\neq(a, again)\n',
      {},
      loads,
    );
    assert.deepEqual([good.failure, good.output], [undefined, ["a"]]);
    const errors = await Promise.all(
      ['load("a.star", "valeu")\n', 'load("c.star", "x")\n', 'load("d.star", "x")\n'].map((text) =>
        runText(text, {}, loads),
      ),
    );
    assert.deepEqual(
      errors.map(({ failure }) => failure?.error),
      [
        "test.star:1:1: load: name valeu not found in module a.star (did you mean value?)",
        "test.star:1:1: cannot load c.star: cannot load c.star: cycle in load graph",
        "test.star:1:1: cannot load d.star: open d.star: no such file or directory",
      ],
    );
  });
});

describe("documentation", () => {
  it("covers every built-in name and method", () => {
    assert.deepEqual([...universeDocs.keys()].sort(), [...universe.keys()].sort());
    for (const [type, methods] of Object.entries(methodTables)) {
      assert.deepEqual([...(methodDocs[type]?.keys() ?? [])].sort(), [...methods.keys()].sort());
    }
    for (const { doc } of universeDocs.values()) assert.match(doc, /\.$|…$/);
  });
});
