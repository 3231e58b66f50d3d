import { type PackagePlace, refs } from "../../release/documents.ts";
import { listReleases, readRelease } from "../../release/readRelease.ts";
import type { Repository } from "../../release/repository.ts";
import type { WorkStatus } from "../../runner/events.ts";
import { allWork, latestRun, type ReleaseState, releaseOutcome } from "../../runner/plan.ts";
import type { StoreReader } from "../../state/store.ts";
import { withContext } from "../context.ts";
import { findFileTarget } from "../target.ts";
import { statusSign, statusWords } from "../terminal/statusWords.ts";
import { ago, padded } from "../terminal/text.ts";
import type { Ui } from "../ui.ts";

/** `release list`: releases of a file, or of every file of the repository, newest first. */
export function releaseList(ui: Ui, args: readonly string[], { limit }: { readonly limit: number }): Promise<number> {
  return withContext(ui, async (context) => {
    const argument = args[0] ?? ui.options.package;
    const target = argument === undefined ? undefined : await findFileTarget(context, argument);
    const repository = target?.repository ?? (await context.repository());
    const places = target ? [target.place] : await packagesWithReleases(repository);
    for (const place of places) await listFile(ui, repository, place, limit);
    if (places.length === 0) ui.note("No releases yet. Start one: ocuroot release new FILE");
    return 0;
  });
}

/** Files of the repository that have releases, by name. */
async function packagesWithReleases({ name, state }: Repository): Promise<PackagePlace[]> {
  const found = await state.match(`${name}/-/**/@r*/commit/*`, { links: false });
  const prefix = `${name}/-/`.length;
  const files = found.map((ref) => ref.slice(prefix).replace(/\/@r\d+\/commit\/[^/]+$/, ""));
  return [...new Set(files)].map((file) => ({ repo: name, file }));
}

async function listFile(ui: Ui, repository: Repository, place: PackagePlace, limit: number): Promise<void> {
  const { state } = repository;
  const numbers = (await listReleases(state, place)).reverse();
  if (!ui.options.json) ui.out(ui.colors.bold(ui.places(repository.root).shown(place.file)));
  for (const number of numbers.slice(0, limit)) {
    const release = await readRelease(state, refs.release(place, number));
    if (!release) continue;
    const { commit, ref } = release;
    const status = releaseStatus(release);
    const [tags, time] = await Promise.all([tagsOf(state, ref), createdAt(state, ref, commit)]);
    if (ui.options.json) {
      ui.outJson({ ref, file: place.file, name: `r${number}`, status, commit, tags, time: time ?? null });
      continue;
    }
    const when = time ? ago(Date.parse(time), Date.now()) : "";
    const columns = [
      `r${number}`.padEnd(5),
      padded(statusWords[status], 12),
      commit.slice(0, 7),
      padded(when, 12),
      tags.join(" "),
    ];
    ui.out(`  ${statusSign(ui.colors, status)} ${columns.join(" ")}`.trimEnd());
  }
  if (numbers.length > limit && !ui.options.json) ui.out(ui.colors.dim(`  ${numbers.length - limit} more`));
  if (numbers.length === 0 && !ui.options.json) ui.out("  no releases yet");
}

/** One word for a whole release. */
export function releaseStatus(release: ReleaseState): WorkStatus {
  const runs = allWork(release).map(latestRun);
  if (runs.some((run) => run?.status === "running" && !run.isAbandoned)) return "running";
  if (runs.some((run) => run?.isAbandoned)) return "interrupted";
  if (runs.some((run) => run?.status === "cancelled")) return "cancelled";
  const outcome = releaseOutcome(release);
  return outcome === "complete" || outcome === "failed" || outcome === "running" ? outcome : "blocked";
}

/** Tags that link to the release, in the order of their names. */
export async function tagsOf(state: StoreReader, release: string): Promise<string[]> {
  const stored = await state.read(release);
  const links = stored?.kind === "ref" ? stored.links : [];
  return links.flatMap((link) => /\/@([^/]+)$/.exec(link)?.[1] ?? []).sort();
}

async function createdAt(state: StoreReader, release: string, commit: string): Promise<string | undefined> {
  const stored = await state.read(refs.commit(release, commit));
  return stored?.kind === "ref" ? (stored.body as { readonly time?: string } | null)?.time : undefined;
}
