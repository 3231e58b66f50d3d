/** What must hold after every kill, found by reading the store's files and the proof, without the engine's own code. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { World } from "./world.ts";

export interface Run {
  readonly ref: string;
  /** `R/-/F/@rN`. */
  readonly release: string;
  /** `backend.task.test`: as the proof names it. */
  readonly work: string;
  /** `task`, `up` or `down`. */
  readonly type: string;
  readonly number: number;
  readonly status: string;
  readonly document: string;
  /** The token that it gave out. */
  readonly proof: string | undefined;
}

export interface Picture {
  readonly documents: ReadonlyMap<string, Stored>;
  readonly runs: readonly Run[];
}

interface Stored {
  readonly kind: "ref" | "link";
  readonly body: unknown;
}

export interface ProofLine {
  readonly kind: "begin" | "end" | "overlap";
  readonly round: number;
  readonly work: string;
  readonly token: string;
}

/** Something that should never be. */
export class Fault extends Error {
  override readonly name = "Fault";
}

/** All documents of the store as others see it: of a git store, as it is on the remote. Throws a Fault for a damaged one. */
export function readStore(world: World, kind: "state" | "intent" = "state"): Picture {
  const root = world.sort === "git" ? refreshMirror(world) : join(world.checkout, ".ocuroot/store");
  const refs = join(root, kind, "refs");
  const documents = new Map<string, Stored>();
  if (existsSync(refs)) {
    for (const entry of readdirSync(refs, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      if (entry.name !== "@object.json") throw new Fault(`${path} is no document`);
      const ref = entry.parentPath
        .slice(refs.length + 1)
        .split(sep)
        .join("/");
      documents.set(ref, parse(path));
    }
  }
  return { documents, runs: findRuns(documents) };
}

function parse(path: string): Stored {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    // A living process may have moved it meanwhile; nothing else lives when we look.
    throw new Fault(`${path} cannot be read: ${(error as Error).message}`);
  }
  let value: { kind?: unknown; body_type?: unknown; links?: unknown; body?: unknown };
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault(`${path} does not parse: ${JSON.stringify(text.slice(0, 60))}`);
  }
  const isDocument = value.kind === "ref" && typeof value.body_type === "string" && Array.isArray(value.links);
  const isLink = value.kind === "link" && typeof value.body === "string";
  if (!(isDocument || isLink) || value.body === undefined) throw new Fault(`${path} is no whole document: ${text}`);
  return { kind: isLink ? "link" : "ref", body: value.body };
}

/** The remote's branch, in a folder. */
function refreshMirror(world: World): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: world.mirror, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  if (!existsSync(world.mirror)) {
    execFileSync("git", ["clone", "--quiet", "--no-checkout", world.remote, world.mirror], { stdio: "ignore" });
  }
  git("fetch", "--quiet", "origin");
  try {
    git("rev-parse", "--verify", "--quiet", "refs/remotes/origin/state");
  } catch {
    return world.mirror; // Nothing was pushed yet.
  }
  git("reset", "--quiet", "--hard", "refs/remotes/origin/state");
  return world.mirror;
}

function findRuns(documents: ReadonlyMap<string, Stored>): Run[] {
  const statuses = new Map<string, string[]>();
  for (const ref of documents.keys()) {
    const [, run, status] = /^(.*\/\d+)\/status\/([a-z_]+)$/.exec(ref) ?? [];
    if (run !== undefined && status !== undefined) statuses.set(run, [...(statuses.get(run) ?? []), status]);
  }
  const runs: Run[] = [];
  for (const [ref, { body }] of documents) {
    const [, release, name, kind, target, number] =
      /^(.*\/-\/(\w+)\/release\.ocu\.star\/@r\d+)\/(task|deploy)\/([^/]+)\/(\d+)$/.exec(ref) ?? [];
    if (release === undefined) continue;
    const {
      type = "",
      output,
      functions,
    } = body as { type?: string; output?: { proof?: string }; functions?: unknown };
    if (!Array.isArray(functions)) throw new Fault(`${ref} is no run`);
    runs.push({
      ref,
      release,
      work: `${name}.${kind}.${target}`,
      type,
      number: Number(number),
      status: (statuses.get(ref) ?? ["none"]).sort().join("+"),
      document: JSON.stringify(body),
      proof: output?.proof,
    });
  }
  return runs;
}

function readProof(world: World): ProofLine[] {
  const lines = readFileSync(world.proof, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const [kind, round, work, token] = line.split(" ") as [ProofLine["kind"], string, string, string];
    return { kind, round: Number(round), work, token };
  });
}

/** What was complete stays complete, with the same document. */
export function expectKept(before: Picture, after: Picture): void {
  const now = new Map(after.runs.map((run) => [run.ref, run]));
  for (const run of before.runs) {
    const other = now.get(run.ref);
    if (other === undefined) throw new Fault(`${run.ref} (${run.status}) is lost`);
    if (run.status !== "complete") continue;
    if (other.status !== "complete") throw new Fault(`${run.ref} was complete and is ${other.status} now`);
    if (other.document !== run.document) throw new Fault(`${run.ref} was rewritten after it was complete`);
  }
  for (const [ref, { kind }] of before.documents) {
    if (/\/@r\d+$/.test(ref) && kind === "ref" && !after.documents.has(ref)) throw new Fault(`${ref} is lost`);
  }
}

/** A run has one status at any moment; no two releases or runs share a number, since each is a folder of its own. */
export function expectOneStatus({ runs }: Picture): void {
  for (const { ref, status } of runs) {
    if (status.includes("+") || status === "none") throw new Fault(`${ref} has the statuses ${status}`);
  }
}

/**
 * Nothing ran twice: not at once, not after it was complete, and not oftener than there are attempts. `before` is what
 * the store held when the round began.
 */
export function expectNothingTwice(world: World, round: number, before: Picture, after: Picture): void {
  const proof = readProof(world).filter((line) => line.round === round);
  const overlap = proof.find(({ kind }) => kind === "overlap");
  if (overlap) throw new Fault(`${overlap.work} ran twice at the same time in round ${round}`);
  const known = new Map(before.runs.map((run) => [run.ref, run.status]));
  const attempted = after.runs.filter(
    ({ ref, status }) => status !== "pending" && (known.get(ref) ?? "pending") === "pending",
  );
  const tokens = new Set(proof.flatMap(({ kind, token }) => (kind === "end" ? [token] : [])));
  for (const work of new Set(proof.map((line) => line.work))) {
    const begun = proof.filter((line) => line.kind === "begin" && line.work === work).length;
    // The first half of the chain has a name of its own.
    const attempts = attempted.filter((run) => run.work === work.replace(/\.first$/, "")).length;
    if (begun > attempts) throw new Fault(`${work} ran ${begun} times in ${attempts} attempts in round ${round}`);
  }
  for (const run of attempted) {
    if (run.status !== "complete") continue;
    if (run.proof === undefined || !tokens.has(run.proof)) {
      throw new Fault(`${run.ref} is complete, but its work did not end: ${run.proof}`);
    }
  }
  const completions = new Map<string, number>();
  for (const run of attempted) {
    if (run.status !== "complete") continue;
    const key = `${run.release} ${run.work} ${run.type}`;
    completions.set(key, (completions.get(key) ?? 0) + 1);
    if (completions.get(key) === 2) throw new Fault(`${key} was completed twice in round ${round}`);
  }
}

/** A line that a command says with `--json`. */
interface Event {
  readonly type?: string;
  readonly ref?: string;
  readonly release?: string;
  readonly work?: string;
  readonly attempt?: number;
  readonly status?: string;
}

/** What a command said is done, is in the store, also when it was killed right after. */
export function expectReported(stdout: string, after: Picture): number {
  let reported = 0;
  const lines = stdout.split("\n").slice(0, -1);
  for (const line of lines) {
    if (!line.startsWith("{")) continue;
    const event = JSON.parse(line) as Event;
    if (event.type === "release" && event.ref !== undefined && !after.documents.has(event.ref)) {
      throw new Fault(`${event.ref} was reported and is not there`);
    }
    if (event.type !== "work" || event.status !== "complete" || event.attempt === undefined) continue;
    // Several releases may be under way at once.
    const run = `${event.release}/${event.work}/${event.attempt}`;
    const found = after.runs.find(({ ref }) => ref === run);
    if (found?.status !== "complete")
      throw new Fault(`${run} was reported complete and is ${found?.status ?? "not there"}`);
    reported++;
  }
  return reported;
}
