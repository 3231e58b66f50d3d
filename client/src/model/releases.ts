import type {
  MissingInput,
  PackageState,
  PhaseState,
  ReleaseState,
  RepositoryState,
  WorkState,
} from "@ocuroot/server/protocol";
import { formatAge, formatDuration, lastMeaningfulLine, plural } from "./format.ts";
import { missingName } from "./refText.ts";
import { canRetry, isWaiting, statusWords } from "./status.ts";

/** Text of the Releases view, computed from state: no editor needed. */

/** More pieces of work than a person takes in at a glance. */
const manyPieces = 12;

/** What is said while reading state takes unusually long; undefined while it does not. */
export function slowWords(slowSince: number | undefined): string | undefined {
  return slowSince === undefined ? undefined : "Reading state takes long: the store is large, or its disk is slow.";
}

/** A repository whose state cannot be read now, with what was known of it before. */
export function withKnownState(state: RepositoryState, known: RepositoryState | undefined): RepositoryState {
  const { problem, packages, environments } = state;
  const hasNothing = environments.length === 0 && packages.every(({ releases }) => releases.length === 0);
  if (problem === undefined || !hasNothing || known === undefined) return state;
  return { ...known, problem };
}

/** `r8 failed · 2 min ago`: the news of a package file's newest release. */
export function packageNews(state: PackageState, now: number, isKnown = true): string {
  const newest = state.releases[0];
  if (!newest) return isKnown ? "not released yet" : "";
  return joined([`${newest.name} ${releaseWords(newest, now)}`, age(newest, now)]);
}

/** `v1.3.0 · deploy/us failed · 41 s · 2 min ago`. */
export function releaseDescription(release: ReleaseState, now: number): string {
  if (isUnreadable(release)) return `cannot be read: ${release.news}`;
  const tags = release.tags.join("  ");
  if (release.status === "complete") return joined([tags, elapsed(release, now), age(release, now)]);
  const culprit = newsWork(release);
  const words = culprit ? `${culprit.kind}/${culprit.name} ${workWords(culprit, now)}` : releaseWords(release, now);
  return joined([tags, words, release.status === "running" ? "" : elapsed(release, now), age(release, now)]);
}

/** True for a release whose documents are damaged: nothing but that is known of it. */
export function isUnreadable({ phases, news }: ReleaseState): boolean {
  return phases.length === 0 && news !== undefined;
}

/** Status of a release in words, with what it waits for. */
export function releaseWords(release: ReleaseState, now: number): string {
  if (isUnreadable(release)) return "cannot be read";
  const detail = { durationMs: release.status === "running" ? liveDuration(release, now) : undefined };
  return statusWords(release.status, { ...detail, needs: nameOf(firstMissing(release)) });
}

/** The work that explains the release's status: the first failed one, else the first that waits, else the first running. */
export function newsWork(release: ReleaseState): WorkState | undefined {
  const all = release.phases.flatMap((phase) => phase.work);
  return (
    all.find((work) => canRetry(work.status)) ??
    all.find((work) => isWaiting(work.status)) ??
    all.find((work) => work.status === "running")
  );
}

/** The first input that a release waits for. */
export function firstMissing(release: ReleaseState): MissingInput | undefined {
  return release.phases.flatMap((phase) => phase.work).flatMap((work) => work.missing ?? [])[0];
}

/** `2 of 2 · 18 s`, `1 of 3 failed · 11 s`. */
export function phaseDescription(phase: PhaseState, now: number): string {
  const total = phase.work.length;
  if (total === 0) return "no work";
  const count = (test: (work: WorkState) => boolean) => phase.work.filter(test).length;
  const failed = count((work) => canRetry(work.status));
  const waiting = count((work) => isWaiting(work.status));
  const done = count((work) => work.status === "complete" || work.status === "removed");
  const words =
    failed > 0
      ? `${failed} of ${total} failed`
      : waiting > 0
        ? `${waiting} of ${total} ${waiting === 1 ? "needs" : "need"} input`
        : `${done} of ${total}`;
  const longest = Math.max(-1, ...phase.work.map((work) => liveDuration(work, now) ?? -1));
  return joined([words, longest < 0 ? "" : formatDuration(longest)]);
}

/** Work of a phase as it is listed: in order, except that among many pieces what needs a look comes first. */
export function listedWork(work: readonly WorkState[]): readonly WorkState[] {
  if (work.length <= manyPieces) return work;
  const rank = ({ status }: WorkState) => (canRetry(status) ? 0 : isWaiting(status) ? 1 : status === "running" ? 2 : 3);
  return [...work].sort((a, b) => rank(a) - rank(b));
}

/** What stands beside a piece of work: its news first, then how long it took. */
export function workDescription(work: WorkState, now: number): string {
  const duration = liveDuration(work, now);
  switch (work.status) {
    case "failed":
      return joined([
        lastMeaningfulLine(work.news ?? "") || "failed",
        duration === undefined ? "" : formatDuration(duration),
      ]);
    case "complete":
      return joined([duration === undefined ? "done" : formatDuration(duration), annotationLine(work)]);
    default:
      return joined([workWords(work, now), annotationLine(work)]);
  }
}

/** The first line of what the work says of its result, or of what it waits for. */
export function annotationLine({ attempts }: WorkState): string {
  const [line = ""] = (attempts[0]?.annotation ?? "").trim().split(/\r?\n/, 1);
  return line.trim();
}

/** Status of a piece of work in words. */
export function workWords(work: WorkState, now: number): string {
  return statusWords(work.status, { durationMs: liveDuration(work, now), needs: nameOf(work.missing?.[0]) });
}

/** A phase without a name that holds one piece of work is shown as that work. */
export function loneWork(phase: PhaseState): WorkState | undefined {
  return phase.name === "" && phase.work.length === 1 ? phase.work[0] : undefined;
}

/** Recorded duration, or the time since the start of what still runs. Milliseconds. */
export function liveDuration(
  item: { status: string; durationMs?: number; startedAt?: number; attempts?: readonly { startedAt?: number }[] },
  now: number,
): number | undefined {
  if (item.status !== "running") return item.durationMs;
  const started = item.startedAt ?? item.attempts?.[0]?.startedAt;
  return started === undefined ? item.durationMs : Math.max(0, now - started);
}

/** True when `words` (blank-separated) all occur in what the release is called, tagged, is for, or has become. */
export function matchesFilter(file: string, release: ReleaseState, filter: string): boolean {
  const haystack = [file, release.name, release.commit, release.status, statusWords(release.status), ...release.tags]
    .join(" ")
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

/** Files with the newest release first, as they would be looked for after something happened; unreleased ones last. */
export function newestFirst(packages: readonly PackageState[]): PackageState[] {
  const time = (state: PackageState) => state.releases[0]?.startedAt ?? (state.releases.length > 0 ? 0 : -1);
  return [...packages].sort((a, b) => time(b) - time(a) || a.file.localeCompare(b.file));
}

/** `11 more`. */
export function moreLabel(count: number): string {
  return `${count} more`;
}

/** `3 releases` of a file, for screen readers. */
export function releaseCount(state: PackageState): string {
  return plural(state.releases.length + state.moreReleases, "release");
}

function elapsed(release: ReleaseState, now: number): string {
  const duration = liveDuration(release, now);
  return duration === undefined ? "" : formatDuration(duration);
}

function age(release: ReleaseState, now: number): string {
  return release.startedAt === undefined ? "" : formatAge(release.startedAt, now);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

function nameOf(input: MissingInput | undefined): string | undefined {
  return input && missingName(input);
}
