import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { complete } from "../../src/repl/complete.ts";
import { historyFile, readHistory, writeHistory } from "../../src/repl/history.ts";
import { ReplPrompt } from "../../src/repl/prompt.ts";
import { Sandbox } from "./sandbox.ts";

const file = `ocuroot("0.3.0")
load("lib.star", "double")

numbers = [1, 2, 3]
names = [e.name for e in environments()]

def build(ctx):
    """Builds it.

    Slowly.
    """
    return done(outputs={"n": double(ctx.inputs.n)})

task(build, name="build", inputs={"n": 1})
print("loaded")
`;

describe("ocuroot repl", () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'repo_alias("demo")\n',
      "a/release.ocu.star": file,
      "a/lib.star": "def double(n):\n    return n * 2\n",
      "a/broken.ocu.star": "x = 1\ny = x + nothing\n",
      "environments.ocu.star": 'register_environment(environment("staging", {"type": "test"}))\n',
    });
  });
  after(() => sandbox.remove());

  const evaluate = (expression: string, ...argv: string[]) => sandbox.run(["repl", "-c", expression, ...argv]);
  const typed = async (...lines: string[]) =>
    await sandbox.run(["repl", "a/release.ocu.star"], { stdin: `${lines.join("\n")}\n` });

  it("evaluates an expression with the SDK, prints it and exits", async () => {
    assert.deepEqual(await evaluate('struct(x = host.os(), s = "é")'), {
      code: 0,
      stdout: `struct(s = "é", x = "${process.platform === "win32" ? "windows" : process.platform}")\n`,
      stderr: "",
    });
    assert.deepEqual(await evaluate("None"), { code: 0, stdout: "", stderr: "" });
    assert.equal((await evaluate("x = 1\nfor i in [2, 3]:\n    x += i\nx")).stdout, "6\n");
  });

  it("sees the file's globals, modules and the environments in state, and says on stderr what the file prints", async () => {
    assert.deepEqual(await evaluate("[double(n) for n in numbers], names", "a/release.ocu.star"), {
      code: 0,
      stdout: "([2, 4, 6], [])\n",
      stderr: "loaded\n",
    });
    await sandbox.ok(["release", "new", "environments.ocu.star"]);
    assert.equal((await evaluate("names", "release.ocu.star", "-C", "a")).stdout, '["staging"]\n');
    assert.equal((await evaluate("environments()[0].attributes")).stdout, '{"type": "test"}\n');
    rmSync(sandbox.path(".ocuroot"), { recursive: true });
  });

  it("writes no state", async () => {
    await evaluate("numbers", "a/release.ocu.star");
    assert.ok(!existsSync(sandbox.path(".ocuroot")));
  });

  it("fails with the place, the code and exit code 1", async () => {
    assert.deepEqual(await evaluate("1 +\n 2 + None"), {
      code: 1,
      stdout: "",
      stderr: (await evaluate("1 +\n 2 + None")).stderr,
    });
    const { stderr, code } = await evaluate("build(1)\n", "a/release.ocu.star");
    assert.equal(code, 1);
    assert.match(stderr, /<command>:1:6\n?.*\na\/release\.ocu\.star:12:\d+ in build: error: int has no \.inputs/);
    const unknown = await evaluate("nubmers", "a/release.ocu.star");
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /<command>:1:1: error: .*nubmers.*numbers/);
    assert.match((await evaluate("(1")).stderr, /<command>:1:1: error: .*never closed/);
    assert.match(
      (await evaluate('load("gone.star", "x")')).stderr,
      /<command>:1:\d+: error: there is no file gone\.star/,
    );
  });

  it("goes on with what there is when the file has an error", async () => {
    const { stderr, stdout } = await evaluate("1 + 1", "a/broken.ocu.star");
    assert.match(stderr, /a\/broken\.ocu\.star:2:9: error: .*nothing/);
    assert.equal(stdout, "2\n");
  });

  it("says what is wrong with the file that was named", async () => {
    for (const [name, message] of [
      ["gone.star", /there is no file gone\.star/],
      ["a", /a is a folder; name a file in it/],
    ] as const) {
      const { code, stderr } = await evaluate("1", name);
      assert.equal(code, 1);
      assert.match(stderr, message);
    }
  });

  it("works in repo.ocu.star, and where there is no repository", async () => {
    assert.equal((await evaluate("repo_alias", "repo.ocu.star")).code, 0);
    const folder = mkdtempSync(join(tmpdir(), "ocuroot-repl-"));
    writeFileSync(join(folder, "x.star"), "y = 5\n");
    assert.equal((await sandbox.run(["-C", folder, "repl", "x.star", "-c", "y"])).stdout, "5\n");
    rmSync(folder, { recursive: true });
  });

  it("reads statements and expressions from a pipe, with blocks and `_`", async () => {
    const { code, stdout, stderr } = await typed(
      "x = double(2)",
      "x",
      "_ + 1",
      "def twice(n):",
      "    if n > 0: # not yet",
      "        return [n,",
      "",
      "            n]",
      "",
      "twice(_)",
      "x += 1",
      '"""a',
      'b""" + str(x)',
      "None",
      "_",
      "exit()",
      "never",
    );
    assert.deepEqual(stdout.split("\n"), ["4", "5", "[5, 5]", '"a\\nb5"', '"a\\nb5"', ""]);
    assert.equal(stderr, "loaded\n");
    assert.equal(code, 0);
  });

  it("goes on after an error, whose code it shows, and ends with 1", async () => {
    const { code, stdout, stderr } = await typed("def f():", "    return 1 // 0", "", "f()", "7");
    assert.equal(stdout, "7\n");
    assert.match(
      stderr,
      /<input 2>:1:2[\s\S]*<input 1>:2:14 in f: error: .*division by zero\n.*2 │ {5}return 1 \/\/ 0/,
    );
    assert.equal(code, 1);
  });

  it("ends an input that takes too much, and nothing else", async () => {
    const { stdout, stderr } = await typed("x = 1", "y = [n for n in range(1 << 40)]", "x");
    assert.match(stderr, /<input 2>:1:\d+: error: .*too much memory/);
    assert.equal(stdout, "1\n");
  });

  it("keeps values of the file frozen, and its own changeable", async () => {
    const { stdout, stderr } = await typed("mine = []", "mine.append(1)", "mine", "numbers.append(4)");
    assert.equal(stdout, "[1]\n");
    assert.match(stderr, /frozen/);
  });

  it("runs commands for real, output as it comes, and masks secrets everywhere", async () => {
    const { stdout, stderr } = await typed(
      'host.shell("echo out; echo err >&2").exit_code',
      'password = secret("hunter22")',
      "password",
      'host.shell("echo my hunter22").stdout',
      'fail("no hunter22")',
    );
    assert.match(stdout, /^out\n0\n"<secret>"\nmy <secret>\n"my <secret>\\n"\n$/);
    assert.match(stderr, /^loaded\nerr\n/);
    assert.match(stderr, /no <secret>/);
    assert.doesNotMatch(stdout + stderr, /hunter22/);
  });

  it("tells what things are", async () => {
    const asked = ["host.shell", '"host.shell"', "host", '"".join', "len", "json.encode", "build", "{}", "3", ""];
    const { stdout } = await typed(...asked.flatMap((expression) => [`help(${expression})`, 'print("=====")']));
    const answers = stdout.split("=====\n");
    const about = (expression: string) => answers[asked.indexOf(expression)] ?? "";
    assert.match(about("host.shell"), /^host\.shell\(command, shell="sh".*\n\nRuns a shell command/);
    assert.match(about('"host.shell"'), /^host\.shell\(/);
    assert.match(about("host"), /\n {2}host\.env\(\)/);
    assert.match(about('"".join'), /^string\.join\(iterable\)\n\nThe strings of iterable joined/);
    assert.match(about("len"), /^len\(x\)\n\nThe number of elements/);
    assert.match(about("json.encode"), /^json\.encode\(/);
    assert.equal(about("build"), "build(ctx)\ndefined in a/release.ocu.star:7\n\nBuilds it.\n\nSlowly.\n");
    assert.match(about("{}"), /a dict; its methods:\n\n {2}clear\(\)/);
    assert.equal(about("3"), "an int\n");
    assert.match(about(""), /^Type expressions[\s\S]*SDK 0\.3\.0: .*task/);
  });

  it("prints values as JSON for machines", async () => {
    assert.equal(
      (await evaluate('{"a": [1, None]}', "--json")).stdout,
      '{"repr":"{\\"a\\": [1, None]}","value":{"a":[1,null]}}\n',
    );
    assert.equal((await evaluate("len", "--json")).stdout, '{"repr":"<built-in function len>"}\n');
  });

  it("ends what runs at Ctrl-C", async () => {
    for (const endless of ['host.shell("echo go; sleep 60")', 'print("go")\nfor i in range(1 << 60):\n    pass']) {
      const signals = new EventEmitter();
      const onOutput = (text: string) => void (text.includes("go") && signals.emit("SIGINT"));
      const { code, stderr } = await sandbox.run(["repl", "-c", endless], { signals, onOutput });
      assert.equal(code, 130);
      assert.match(stderr, /^interrupted\n$/);
    }
  });

  it("ends at Ctrl-C while the file is still evaluated", async () => {
    sandbox.write("slow.star", 'host.shell("touch started; sleep 60")\n');
    const signals = new EventEmitter();
    const running = sandbox.run(["repl", "slow.star", "-c", "1"], { signals });
    while (!existsSync(sandbox.path("started"))) await new Promise((resolve) => setTimeout(resolve, 5));
    signals.emit("SIGINT");
    const { code, stdout } = await running;
    assert.equal(code, 130);
    assert.equal(stdout, "");
  });

  it("goes on after Ctrl-C with what was there", async () => {
    const signals = new EventEmitter();
    const onOutput = (text: string) => void (/go$/m.test(text) && !text.includes("8") && signals.emit("SIGINT"));
    const stdin = 'x = 8\nhost.shell("echo go; sleep 60")\nx\n';
    const { stdout, code } = await sandbox.run(["repl"], { signals, stdin, onOutput });
    assert.equal(stdout, "go\n8\n");
    assert.equal(code, 1);
  });
});

describe("completion at the prompt", () => {
  const source = {
    names: ["host", "http", "numbers", "sorted"],
    version: "0.3.0",
    attributes: async (path: readonly string[]) =>
      path.join(".") === "host"
        ? [
            { name: "shell", isCallable: true },
            { name: "os", isCallable: true },
          ]
        : [],
  };
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["h", ["host", "http"], "h"],
    ["x = numb", ["numbers"], "numb"],
    ["host.", ["shell(", "os("], ""],
    ["f(host.sh", ["shell("], "sh"],
    ['"a b".joi', ["join("], "joi"],
    ["[1].app", ["append("], "app"],
    ["f().x", [], "x"],
    ['host.shell("ls", con', ["continue_on_error="], "con"],
    ['host.shell("ls", mute=True, mu', [], "mu"],
    ['"hos', [], ""],
    ["# hos", [], ""],
    ["", ["    "], ""],
    ["re", ["return"], "re"],
  ];
  for (const [before, offered, replaced] of cases) {
    it(`offers ${JSON.stringify(offered)} after ${JSON.stringify(before)}`, async () => {
      assert.deepEqual(await complete(before, source), [offered, replaced]);
    });
  }
});

describe("history of the prompt", () => {
  it("is a private file in the user's state folder, without secrets", () => {
    const folder = mkdtempSync(join(tmpdir(), "ocuroot-history-"));
    const env = { XDG_STATE_HOME: folder };
    writeHistory(env, ["newest", 'secret("x")', "my token", "oldest"], (line) => !line.includes("token"));
    assert.equal(readFileSync(join(folder, "ocuroot/repl_history"), "utf8"), "oldest\nnewest\n");
    assert.deepEqual(readHistory(env), ["newest", "oldest"]);
    if (process.platform !== "win32") assert.equal(statSync(historyFile(env)).mode & 0o777, 0o600);
    rmSync(folder, { recursive: true });
    assert.deepEqual(readHistory(env), []);
  });

  it("lies where the system keeps such things", () => {
    assert.equal(historyFile({ HOME: "/h" }, "linux"), join("/h", ".local/state/ocuroot/repl_history"));
    assert.equal(historyFile({ LOCALAPPDATA: "/l" }, "win32"), join("/l", "ocuroot/repl_history"));
  });
});

describe("input through a pipe", () => {
  /** Reads the text, and hands each input to `evaluate`. */
  const prompt = (text: string, evaluate: (input: string) => Promise<void>) =>
    new ReplPrompt({
      stdin: Readable.from([Buffer.from(text)]),
      terminal: undefined,
      history: [],
      completions: { names: [], version: "0.3.0", attributes: async () => [] },
      evaluate,
      keepHistory: () => {},
    });

  it("ends with the error of an evaluation that could not be made", async () => {
    const lost = prompt("1\n2\n", () => Promise.reject(new Error("the thread is gone")));
    await assert.rejects(lost.run(), /the thread is gone/);
  });

  it("goes no further once it is closed, as a signal does", async () => {
    const taken: string[] = [];
    const closed = prompt("first\nsecond\nthird", async (input) => {
      taken.push(input);
      closed.close();
    });
    await closed.run();
    assert.deepEqual(taken, ["first\n"]);
  });

  it("takes what waits behind a slow input, however many lines it has", async () => {
    const taken: string[] = [];
    const list = `x = [\n${"\n".repeat(8_000)}]\n`;
    await prompt(`slow()\n${list}`, async (input) => {
      if (input === "slow()\n") await new Promise(setImmediate);
      taken.push(input);
    }).run();
    assert.deepEqual(taken, ["slow()\n", list]);
  });
});
