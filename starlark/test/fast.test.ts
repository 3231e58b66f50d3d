/** The short ways that compiled code and methods take must lead where the long ones do. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { methodTables } from "../src/builtins/attributes.ts";
import { splitWhole } from "../src/builtins/splitting.ts";
import { shortMethods } from "../src/compile/methodCalls.ts";
import { multiplyModulo } from "../src/values/ints.ts";
import { everything, type Outcome, runText } from "./support.ts";

function run(...lines: string[]): Promise<Outcome> {
  return runText(`${lines.join("\n")}\n`, everything);
}

async function printedBy(...lines: string[]): Promise<string[]> {
  const { output, failure } = await run(...lines);
  assert.equal(failure, undefined);
  return output;
}

describe("short ways", () => {
  it("to the remainder of a product agree with exact arithmetic, or leave it to that", () => {
    const size = fc.integer({ min: 1, max: 53 }).chain((bits) => fc.maxSafeNat().map((n) => n % 2 ** bits));
    const int = fc.tuple(size, fc.boolean()).map(([n, isNegative]) => (isNegative ? 0 - n : n));
    let taken = 0;
    fc.assert(
      fc.property(int, int, size, size, (a, b, c, m) => {
        fc.pre(m > 0);
        const result = multiplyModulo(a, b, c, m);
        if (result === -1) return;
        taken++;
        assert.equal(BigInt(result), (BigInt(a) * BigInt(b) + BigInt(c)) % BigInt(m));
      }),
      { numRuns: 5000 },
    );
    assert.ok(taken > 500, `${taken}`);
  });

  it("to the remainder of a product are taken for small ints only", async () => {
    const printed = await printedBy(
      "def f(x, y):",
      "  return [(x * y + 12345) % 2147483648, x * y % 7, (x * 3 + 1) % y]",
      "print(f(9007199254740991, 9007199254740991), f(-5, 3), f(1 << 80, 1 << 90), f(1.5, 2))",
    );
    assert.deepEqual(printed, [
      "[12346, 2, 1] [12330, 6, 1] [12345, 4, 3626777458843887524118529] [12348.0, 3.0, 1.5]",
    ]);
    const { failure } = await run("def f(x):", "  return (x * 3 + 1) % 5", 'f("ab")');
    assert.match(failure?.trace ?? "", /test\.star:2:17: in f\nError: unknown binary op: string \+ int$/);
  });

  it("of calls bind defaults and keywords, and evaluate arguments in their order", async () => {
    const printed = await printedBy(
      "def add(a, b = 2, *, c = [3], d = 'd'):",
      "  return [a, b, c, d]",
      "def main(log):",
      "  def note(x):",
      "    log.append(x)",
      "    return x",
      "  return [add(note(1), c = note(2), b = note(3)), add(b = note(4), a = note(5)), add(note(6), d = note(7))], log",
      "print(main([]))",
      "print([add(i, c = [j for j in range(i)]) for i in range(3)])",
    );
    assert.deepEqual(printed, [
      '([[1, 3, 2, "d"], [5, 4, [3], "d"], [6, 2, [3], 7]], [1, 2, 3, 4, 5, 6, 7])',
      '[[0, 2, [], "d"], [1, 2, [0], "d"], [2, 2, [0, 1], "d"]]',
    ]);
  });

  it("of calls are those of the function that a name stands for at the time", async () => {
    const printed = await printedBy(
      "def f(a, b = 1):",
      "  return ('first', a, b)",
      "def call():",
      "  return f(1), f(b = 2, a = 3)",
      "print(call())",
      "def f(b, a = 5):",
      "  return ('second', a, b)",
      "print(call())",
      "f = lambda a, b = 7: ('third', a, b)",
      "print(call())",
    );
    assert.deepEqual(printed, [
      '(("first", 1, 1), ("first", 3, 2))',
      '(("second", 5, 1), ("second", 3, 2))',
      '(("third", 1, 7), ("third", 3, 2))',
    ]);
  });

  it("of calls leave to the long one what does not bind", async () => {
    const def = "def f(a, b = 1, *, c = 2):\n  return a";
    const messages = {
      "f()": "function f missing 1 argument (a)",
      "f(1, 2, 3)": "function f accepts at most 2 positional arguments (3 given)",
      "f(1, a = 2)": 'function f got multiple values for parameter "a"',
      "f(1, d = 2)": 'function f got an unexpected keyword argument "d"',
    };
    for (const [call, message] of Object.entries(messages)) {
      const { failure } = await run(def, call);
      assert.equal(failure?.error.replace(/^test\.star:\d+:\d+: /, ""), message);
    }
  });

  it("of methods end where an argument is not what they take, or the value must not change", async () => {
    const printed = await printedBy(
      "def failure(f):",
      "  return catch(f)",
      "x = [1]",
      "def append():",
      "  for _ in x: x.append(2)",
      "print(failure(append), x, failure(lambda: x.append()), failure(lambda: x.append(1, 2)))",
      "d = {'a': 1}",
      "print(failure(lambda: d.get([])), d.get('b'), d.get('b', 2), d.get(1.0), d.pop('a', None), d.pop('a', 3), d)",
      "print(failure(lambda: {}.pop('a')), failure(lambda: 'a'.find(1)), failure(lambda: 'a'.join([1])))",
      "print('a b'.split(), ' a '.strip(), 'é '.strip(), 'abab'.count('ab'), 'abab'.count(''), 'aXa'.replace('a', '$&'))",
      "print('ab'.replace('', '-'), 'a,b'.split(','), failure(lambda: 'a'.split('')), failure(lambda: 'x'.nope()))",
    );
    assert.deepEqual(printed, [
      "append: cannot append to list during iteration [1] append: got 0 arguments, want 1 append: got 2 arguments, want 1",
      "get: unhashable type: list None 2 None 1 3 {}",
      "pop: missing key find: for parameter 1: got int, want string join: in list, want string, got int",
      '["a", "b"] a é 2 5 $&X$&',
      '-a-b- ["a", "b"] split: empty separator string has no .nope field or method',
    ]);
  });

  it("of formats say what is wrong with them in the order of the long one", async () => {
    const printed = await printedBy(
      "def f(format, operand):",
      "  return catch(lambda: format % operand) or format % operand",
      "print([f('%d%', ('x',)), f('%(a', {}), f('%(a)d', {'a': 1}), f('%s%%%s', (1, 'b')), f('%s', ()), f('x', 1)])",
      "print([f('%q%d', (1, 'a')), f('%(b)s', {}), f('%(a)s', 1), '{}-{}'.format(1, 'b'), '{{}}{}'.format(2)])",
    );
    assert.deepEqual(printed, [
      '["%d format requires integer: cannot convert string to int", "incomplete format key", "1", "1%b", ' +
        '"not enough arguments for format string", "too many arguments for format string"]',
      '["unknown conversion %q", "key not found: b", "format requires a mapping", "1-b", "{}2"]',
    ]);
  });

  it("of formats that are written out give what others give", async () => {
    const hole = ["$", "{x}"].join(""); // it is one in JavaScript only
    const printed = await printedBy(
      "def f(x):",
      "  return [catch(lambda: fail('<%s>' % x)), catch(lambda: fail('<%d>' % x)), catch(lambda: fail('%s-%d' % (x, x)))]",
      "def g(x, format):",
      "  return [catch(lambda: fail('<' + format[0] % x)), catch(lambda: fail(format[1] % x)), catch(lambda: fail(format[2] % (x, x)))]",
      "values = ['a', '', 0, -7, 1 << 53, (1 << 53) - 1, 1 << 70, 1.5, 2.0, True, None, [1], (), (1,), ('b', 2), {'k': 1}]",
      "print([x for x in values if f(x) != g(x, ['%s>', '<%d>', '%s-%d'])])",
      `print('\`${hole}\`\\\\ %s "q" %% \\n %d$' % ('{', 5))`,
      "print('é%s' % 'ü', ('%s' % 1) + 'x', '%s%s' % ('a' % (), [y for y in 'b'.elems()]), '%d' % (3))",
      "def order(log):",
      "  return '%s %d' % (log.append(1) or 'a', log.append(2) or 7), log",
      "print(order([]))",
    );
    assert.deepEqual(printed, ["[]", `\`${hole}\`\\ { "q" % \n 5$`, 'éü 1x a["b"] 3', '("a 7", [1, 2])']);
    const { failure } = await run("def f(x):", "  return 'a' + '%d%s' % (x, 'b')", "f('c')");
    assert.match(
      failure?.trace ?? "",
      /test\.star:2:23: in f\nError: %d format requires integer: cannot convert string to int$/,
    );
  });

  it("of format calls that are written out give what others give", async () => {
    const printed = await printedBy(
      "def f(x):",
      "  return ['<{}>'.format(x), '{0}-{1}-{0}{{}}'.format(x, 1), '{a}{b_1}'.format(b_1 = x, a = 2), '{}'.format('y', x)]",
      "def g(x, format):",
      "  return [format[0].format(x), format[1].format(x, 1), format[2].format(b_1 = x, a = 2), format[3].format('y', x)]",
      "values = ['a', '', 0, -7, 1 << 53, (1 << 53) - 1, 1 << 70, 1.5, 2.0, True, None, [1], (), (1,), ('b', 2), {'k': 1}]",
      "print([x for x in values if f(x) != g(x, ['<{}>', '{0}-{1}-{0}{{}}', '{a}{b_1}', '{}'])])",
      "def order(log):",
      "  return '{b} {} {}'.format(log.append(1) or 'a', log.append(2) or 7, b = log.append(3) or 'c'), log",
      "print(order([]), '{{{}}}`\\\\$'.format(1), ''.format(), '}}'.format(2), '{0}'.format([y for y in 'b'.elems()]))",
    );
    assert.deepEqual(printed, ["[]", '("c a 7", [1, 2, 3]) {1}`\\$  } ["b"]']);
  });

  it("of format calls say what is wrong with them in the words of the long one", async () => {
    const wrong = [
      "'{}{}'.format(1)|format: tuple index out of range",
      "'{1}'.format(1)|format: tuple index out of range",
      "'{a}'.format(b = 1)|format: keyword a not found",
      "'{}{0}'.format(1, 2)|format: cannot switch from automatic field numbering to manual field specification",
      "'{0}{}'.format(1, 2)|format: cannot switch from manual field specification to automatic field numbering",
      "'{'.format(1)|format: unmatched '{' in format",
      "'}'.format(1)|format: single '}' in format",
      "'{}}'.format(1)|format: single '}' in format",
      "'{a.b}'.format(a = 1)|format: attribute syntax x.y is not supported in replacement fields: a.b",
      "'{:d}'.format(1)|format spec features not supported in replacement fields: d",
      "'{!x}'.format(1)|format: unknown conversion \"x\"",
    ];
    for (const [call, message] of wrong.map((line) => line.split("|") as [string, string])) {
      const { failure } = await run(`def f():`, `  return ${call}`, `f()`);
      assert.equal(failure?.trace.split("\n").at(-1), `Error in format: ${message}`, call);
      assert.match(failure?.error ?? "", /^test\.star:2:\d+: /);
    }
    const printed = await printedBy(
      "print('{!r} {!s} {00}'.format.format('a', 'b') if 0 else '{!r}{!s}'.format('a', 'b'))",
    );
    assert.deepEqual(printed, ['"a"b']);
  });

  it("of methods are those of one type each, which has a short way", () => {
    for (const [name, { type }] of shortMethods) {
      const owners = Object.entries(methodTables).filter(([, methods]) => methods.has(name));
      const others = owners.map(([owner]) => owner).filter((owner) => owner !== type);
      assert.deepEqual(others, [], name);
      assert.ok(methodTables[type]?.get(name)?.shortcut, name);
    }
  });

  it("of methods leave what is called so on other values to those", async () => {
    const names = [...shortMethods.keys()];
    const printed = await printedBy(
      `s = struct(${names.map((name) => `${name} = lambda *args: ("${name}",) + args`).join(", ")})`,
      "def f(s, x):",
      `  return [${names.map((name) => `s.${name}(x, x + 1)`).join(", ")}]`,
      `print(f(s, 1) == [(name, 1, 2) for name in ${JSON.stringify(names)}])`,
      "def failure(x, log):",
      "  return catch(lambda: x.find(log.append(1))), log",
      "print(failure(1, []), failure('a', []), failure([], []), failure({}, []))",
    );
    const none = "has no .find field or method";
    assert.deepEqual(printed, [
      "True",
      `("int ${none}", []) ("find: for parameter 1: got NoneType, want string", [1]) ("list ${none}", []) ("dict ${none}", [])`,
    ]);
  });

  it("of methods that fail say which one it was, and where", async () => {
    const long = "x = 'ab' * ((1 << 28) - 20)";
    for (const [call, name] of Object.entries({
      "'aa'.replace('a', x)": "replace",
      "x.join(['a', 'b', 'c'])": "join",
    })) {
      const { failure } = await run(long, "def f(x):", `  return ${call}`, "f(x)");
      assert.match(failure?.trace ?? "", new RegExp(`test\\.star:3:\\d+: in f\nError in ${name}: value too large`));
    }
    const { failure } = await run(long, "def f(x):", "  return ['a',", "    '%s%s' % (x, x)]", "f(x)");
    assert.match(failure?.trace ?? "", /test\.star:4:12: in f\nError: value too large/);
  });

  it("to the negative of an int leave what is no small one", async () => {
    const printed = await printedBy(
      "def f(x):",
      "  return -x",
      "print([f(x) for x in [0, 5, -5, 9007199254740991, -9007199254740992, 1 << 70, 0.0, 2.5]], catch(lambda: f('a')))",
      "print(1 / f(0.0) if 0 else str(f(0)), [str(x) for x in [0, -7, 'a', None, 1 << 60, 1.0]])",
    );
    assert.deepEqual(printed, [
      "[0, -5, 5, -9007199254740991, 9007199254740992, -1180591620717411303424, -0.0, -2.5] unknown unary op: - string",
      '0 ["0", "-7", "a", "None", "1152921504606846976", "1.0"]',
    ]);
  });

  it("to the parts of long texts find the separators that there are in the whole", () => {
    const unit = fc.constantFrom("a", "aa", "aaa", "ab", "b", "xa", "x".repeat(70_000), "ab".repeat(50_000));
    const text = fc.array(unit, { minLength: 5, maxLength: 40 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.constantFrom("a", "aa", "aba", "b", "xx", "q", "aab"), (whole, separator) => {
        const expected = whole.split(separator);
        const parts = splitWhole(whole, separator);
        assert.equal(parts.length, expected.length);
        assert.ok(
          parts.every((part, i) => part === expected[i]),
          separator,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("to what a list, tuple, dict or set holds know which values are equal", async () => {
    const printed = await printedBy(
      "values = [1, 1.0, 2.5, 'a', b'a', True, None, 1 << 70, float(1 << 70), (1, 'a'), (1.0, 'a'), 0, -0.0, float('nan')]",
      "for x in values:",
      "  equal = [x == y for y in values]",
      "  at = equal.index(True)",
      "  eq(([x in [y] for y in values], [x in (y,) for y in values]), (equal, equal))",
      "  eq(([x in {y: 0} for y in values], [x in set([y]) for y in values]), (equal, equal))",
      "  eq((values.index(x), (values + [x]).index(x, 1, None)), (at, ([None] + equal[1:] + [True]).index(True)))",
      "  copy = list(values)",
      "  copy.remove(x)",
      "  eq((len(copy), len(set(values + [x])), len({y: 0 for y in values})), (len(values) - 1, 10, 10))",
      "print(catch(lambda: [] in {}), catch(lambda: [] in set()), catch(lambda: 1 in set([[]])), catch(lambda: [1].remove('1')))",
      "s = set([3, 'b', (1, 2)])",
      "s.add((1.0, 2)); s.discard('b'); s.add('b')",
      "print(s, s.pop(), s.pop(), s, [x for x in s | set([7, 'b'])], s < set(['b', 1]), set([1, 2]) == set([2.0, 1]))",
      "print(catch(lambda: s.update(s)), catch(lambda: [s.add(x) for x in s]), s.issubset([1, 'b', 'b']), set([1, 2]).issubset([1, 1]))",
    );
    assert.deepEqual(printed, [
      "None unhashable type: list set: unhashable type: list remove: element not found",
      'set(["b"]) 3 (1, 2) set(["b"]) ["b", 7] True True',
      "update: cannot insert into hash table during iteration add: cannot insert into hash table during iteration True False",
    ]);
  });

  it("of ranges count as the long ones, whatever they are made of", async () => {
    const printed = await printedBy(
      "def g(a, b, c):",
      "  return [i for i in range(a, b, c)], [i for i in range(a, b)]",
      "print(g(5, 0, -2), g(1 << 62, (1 << 62) + 2, 1)[0], g(9007199254740990, 9007199254740993, 1))",
      "print([i for i in range(3)], [[j] for i in range(3) for j in range(i)], [i for i in range(-2)])",
      "print(catch(lambda: g(1, 2, 0)), catch(lambda: g('a', 1, 1)), catch(lambda: [i for i in range(1.5)]))",
    );
    const end = "9007199254740990, 9007199254740991, 9007199254740992";
    assert.deepEqual(printed, [
      `([5, 3, 1], []) [4611686018427387904, 4611686018427387905] ([${end}], [${end}])`,
      "[0, 1, 2] [[0], [0], [1]] []",
      "range: step argument must not be zero range: for parameter 1: got string, want int " +
        "range: for parameter 1: got float, want int",
    ]);
  });

  it("through dict displays go by their own keys in the middle of many loops", async () => {
    const loops = Array.from({ length: 12 }, (_, i) => `${"  ".repeat(i + 1)}for a${i} in [${i}]:`);
    const printed = await printedBy("def f():", ...loops, `${"  ".repeat(13)}print({"x": a11, "y": a0})`, "f()");
    assert.deepEqual(printed, ['{"x": 11, "y": 0}']);
  });
});
