/** What would take all memory, or JavaScript's stack, ends with an error of the program; the next program runs. */
import assert from "node:assert/strict";
import { readParserAssets } from "../cli/assets.ts";
import { answerRequest } from "../cli/batch.ts";
import { createFrontEnd } from "../cli/frontEnd.ts";
import {
  BuiltinFunction,
  compile,
  execute,
  jsonModule,
  resolve,
  SourceFile,
  Thread,
  type Value,
} from "../src/index.ts";
import { everything, runText, testFrontEnd, testParser } from "./support.ts";

const refused: [string, string, RegExp][] = [
  [
    "a product",
    "def f():\n  x = 3\n  for i in range(60): x = x * x\nf()",
    /3:\d+: value too large \(an int of more than/,
  ],
  ["a long int in text", 'x = int("9" * 1000000)', /value too large \(an int of more than/],
  ["a long string", 'x = "a" * 1000000000', /value too large/],
  ["a string doubled", "def f():\n  x = 'a'\n  for i in range(100): x = x + x\nf()", /value too large/],
  ["a long list", "x = [0] * 10000000000", /repeat count 10000000000 too large/],
  ["many elements", "x = list(range(1 << 60))", /too many elements/],
  ["many parts", 'x = ("a," * (1 << 26)).split(",")', /too many elements|too much memory/],
  ["many replacement fields", 'x = ("{}" * (1 << 26)).format(1)', /tuple index out of range/],
  ["a long separator", 'x = ("b" * 1000000).join(["a"] * 1000)', /value too large/],
  ["deep data", 'x = json.decode("[" * 1000000)', /stack overflow|json\.decode/],
];

describe("limits", () => {
  for (const [what, program, message] of refused) {
    it(`refuse ${what}`, async () => {
      const { failure } = await runText(program, everything);
      assert.match(failure?.error ?? "", message);
    }).timeout(300_000);
  }

  it("show ints of 600,000 digits, exactly", async () => {
    const program = `
def main():
    x = 1
    for i in range(4000):
        x = x << 500
    text = str(x)
    eq(int(text) == x, True)
    eq(str(-x), "-" + text)
    eq("%d" % x == text and json.encode(x) == text, True)
    eq(len(text), 602060)
main()
`;
    assert.equal((await runText(program, everything)).failure?.trace, undefined);
  }).timeout(300_000);

  it("take as many blocks in each other as anybody writes, and say where there are more", async () => {
    const blocks = (count: number) =>
      `def f():\n${Array.from({ length: count }, (_, i) => `${" ".repeat(i + 1)}if True:\n`).join("")}${" ".repeat(count + 1)}print(1)\nf()\n`;
    assert.deepEqual((await runText(blocks(390), everything)).output, ["1"]);
    for (const count of [450, 900, 1500]) {
      assert.match(
        (await runText(blocks(count), everything)).failure?.error ?? "",
        /^test\.star:\d+:\d+: excessive nesting$/,
      );
    }
  }).timeout(300_000);

  it("print, compare and encode deep data, or fail with an error of the program", async () => {
    const program = `
x = []
for i in range(2000):
    x = [x]
eq(len(str(x)), 4002)
fails(lambda: x == [x], "maximum recursion depth")
eq(len(json.encode(x)), 4002)
_freeze(x)
`;
    assert.equal((await runText(program, everything)).failure?.trace, undefined);
  });

  it("measure each program of a batch by itself", async () => {
    const frontEnd = await createFrontEnd(readParserAssets());
    const answer = (source: string) =>
      answerRequest(frontEnd, JSON.stringify({ id: 1, filename: "a.star", source }), true);
    assert.match(answer("x = [[0] * 10000000 for i in range(100)]").error ?? "", /used too much memory/);
    assert.match(answer("def f(): return g()\ndef g(): return f()\nf()").error ?? "", /called recursively/);
    assert.deepEqual(answer('print("next")'), { id: 1, ok: true, output: "next\n" });
  }).timeout(300_000);

  /** Each would take years: what is in it is in it twice, and so on. */
  const endless: [string, string][] = [
    ["a comparison of lists", "l = [1]\nfor _ in range(8): l = [l] * 1000\nstop()\nx = l == l[:]"],
    ["a comparison of dicts", "d = {}\nfor _ in range(8): d = {i: d for i in range(1000)}\nstop()\nx = d == dict(d)"],
    ["a key", "t = (1,)\nfor _ in range(60): t = (t, t)\nstop()\nx = {t: 1}"],
    ["a key that holds functions", "t = (len,)\nfor _ in range(60): t = (t, t)\nstop()\nx = {t: 1}"],
    ["a value shown", "t = (1,)\nfor _ in range(60): t = (t, t)\nstop()\nx = str(t)"],
    ["a value as JSON", "t = (1,)\nfor _ in range(60): t = (t, t)\nstop()\nx = json.encode(t)"],
  ];
  for (const [what, source] of endless) {
    it(`cancel ${what}`, async () => {
      const file = new SourceFile("a.star", source);
      const { module } = (await testParser()).parse(file.text);
      const flag = new Int32Array(new SharedArrayBuffer(4));
      const stop = new BuiltinFunction("stop", () => {
        Atomics.store(flag, 0, 1);
        return null;
      });
      const predeclared = new Map<string, Value>([
        ["stop", stop],
        ["json", jsonModule],
      ]);
      const options = { file, dialect: everything, isPredeclared: (name: string) => predeclared.has(name) };
      const program = compile(file, resolve(module, options), {});
      assert.throws(
        () => execute(program, new Thread({ cancelFlag: flag, dialect: everything }), predeclared),
        /cancelled/,
      );
    }).timeout(300_000);
  }

  it("freeze what is in a value twice, and so on, once", async () => {
    const program = "t = (1,)\nfor _ in range(60): t = (t, t)";
    assert.equal((await runText(program, everything)).failure?.trace, undefined);
  });

  it("cancel long work of one built-in function", async () => {
    const file = new SourceFile("a.star", 'x = "a" * (1 << 22)\nstop()\ny = sorted([c for c in x.title().elems()])');
    const { module } = (await testParser()).parse(file.text);
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const program = compile(file, resolve(module, { file, isPredeclared: (name) => name === "stop" }), {});
    const stop = new BuiltinFunction("stop", () => {
      Atomics.store(flag, 0, 1);
      return null;
    });
    assert.throws(() => execute(program, new Thread({ cancelFlag: flag }), new Map([["stop", stop]])), /cancelled/);
  });

  /** A whole text, damaged ones, and one of many names that are nowhere, which are compared with all others. */
  const longTexts: [string, string][] = [
    ["a long file", "x = [f(1), {2: (3, a.b)}]\n".repeat(2000)],
    ["a long statement", `x = [${"f(1), {2: 3}, ".repeat(4000)}]\n`],
    ["a damaged file", "x = [f(1, {2: (3, a.b)}]\n".repeat(1000)],
    ["one bracket that is never closed", `x = (\n${"y = [1, 2]\n".repeat(2000)}`],
    ["names that are nowhere", Array.from({ length: 300 }, (_, i) => `x${i} = undefined${i}\n`).join("")],
  ];
  for (const [what, text] of longTexts) {
    it(`end what makes a program of ${what} when they are told to, and read the next`, async () => {
      const frontEnd = await testFrontEnd();
      let looks = 0;
      const prepare = (source: string, look: () => void) =>
        frontEnd.prepare("a.star", source, { dialect: {}, isPredeclared: () => false, look });
      const whole = prepare(text, () => looks++);
      assert.ok(looks > 2, `${looks} looks`);
      for (const last of [1, 2]) {
        let left = last;
        const stop = () => {
          if (--left <= 0) throw new Error("told to end");
        };
        assert.throws(() => prepare(text, stop), /told to end/);
        assert.deepEqual(
          prepare(text, () => {}),
          whole,
        );
      }
    }).timeout(300_000);
  }

  it("hold for reading a program", async () => {
    const thread = new Thread({ budget: { wallMs: -1 } });
    const { parse } = await testParser();
    const text = "x = [f(1), {2: (3, a.b)}]\n".repeat(2000);
    assert.throws(() => thread.limit(() => parse(text)), /took more than/);
    const cancelFlag = Int32Array.of(1);
    assert.throws(() => new Thread({ cancelFlag }).limit(() => parse(text)), /cancelled/);
  });
});
