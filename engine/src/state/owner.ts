/**
 * Who holds a lock or runs a piece of work, and whether that process is still there. Used for the store's lock and for
 * `running` statuses, which carry the record of the process that runs them.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, so described that a later process with the same number is told apart where the system says enough. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own terms (clock ticks since boot on Linux); "" where unknown. */
  readonly started: string;
  /** Identity of this start of the machine and of the process namespace; "" where unknown. */
  readonly boot: string;
}

/** `unknown`: another machine or container, or no record; only time can tell. */
export type OwnerState = "alive" | "gone" | "unknown";

let self: Owner | undefined;

/** The record of this process. */
export function currentOwner(): Owner {
  self ??= { pid: process.pid, host: hostname(), started: processStart(process.pid) ?? "", boot: bootIdentity() };
  return self;
}

/** Whether the process that an owner record describes still runs. */
export function ownerState(owner: Owner | undefined): OwnerState {
  if (owner === undefined) return "unknown";
  const here = currentOwner();
  if (owner.host !== here.host) return "unknown";
  if (owner.boot !== here.boot) {
    const [boot, namespace] = owner.boot.split("/");
    const [hereBoot, hereNamespace] = here.boot.split("/");
    if (boot !== hereBoot) return owner.boot === "" || here.boot === "" ? "unknown" : "gone";
    if (namespace !== hereNamespace) return "unknown";
  }
  if (!processExists(owner.pid)) return "gone";
  const started = processStart(owner.pid);
  return owner.started !== "" && started !== undefined && started !== owner.started ? "gone" : "alive";
}

/** False only when the owner is known to be gone: work of an unknown owner is never taken away from it. */
export function ownerIsAlive(owner: Owner | undefined): boolean {
  return ownerState(owner) !== "gone";
}

/** True only when it is this very process that is there, and not a later one that was given the same number. */
export function isSurelyAlive(owner: Owner | undefined): boolean {
  if (owner === undefined || ownerState(owner) !== "alive") return false;
  return owner.started !== "" && processStart(owner.pid) === owner.started;
}

/** Reads an owner record from a document; undefined when it is none. */
export function readOwner(value: unknown): Owner | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { pid, host, started, boot } = value as Record<string, unknown>;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0 || typeof host !== "string") return undefined;
  return { pid, host, started: typeof started === "string" ? started : "", boot: typeof boot === "string" ? boot : "" };
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Fields of Linux's `/proc/<pid>/stat` after the command, which may itself hold spaces and brackets. */
function procStat(pid: number): string[] | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** A dead process that its parent has not yet collected holds nothing any more. */
function isZombie(pid: number): boolean {
  const state = procStat(pid)?.[0];
  return state === "Z" || state === "X";
}

/** When a process started, in the system's own terms; undefined where the system does not say, or there is none. */
export function processStart(pid: number): string | undefined {
  return procStat(pid)?.[19];
}

function bootIdentity(): string {
  if (process.platform !== "linux") return "";
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}
