import { join } from "node:path";
import {
  type AttemptHistory,
  type EnvironmentHistory,
  type FileHistory,
  type JsonValue,
  type ReleaseHistory,
  readEnvironments,
  readReleases,
  type WorkHistory,
} from "@ocuroot/engine";
import { findProducers, unionOutputs } from "../analysis/refTarget.ts";
import { looksSecret, maskTokens, maskValue, secretKeys, secretMask } from "../analysis/secrets.ts";
import type { FileView, RepositoryView } from "../analysis/snapshot.ts";
import { uriOfPath } from "../paths.ts";
import type {
  AttemptState,
  PackageState,
  ReleaseState,
  ReleasesParams,
  RepositoryState,
  WorkState,
} from "../protocol/index.ts";
import { readGitInfo } from "./git.ts";
import type { RepositoryStore } from "./repositoryStore.ts";
import { shortValue } from "./words.ts";

/** A repository of which nothing is known but its files; `problem` says why. */
export function unknownRepositoryState(repository: RepositoryView, problem: string): RepositoryState {
  const packages = withoutReleases(repository, []);
  return { uri: repository.uri, name: repository.name ?? "", problem, packages, environments: [] };
}

/** A repository's releases and environments, as the client's views show them. */
export async function readRepositoryState(
  repository: RepositoryView,
  store: RepositoryStore,
  params: ReleasesParams,
  signal: AbortSignal,
): Promise<RepositoryState> {
  const git = await store.disk.run(() => readGitInfo(repository.root));
  const base = {
    uri: repository.uri,
    name: repository.name ?? store.name ?? "",
    ...(git.branch === undefined ? {} : { branch: git.branch }),
    ...(git.commit === undefined ? {} : { commit: git.commit }),
  };
  const { state, name: repo, problem } = store;
  if (state === undefined || repo === undefined) {
    const packages = params.file === undefined ? withoutReleases(repository, []) : [];
    return { ...base, ...(problem === undefined ? {} : { problem }), packages, environments: [] };
  }
  try {
    const { file, limit } = params;
    const before = Number(/^r?(\d+)$/.exec(params.before ?? "")?.[1] ?? Number.NaN);
    const [histories, environments] = await Promise.all([
      readReleases(state, {
        repo,
        limit,
        signal,
        ...(file === undefined ? {} : { file }),
        ...(Number.isNaN(before) ? {} : { before }),
      }),
      readEnvironments(state, { signal }),
    ]);
    const packages = histories.map((each) => packageState(repository, each));
    return {
      ...base,
      ...(problem === undefined ? {} : { problem }),
      packages: file === undefined ? withoutReleases(repository, packages) : packages,
      environments: environments.map((each) => environmentState(each, repo)),
    };
  } catch (error) {
    if (signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { ...base, problem: message, packages: withoutReleases(repository, []), environments: [] };
  }
}

/** Adds the package files that have no release yet, sorted in. */
function withoutReleases(repository: RepositoryView, known: readonly PackageState[]): PackageState[] {
  const released = new Set(known.map((each) => each.file));
  const others = repository
    .packagePaths()
    .filter((path) => !released.has(path))
    .map((file) => ({ file, uri: uriOf(repository, file), releases: [], moreReleases: 0 }));
  return [...known, ...others].sort((a, b) => (a.file < b.file ? -1 : 1));
}

function packageState(repository: RepositoryView, history: FileHistory): PackageState {
  return {
    file: history.file,
    uri: uriOf(repository, history.file),
    releases: history.releases.map((each) => releaseState(each, repository.file(history.file))),
    moreReleases: history.moreReleases,
  };
}

function uriOf(repository: RepositoryView, file: string): string {
  return uriOfPath(join(repository.root, file));
}

function releaseState(release: ReleaseHistory, file: FileView | undefined): ReleaseState {
  const { ref, name, tags, commit, status, startedAt, durationMs, news } = release;
  return {
    ref,
    name,
    tags,
    commit,
    status,
    ...present({ startedAt, durationMs, news }),
    phases: release.phases.map((phase) => ({
      name: phase.name,
      status: phase.status,
      work: phase.work.map((each) => workState(each, file)),
    })),
  };
}

function workState(work: WorkHistory, file: FileView | undefined): WorkState {
  const { ref, kind, name, status, durationMs, news, position } = work;
  const secrets = file === undefined ? new Set<string>() : secretKeys(unionOutputs(findProducers(file, kind, name)));
  return {
    ref,
    kind,
    name,
    status,
    ...present({ durationMs, news, position }),
    attempts: work.attempts.map((each) => attemptState(each, secrets)),
    ...(work.missing.length === 0 ? {} : { missing: work.missing }),
  };
}

function attemptState(attempt: AttemptHistory, secrets: ReadonlySet<string>): AttemptState {
  const { ref, number, status, startedAt, durationMs, annotation } = attempt;
  return {
    ref,
    number,
    status,
    ...present({ startedAt, durationMs, annotation: annotation === undefined ? annotation : maskTokens(annotation) }),
    inputs: shorten(attempt.inputs),
    outputs: shorten(attempt.outputs, secrets),
  };
}

function shorten(
  values: Readonly<Record<string, JsonValue>>,
  secrets: ReadonlySet<string> = new Set(),
): Record<string, string> {
  const isSecret = (key: string): boolean => secrets.has(key) || looksSecret(key);
  const entries = Object.entries(values).map(([key, value]) => [
    key,
    isSecret(key) ? secretMask : shortValue(maskValue(value), 200),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function environmentState(
  { name, attributes, deployments }: EnvironmentHistory,
  repo: string,
): RepositoryState["environments"][number] {
  return {
    name,
    attributes,
    deployments: deployments.map((each) => ({
      file: each.repo === repo ? each.file : `${each.repo}/-/${each.file}`,
      release: each.release,
      ref: each.ref,
    })),
  };
}

/** The fields that have a value. */
function present<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: NonNullable<Fields[Key]> };
}
