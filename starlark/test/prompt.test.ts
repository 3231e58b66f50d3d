/** The prompt as somebody at a terminal meets it: a pseudo terminal, made by Python, with the keys that one presses. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const loader = pathToFileURL(require.resolve("tsx")).href;
const main = join(__dirname, "../cli/main.ts");

/** Starts the command given behind the steps; of the steps, JSON, each waits for a text and then types another. */
const terminal = `
import json, os, pty, sys
steps = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[2], sys.argv[2:])
seen = ""
transcript = ""
def read():
    global seen, transcript
    try:
        data = os.read(fd, 4096).decode("utf-8", "replace")
    except OSError:
        data = ""
    seen += data
    transcript += data
    return data != ""
for wait, keys in steps:
    while wait not in seen:
        if not read():
            sys.exit("ended while waiting for " + repr(wait) + " in " + repr(transcript))
    seen = seen[seen.index(wait) + len(wait):]
    os.write(fd, keys.encode())
while read():
    pass
os.waitpid(pid, 0)
sys.stdout.write(transcript)
`;

const up = "\x1b[A";
const end = "\x04";

describe("prompt", function () {
  this.timeout(300_000);
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), "starlark-home-"));
  });
  after(() => rmSync(home, { recursive: true }));

  function type(steps: [string, string][]): string {
    const command = [process.execPath, "--import", loader, main];
    const { status, stdout, stderr } = spawnSync("python3", ["-c", terminal, JSON.stringify(steps), ...command], {
      env: { ...process.env, HOME: home, USERPROFILE: home },
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  it("takes a definition over several lines, repeats what was typed, and remembers it the next time", () => {
    const first = type([
      [">>> ", "def f(x):\r"],
      ["... ", "  return x + 1\r"],
      ["... ", "\r"],
      [">>> ", "f(41)\r"],
      ["\n42", ""],
      [">>> ", up],
      ["f(41)", "\r"],
      ["\n42", ""],
      [">>> ", "1 // 0\r"],
      ["Error: floored division by zero", ""],
      [">>> ", "f(\r"],
      ["... ", "1)\r"],
      ["\n2", ""],
      [">>> ", end],
    ]);
    assert.match(first, /Traceback \(most recent call last\):\r?\n {2}<stdin>:1:\d+: in <toplevel>/);
    assert.match(readFileSync(join(home, ".starlark_history"), "utf8"), /f\(41\)/);
    type([
      [">>> ", `${up}${up}${up}`],
      ["1 // 0", "\r"],
      ["Error: floored division by zero", ""],
      [">>> ", end],
    ]);
  });
});
