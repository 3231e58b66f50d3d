import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endLeftCommands } from "../../src/host/commandRecords.ts";
import { isProgram } from "../../src/host/gate.ts";
import { ProcessGroups } from "../../src/host/processes.ts";
import { runShell, type ShellContext } from "../../src/host/shell.ts";
import { HostError } from "../../src/sdk/host.ts";
import { currentOwner, ownerState } from "../../src/state/owner.ts";
import { bundledScript } from "../bundle.ts";

describe("a command that waits for its record", function () {
  this.timeout(60_000);
  let folder: string;
  let script: string;
  before(async () => {
    script = await bundledScript("engine/test/host/gateChild.ts");
  });
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-gate-")));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const records = () => (existsSync(join(folder, "commands")) ? readdirSync(join(folder, "commands")) : []);
  const isThere = () => {
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    return ownerState({ ...currentOwner(), pid, started: "" }) === "alive";
  };
  const killAt = async (point: string) => {
    const child = spawn(process.execPath, [script, folder, point], { stdio: "ignore" });
    const [, signal] = await once(child, "exit");
    assert.equal(signal, "SIGKILL");
  };
  const untilGone = async () => {
    while (isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it("does nothing when its process is killed before it is recorded", async () => {
    await killAt("unrecorded");
    assert.deepEqual(records(), []);
    await untilGone();
    assert.equal(existsSync(join(folder, "proof")), false);
  });

  it("does nothing when its process is killed before it may begin, and leaves no record that counts", async () => {
    await killAt("recorded");
    assert.equal(records().length, 1);
    await untilGone();
    assert.equal(existsSync(join(folder, "proof")), false);
    assert.deepEqual(await endLeftCommands(folder, new Set(["r/-/a/@r1/task/b/1"])), []);
    assert.deepEqual(records(), []);
  });

  it("is found and ended once it has begun", async () => {
    await killAt("begun");
    assert.equal(readFileSync(join(folder, "proof"), "utf8"), "ran\n");
    assert.equal(isThere(), true);
    assert.equal((await endLeftCommands(folder, new Set(["r/-/a/@r1/task/b/1"]))).length, 1);
    await untilGone();
    assert.deepEqual(records(), []);
  });

  const run = (
    command: string,
    onStart: ShellContext["onStart"],
    more: { shell?: string; env?: Record<string, string> } = {},
  ) =>
    runShell(
      { command, shell: more.shell ?? "sh", dir: folder, env: more.env ?? {}, mute: false },
      { groups: new ProcessGroups(), env: process.env, onStart },
    );

  it("begins when it is recorded, with the number, the folder and the variables that it would have had", async () => {
    const seen: number[] = [];
    const onStart = (pid: number) => {
      assert.equal(existsSync(join(folder, "proof")), false);
      seen.push(pid);
      return () => seen.push(-pid);
    };
    const env = { line: "kept", A: "b c\n'd'" };
    const command = 'touch proof; echo $$; pwd; echo "$line|$A|$0|$#"';
    const { stdout, exitCode } = await run(command, onStart, { env });
    const [pid, dir, ...rest] = stdout.split("\n");
    assert.deepEqual([Number(pid), dir, exitCode], [seen[0], folder, 0]);
    assert.deepEqual(rest.slice(0, 2), ["kept|b c", "'d'|sh|0"]);
    assert.deepEqual(seen, [Number(pid), -Number(pid)]);
    const files = "ls /proc/self/fd 2>/dev/null | wc -l";
    const direct = await run(files, undefined);
    assert.equal((await run(files, () => () => {})).stdout, direct.stdout, "no file is left open");
  });

  it("does not begin when it cannot be recorded", async () => {
    const onStart = () => {
      throw new HostError("no room");
    };
    await assert.rejects(run("touch proof", onStart), { message: "no room" });
    assert.equal(existsSync(join(folder, "proof")), false);
  });

  it("is missed as it would be without the gate", async () => {
    const none = () => () => {};
    await assert.rejects(run("true", none, { shell: "no-such-shell" }), {
      message: "the shell `no-such-shell` was not found on PATH",
    });
    assert.equal((await run("[[ a == a ]] && exit 3", none, { shell: "bash" })).exitCode, 3);
    assert.equal((await run("kill -TERM $$", none)).signal, "SIGTERM");
  });

  it("looks for programs as the system does", () => {
    mkdirSync(join(folder, "bin/sub"), { recursive: true });
    writeFileSync(join(folder, "bin/tool"), "");
    assert.equal(isProgram("tool", join(folder, "bin"), "/"), false, "it cannot be run");
    chmodSync(join(folder, "bin/tool"), 0o755);
    assert.equal(isProgram("tool", `/none:${join(folder, "bin")}`, "/"), true);
    assert.equal(isProgram("sub", join(folder, "bin"), "/"), false, "a folder");
    assert.equal(isProgram("tool", "", join(folder, "bin")), true);
    assert.equal(isProgram("bin/tool", "/none", folder), true);
    assert.equal(isProgram("bin/other", "/none", folder), false);
  });
});
