import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Named by its place: the command runs in another folder. */
const loader = pathToFileURL(require.resolve("tsx")).href;
const main = join(__dirname, "../cli/main.ts");

describe("command starlark", function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "starlark-"));
    writeFileSync(join(folder, "a.star"), 'load("b.star", "x")\nprint(x)\n');
    writeFileSync(join(folder, "b.star"), "x = 41 + 1\n");
    writeFileSync(join(folder, "bad.star"), "def f():\n  return y\nx = 1 1\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(args: string[], input = "") {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", loader, main, ...args], {
      cwd: folder,
      input,
      encoding: "utf8",
      maxBuffer: 100_000_000,
    });
    return { status, stdout, stderr };
  }

  it("runs a file and what it loads", () => {
    assert.deepEqual(run(["a.star"]), { status: 0, stdout: "", stderr: "42\n" });
  });

  it("says with --profile how often functions were called, and which lines took their time", () => {
    writeFileSync(
      join(folder, "slow.star"),
      "def fib(n):\n  return n if n < 2 else fib(n - 1) + fib(n - 2)\n\nprint(sorted([fib(27)], key = lambda x: x))\n",
    );
    const { status, stderr } = run(["--option=recursion", "--profile", "slow.star"]);
    assert.equal(status, 0);
    assert.match(stderr, /^\[196418\]\n {5}calls {4}self ms {3}total ms {2}function\n/);
    assert.match(stderr, /^ {4}635621 +[\d.]+ +[\d.]+ {2}fib {2}slow\.star:1:1$/m);
    assert.match(stderr, /^ {9}1 +[\d.]+ +[\d.]+ {2}lambda {2}slow\.star:4:/m);
    assert.match(stderr, /^ +[\d.]+ {2}slow\.star:2$/m);
    const [, self = "", total = ""] = /1 +([\d.]+) +([\d.]+) {2}<toplevel>/.exec(stderr) ?? [];
    assert.ok(Number(total) >= Number(self) && Number(total) > 0, stderr);
  });

  it("fails with a position", () => {
    const { status, stderr } = run(["bad.star"]);
    assert.equal(status, 1);
    assert.match(stderr, /^bad\.star:3:\d+: got int literal, want newline/);
  });

  it("takes as many blocks in each other as the Go implementation", () => {
    const blocks = (count: number, head: string, last: string) => {
      const heads = Array.from({ length: count }, (_, i) => `${" ".repeat(i)}${head}\n`).join("");
      return `def f():\n${heads.replace(/^/gm, " ").trimEnd()}\n${" ".repeat(count + 1)}${last}\nf()\n`;
    };
    const answers = (requests: string[]) => {
      const lines = requests.map((source) => JSON.stringify({ filename: "a.star", options: ["while"], source }));
      const { stdout } = run(["--batch"], `${lines.join("\n")}\n`);
      return stdout
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { error?: string }).error);
    };
    // The heads count, too, each with what its test is in.
    const requests: [string, number][] = [
      ["if True:", 987],
      ["if True:", 988],
      ["for x in [1]:", 974],
      ["for x in [1]:", 975],
      ["def g():", 999],
      ["def g():", 1000],
    ];
    assert.deepEqual(answers(requests.map(([head, count]) => blocks(count, head, "pass"))), [
      undefined,
      "a.star:989:996: excessive nesting",
      undefined,
      "a.star:976:987: excessive nesting",
      undefined,
      "a.star:1002:1: excessive nesting",
    ]);
    writeFileSync(join(folder, "deep.star"), blocks(950, "if True:", 'print("deep")'));
    assert.equal(run(["deep.star"]).stderr, "deep\n");
  }).timeout(300_000);

  it("finds a larger stack when a program needs one, and writes each line once", () => {
    const program = [
      "def f(n):",
      "    if n % 10000 == 0:",
      "        print(n)",
      "    return 0 if n == 0 else 1 + f(n - 1)",
      "print(f(40000))",
      "error(1)",
      "def endless():",
      "    return endless()",
      "print(catch(endless))",
      "endless()",
    ].join("\n");
    writeFileSync(join(folder, "deep.star"), program);
    const { status, stderr } = run(["--option=recursion", "--test-builtins", "deep.star"]);
    assert.equal(status, 1);
    const [shown, trace] = stderr.split("Traceback");
    const reported = '!error {"msg": "1", "stack": ["deep.star:6:6"]}';
    const lines = ["40000", "30000", "20000", "10000", "0", "40000", reported, "Starlark stack overflow", ""];
    assert.deepEqual(shown?.replace('"msg":"1","stack":[', '"msg": "1", "stack": [').split("\n"), lines);
    assert.match(trace ?? "", /\nError: Starlark stack overflow\n$/);
  });

  it("answers every line of a batch, whatever the one before did", () => {
    const requests = [
      { id: 1, filename: "f.star", source: "def f(): f()\nf()\n", options: ["recursion"] },
      { id: 2, filename: "f.star", source: "x = [0] * (1 << 29)\n" },
      { id: 3, filename: "f.star", source: 'print("fine")\n' },
    ];
    const { status, stdout } = run(
      ["--batch", "--test-builtins"],
      `${requests.map((each) => JSON.stringify(each)).join("\n")}\n`,
    );
    const answers = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: number; ok: boolean; output: string; error?: string });
    assert.equal(status, 0);
    assert.deepEqual(
      answers.map(({ id, ok, output, error }) => [id, ok, output, error]),
      [
        [1, false, "", "f.star:1:11: Starlark stack overflow"],
        [2, false, "", "f.star:1:9: excessive repeat (1 * 536870912 elements)"],
        [3, true, "fine\n", undefined],
      ],
    );
  });
});
