/**
 * Records of the commands that runs have started, kept on this machine while the commands run. A process that is killed
 * cannot end its commands: they live on, and whoever runs the same work again finds them here and ends them first.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HostError } from "../sdk/host.ts";
import { currentOwner, type Owner, ownerState, processStart, readOwner } from "../state/owner.ts";

/** A command that a run started: the leader of a process group. */
export interface CommandRecord {
  readonly pid: number;
  /** When the command started, in the system's own terms; "" where unknown. */
  readonly started: string;
  /** The same in milliseconds since 1970, as our clock had it. */
  readonly time: number;
  /** Ref of the run. */
  readonly run: string;
  /** First line of the command, secrets masked. */
  readonly command: string;
  /** The process that started it. */
  readonly owner: Owner;
}

const folderName = "commands";

/** How long a command has to stop by itself before it is killed, and after that to be gone. Milliseconds. */
const graceMs = 5000;

/**
 * Records a command that has a process and has not begun. Returns how to forget it, for when it has ended. Throws HostError
 * when it cannot be written down: then it must not begin.
 */
export function recordCommand(localFolder: string, run: string, pid: number, command: string): () => void {
  // On Windows there are no process groups, and nothing that a process could be told from a later one by.
  if (process.platform === "win32") return () => {};
  const [firstLine = ""] = command.split("\n");
  const started = processStart(pid) ?? "";
  const record: CommandRecord = { pid, started, time: Date.now(), run, command: firstLine, owner: currentOwner() };
  const path = recordPath(localFolder, record);
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(join(localFolder, folderName), { recursive: true });
    writeFileSync(draft, JSON.stringify(record));
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : message;
    throw new HostError(`\`${firstLine}\` was not started: ${path} could not be written: ${why}`, { cause: error });
  }
  return () => rmSync(path, { force: true });
}

/**
 * Ends the commands that a process which is gone has left running for one of the runs, with everything in their process
 * groups. Returns those that were ended. Throws HostError for one that cannot be ended.
 */
export async function endLeftCommands(
  localFolder: string,
  runs: ReadonlySet<string>,
  grace = graceMs,
): Promise<CommandRecord[]> {
  const left: { readonly path: string; readonly record: CommandRecord }[] = [];
  for (const { path, record } of readRecords(localFolder)) {
    if (ownerState(record.owner) !== "gone") continue;
    const isRunning = isSameCommand(record);
    if (isRunning && !runs.has(record.run)) continue;
    if (isRunning) left.push({ path, record });
    else rmSync(path, { force: true });
  }
  await Promise.all(left.map(({ record }) => end(record, grace)));
  for (const { path } of left) rmSync(path, { force: true });
  return left.map(({ record }) => record);
}

/** Machines may share the store's folder, and process numbers with it. */
function recordPath(localFolder: string, { pid, owner }: CommandRecord): string {
  return join(localFolder, folderName, `${pid}.${owner.host.replace(/[^\w.-]/g, "_")}.json`);
}

function readRecords(localFolder: string): { readonly path: string; readonly record: CommandRecord }[] {
  const folder = join(localFolder, folderName);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // No command was ever recorded.
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    const record = readRecord(path);
    return record ? [{ path, record }] : [];
  });
}

/** Undefined for a record that is gone, or that its process could not finish writing. */
function readRecord(path: string): CommandRecord | undefined {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as Partial<Record<keyof CommandRecord, unknown>>;
    const owner = readOwner(value.owner);
    const { pid, started, time, run, command } = value;
    if (!owner || typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
    if (typeof started !== "string" || typeof time !== "number") return undefined;
    if (typeof run !== "string" || typeof command !== "string") return undefined;
    return { pid, started, time, run, command, owner };
  } catch {
    return undefined;
  }
}

/** Whether the command still runs: its process is there, and is not a later one that was given the same number. */
function isSameCommand({ pid, started, time, owner }: CommandRecord): boolean {
  const here = currentOwner();
  if (owner.boot !== here.boot) return false; // The machine was started anew since.
  // Another process of that age: ours but for the time at which it started.
  if (ownerState({ ...here, pid, started }) === "gone") return false;
  return started !== "" || startedAround(pid, time);
}

/** Clocks of `ps` count in whole seconds. */
const toleranceMs = 2500;

/** Where the system does not say more, `ps` says when a process started. False when it cannot tell. */
export function startedAround(pid: number, time: number): boolean {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env, stdio: "pipe" });
    return Math.abs(Date.parse(text.trim()) - time) <= toleranceMs;
  } catch {
    return false;
  }
}

async function end(record: CommandRecord, grace: number): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const problem = signalGroup(record.pid, signal);
    if (problem) throw cannotEnd(record, problem);
    if (!(await isOver(() => !isSameCommand(record), grace))) continue;
    // What the command had started may take longer than its shell. It may also wait, dead, to be collected.
    await isOver(() => !groupExists(record.pid), Math.min(grace, 1000));
    signalGroup(record.pid, "SIGKILL");
    return;
  }
  throw cannotEnd(record, "it does not stop");
}

/** Waits until the condition holds, or the time is up. */
async function isOver(condition: () => boolean, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

function groupExists(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Returns why it cannot be done; a group that is gone is as good. */
function signalGroup(pid: number, signal: NodeJS.Signals): string | undefined {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH") return code === "EPERM" ? "it belongs to another user" : message;
  }
  return undefined;
}

function cannotEnd({ pid, command, run }: CommandRecord, why: string): HostError {
  const work = run.replace(/^.*\/@/, "@");
  return new HostError(
    `\`${command}\` (process ${pid}) still runs for ${work}, whose ocuroot is gone, and cannot be ended: ${why}; end it, then try again`,
  );
}
