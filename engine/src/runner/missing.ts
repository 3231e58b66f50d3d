/** What to do about inputs that are not there (spec 4.2, "blocked"). */
import { refs } from "../release/documents.ts";
import type { MissingInput, WorkId } from "../release/events.ts";
import { allWork, latestRun, type ReleaseState, type RunState } from "../release/plan.ts";
import { listReleases, readRelease, readRun } from "../release/readRelease.ts";
import type { StoreReader } from "../state/store.ts";

/** How commands are written for the user: quoting, paths from the current folder. */
export interface MissingHelp {
  /** The command that sets a ref. */
  setCommand(ref: string): string;
  /** A command about a package file or a release of it, given by its absolute ref: `release new`, `release retry`. */
  releaseCommand(words: string, ref: string): string;
  /** A ref as the package file would have it. */
  shorten(ref: string): string;
}

/** The piece of work that waits. */
interface Waiting {
  readonly release: ReleaseState;
  readonly work: WorkId;
}

/** For each ref that `work` of the release misses the command that would set it, or what would produce it. */
export async function missingInputs(
  state: StoreReader,
  missing: readonly { readonly input: string; readonly ref: string }[],
  { release, work }: Waiting,
  help: MissingHelp,
): Promise<MissingInput[]> {
  return await Promise.all(
    missing.map(async ({ input, ref }): Promise<MissingInput> => {
      const written = help.shorten(ref);
      if (/(^|\/)@[^/]*\/custom\//.test(ref)) return { input, ref, written, help: { command: help.setCommand(ref) } };
      return { input, ref, written, help: { sentence: await producer(state, ref, { release, work }, help) } };
    }),
  );
}

async function producer(state: StoreReader, ref: string, waiting: Waiting, help: MissingHelp): Promise<string> {
  const { release } = waiting;
  const parts = /^(?:(.*?)\/-\/)?(.*?)\/?@([^/]*)\/(task|call|deploy|environment)\/([^#]*?)(?:#(.*))?$/.exec(ref);
  if (!parts) return "no command of ours produces it";
  const [, repo = "", file = "", tag = "", kind = "", name = "", fragment] = parts;
  if (kind === "environment") return ofEnvironment(name);
  const place = { repo, file };
  const own = refs.package(place);
  const id = `${kind === "call" ? "task" : kind}/${name}`;
  const what = kind === "deploy" ? `the deployment to \`${name}\`` : `\`${name}\``;
  const isHere = release.ref.startsWith(`${own}/@`) && (tag === "" || release.ref === `${own}/@${tag}`);
  const about = { state, id, what, fragment };
  if (isHere) return await ofThisRelease(waiting, about);
  const other = await releaseNamed(state, place, tag);
  if (other) return await ofOtherRelease(other, about, own, help);
  const from = tag === "" ? `a release of ${help.shorten(own)}` : `release ${tag} of ${help.shorten(own)}`;
  return `${what} of ${from} gives it; run: ${help.releaseCommand("release new", own)}`;
}

/** Names of environments need no quotes. */
function ofEnvironment(name: string): string {
  const ref = `@/environment/${name}`;
  const command = `ocuroot state set -f json ${ref} '{"name":"${name}","attributes":{}}' && ocuroot state apply ${ref}`;
  return `environment \`${name}\` is not registered; release the file that registers it, or run: ${command}`;
}

/** The piece of work that is to give a value. */
interface Giver {
  readonly state: StoreReader;
  readonly id: WorkId;
  /** How it is called in a sentence. */
  readonly what: string;
  /** The field of it that is wanted. */
  readonly fragment: string | undefined;
}

async function ofThisRelease({ release, work }: Waiting, giver: Giver): Promise<string> {
  const { id, what } = giver;
  const found = allWork(release).find((each) => each.id === id);
  if (!found) return `${what} is not part of this release`;
  if (id === work) return `${what} waits for what it gives itself: give the input a default, input(ref=…, default=…)`;
  const run = latestRun(found);
  if (run?.status === "complete") return await ofCompleteRun(run, what, giver);
  if (phaseOf(release, id) >= phaseOf(release, work))
    return `${what} gives it, but does not come before: take it to an earlier phase`;
  return `${what} gives it when it is done`;
}

/** Done, and the value is not there: it was never given, or went with what was taken down. */
async function ofCompleteRun(run: RunState, what: string, { state, fragment = "" }: Giver): Promise<string> {
  const { type } = await readRun(state, run.ref);
  return type === "down" ? `${what} was taken down` : `${what} is done but gave no \`${field(fragment)}\``;
}

function phaseOf(release: ReleaseState, id: WorkId): number {
  return release.phases.findIndex((phase) => phase.work.some((each) => each.id === id));
}

/** The release that a ref names, or the file's newest. */
async function releaseNamed(state: StoreReader, place: { repo: string; file: string }, tag: string) {
  const newest = tag === "" ? (await listReleases(state, place)).at(-1) : undefined;
  const ref = tag === "" ? newest && refs.release(place, newest) : await state.resolve(refs.tag(place, tag));
  return ref ? await readRelease(state, ref) : undefined;
}

/** Another release is there, and has not given the value yet: how that one stands says what to do. */
async function ofOtherRelease(other: ReleaseState, giver: Giver, own: string, help: MissingHelp): Promise<string> {
  const { id, what } = giver;
  const run = allWork(other)
    .filter((each) => each.id === id)
    .map(latestRun)[0];
  const which = `${what} of r${other.number} of ${help.shorten(own)}`;
  const command = (words: string) => help.releaseCommand(words, other.ref);
  switch (statusOf(run)) {
    case "none":
      return `r${other.number} of ${help.shorten(own)} has no ${id.replace("/", " ")}; see: ${command("release show")}`;
    case "complete":
      return await ofCompleteRun(run!, which, giver);
    case "failed":
      return `${which} failed; run: ${command("release retry")}`;
    case "running":
      return `${which} is running`;
    case "cancelled":
      return `${which} was cancelled; run: ${help.releaseCommand("release new --force", own)}`;
    default:
      // What it waits for in its turn, such as an approval, is told there with the command that sets it.
      return `${which} gives it when it is done; what that waits for: ${command("release show")}`;
  }
}

function statusOf(run: RunState | undefined): "none" | "complete" | "failed" | "running" | "cancelled" | "waiting" {
  if (run === undefined) return "none";
  if (run.isAbandoned || run.status === "failed" || run.status === "failed_retried") return "failed";
  return run.status === "pending" || run.status === "paused" ? "waiting" : run.status;
}

function field(fragment: string): string {
  return fragment.replace(/^output\//, "");
}
