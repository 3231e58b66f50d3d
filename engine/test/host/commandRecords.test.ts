import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { endLeftCommands, recordCommand, startedAround } from "../../src/host/commandRecords.ts";
import { currentOwner } from "../../src/state/owner.ts";

const run = "shop/-/a.ocu.star/@r1/task/build/1";
const gone = { ...currentOwner(), pid: 2 ** 22 + 1 };

describe("records of commands", () => {
  let folder: string;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocuroot-commands-"));
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** A command as runs start them, that says when it is ready. */
  const start = async (command: string) => {
    const child = spawn("sh", ["-c", `${command} & echo ready; wait`], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    children.push(child);
    await once(child.stdout!, "data");
    return { child, pid: child.pid!, exit: once(child, "exit") };
  };
  const path = (pid: number) => join(folder, "commands", `${pid}.${hostname()}.json`);
  /** Makes the record say what it would if another process had written it. */
  const change = (pid: number, changes: object) =>
    writeFileSync(path(pid), JSON.stringify({ ...JSON.parse(readFileSync(path(pid), "utf8")), ...changes }));
  const names = () => readdirSync(join(folder, "commands"));

  it("are there while the command runs", () => {
    const forget = recordCommand(folder, run, process.pid, "first line\nsecond");
    const { pid, command, owner } = JSON.parse(readFileSync(path(process.pid), "utf8"));
    assert.deepEqual({ pid, command, owner }, { pid: process.pid, command: "first line", owner: currentOwner() });
    forget();
    assert.deepEqual(names(), []);
  });

  it("let a command of a process that is gone be ended, with what it started", async () => {
    const { pid, exit } = await start("sleep 60");
    recordCommand(folder, run, pid, "sleep 60");
    change(pid, { owner: gone });
    assert.deepEqual(
      (await endLeftCommands(folder, new Set([run]), 200)).map((left) => [left.pid, left.command]),
      [[pid, "sleep 60"]],
    );
    assert.deepEqual(await exit, [null, "SIGTERM"]);
    assert.deepEqual(names(), []);
    assert.deepEqual(await endLeftCommands(folder, new Set([run])), []);
  });

  it("let a command that will not stop be killed", async () => {
    const { pid, exit } = await start("trap '' TERM; sleep 60");
    recordCommand(folder, run, pid, "deploy");
    change(pid, { owner: gone });
    assert.equal((await endLeftCommands(folder, new Set([run]), 100)).length, 1);
    assert.deepEqual(await exit, [null, "SIGKILL"]);
  });

  it("leave alone what a living process runs, what runs for others, and a later process of the same number", async () => {
    const { pid, child } = await start("sleep 60");
    recordCommand(folder, run, pid, "sleep 60");
    assert.deepEqual(await endLeftCommands(folder, new Set([run])), []);
    change(pid, { owner: gone });
    assert.deepEqual(await endLeftCommands(folder, new Set([`${run}0`])), []);
    assert.deepEqual(names(), [`${pid}.${hostname()}.json`]);
    change(pid, { started: "1" });
    assert.deepEqual(await endLeftCommands(folder, new Set([run])), []);
    assert.deepEqual(names(), [], "it tells of nothing any more");
    assert.equal(child.exitCode ?? child.signalCode, null);
  });

  it("go by the clock where the system does not say more", async () => {
    assert.equal(startedAround(process.pid, Date.now() - process.uptime() * 1000), true);
    assert.equal(startedAround(process.pid, Date.now() - 3_600_000), false);
    assert.equal(startedAround(2 ** 22 + 1, Date.now()), false);
    const { pid, exit } = await start("sleep 60");
    recordCommand(folder, run, pid, "sleep 60");
    change(pid, { owner: gone, started: "", time: Date.now() - 3_600_000 });
    assert.deepEqual(await endLeftCommands(folder, new Set([run])), []);
    recordCommand(folder, run, pid, "sleep 60");
    change(pid, { owner: gone, started: "" });
    assert.equal((await endLeftCommands(folder, new Set([run]), 200)).length, 1);
    await exit;
  });

  it("are passed over when they are torn", async () => {
    const forget = recordCommand(folder, run, process.pid, "x");
    for (const text of ["", "{", "null", "{}", `{"pid":1}`]) {
      writeFileSync(path(process.pid), text);
      assert.deepEqual(await endLeftCommands(folder, new Set([run])), []);
    }
    forget();
  });
});
