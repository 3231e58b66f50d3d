import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProcessGroups } from "../../src/host/processes.ts";
import { runShell } from "../../src/host/shell.ts";
import type { ShellRequest } from "../../src/sdk/host.ts";

describe("running commands", () => {
  let dir: string;
  before(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-shell-")));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  const run = async (
    command: string,
    more: Partial<ShellRequest> = {},
    env: Record<string, string> = {},
    onLine: (line: string) => void = () => {},
  ) => {
    const lines: [string, string][] = [];
    const groups = new ProcessGroups();
    const request = { command, shell: "sh", dir, env: {}, mute: false, ...more };
    const result = await runShell(request, {
      groups,
      env: { ...process.env, ...env },
      onLine: (stream, line) => {
        lines.push([stream, line]);
        onLine(line);
      },
    });
    return { ...result, lines };
  };

  it("collects stdout and stderr, and both in the order of arrival", async () => {
    // Each line waits until the one before has come.
    const seen = (line: string) => `until [ -e seen-${line} ]; do sleep 0.01; done`;
    const onLine = (line: string) => writeFileSync(join(dir, `seen-${line}`), "");
    const command = `echo one; ${seen("one")}; echo two >&2; ${seen("two")}; echo three`;
    const { stdout, stderr, combinedOutput, exitCode } = await run(command, {}, {}, onLine);
    assert.deepEqual(
      { stdout, stderr, combinedOutput, exitCode },
      { stdout: "one\nthree\n", stderr: "two\n", combinedOutput: "one\ntwo\nthree\n", exitCode: 0 },
    );
  });

  it("passes lines on while they come, also the last without an end and characters that are cut", async () => {
    const { lines } = await run("printf 'a\\nb\\303'; sleep 0.05; printf '\\251\\r\\nlast'");
    assert.deepEqual(lines, [
      ["stdout", "a"],
      ["stdout", "bé"],
      ["stdout", "last"],
    ]);
  });

  it("gives the exit code, and 128 + number for a signal", async () => {
    assert.equal((await run("exit 7")).exitCode, 7);
    const killed = await run("kill -TERM $$");
    assert.deepEqual([killed.exitCode, killed.signal], [143, "SIGTERM"]);
  });

  it("uses the folder, the shell and the variables it is given", async () => {
    assert.equal((await run("pwd")).stdout, `${dir}\n`);
    assert.equal((await run("echo $GREETING", { env: { GREETING: "hi" } })).stdout, "hi\n");
    assert.equal((await run("[[ a == a ]] && echo bash", { shell: "bash" })).stdout, "bash\n");
  });

  it("does not hand an editor's runtime variables to commands", async () => {
    const { stdout } = await run('echo "[$ELECTRON_RUN_AS_NODE]"', {}, { ELECTRON_RUN_AS_NODE: "1" });
    assert.equal(stdout, "[]\n");
  });

  it("says what is wrong when a command cannot be started", async () => {
    await assert.rejects(run("true", { shell: "no-such-shell" }), {
      message: "the shell `no-such-shell` was not found on PATH",
    });
    await assert.rejects(run("true", { dir: join(dir, "none") }), {
      message: `the folder ${join(dir, "none")} does not exist`,
    });
    writeFileSync(join(dir, "file"), "");
    await assert.rejects(run("true", { dir: join(dir, "file") }), { message: `${join(dir, "file")} is not a folder` });
  });

  it("has no stdin to wait for", async () => {
    assert.equal((await run("cat")).stdout, "");
  });

  it("stops everything a command started, and starts nothing afterwards", async () => {
    const groups = new ProcessGroups();
    const request = { command: "sh -c 'echo $$; exec sleep 30' & wait", shell: "sh", dir, env: {}, mute: false };
    let child = 0;
    const running = runShell(request, {
      groups,
      env: process.env,
      onLine: (_, line) => {
        child = Number(line);
        assert.deepEqual(groups.commands, [request.command]);
        groups.stop("SIGTERM");
      },
    });
    const { signal } = await running;
    assert.equal(signal, "SIGTERM");
    assert.ok(child > 0);
    // It may still be listed as dead, until whoever adopted it collects it.
    assert.match((await run(`ps -o stat= -p ${child} || true`)).stdout, /^(Z.*)?\s*$/);
    await assert.rejects(runShell(request, { groups, env: process.env }), { name: "InterruptedError" });
  });

  it("kills what does not stop when asked", async () => {
    const groups = new ProcessGroups();
    const request = {
      command: "trap '' TERM; echo ready; while :; do sleep 0.1; done",
      shell: "sh",
      dir,
      env: {},
      mute: false,
    };
    const { signal } = await runShell(request, { groups, env: process.env, onLine: () => groups.stop("SIGTERM", 100) });
    assert.equal(signal, "SIGKILL");
  });
});
