/** Making a release (spec 4.1, step 5): its document, its commit marker and one pending run for each piece of work, at once. */
import type { PackageModel, WorkModel } from "../model/package.ts";
import type { Transaction } from "../state/store.ts";
import {
  bodyTypes,
  declaredInputs,
  type PackagePlace,
  type RunDocument,
  refs,
  releaseBody,
  workId,
} from "./documents.ts";
import { applyEnvironments, intendEnvironments } from "./environments.ts";
import { phaseDependencies } from "./plan.ts";
import { listReleases, releasesOfCommit } from "./readRelease.ts";
import { type Repository, recordConfiguration } from "./repository.ts";
import { setRun } from "./runWrites.ts";
import { absoluteRef } from "./toAbsolute.ts";

/** A release of this file at this commit is there already. */
export class ReleaseExistsError extends Error {
  override readonly name = "ReleaseExistsError";
  readonly releases: readonly number[];

  constructor(place: PackagePlace, releases: readonly number[]) {
    super(`${place.file} already has a release for this commit`);
    this.releases = releases;
  }
}

/** Creates the file's next release. Returns its ref. Throws ReleaseExistsError, with nothing written, unless `force`. */
export async function createRelease(
  repository: Repository,
  model: PackageModel,
  commit: string,
  force: boolean,
): Promise<string> {
  const place: PackagePlace = { repo: repository.name, file: model.file };
  const { state, intent } = repository;
  if (model.registered.length > 0) {
    // Intent comes first: should we stop in between, `state apply` brings what is missing.
    if (!force) await refuseSecond(repository, place, commit);
    await intendEnvironments(intent, model.registered);
  }
  return await state.transact(`Release of ${model.file}`, async (tx) => {
    if (!force) await refuseSecond(repository, place, commit);
    const number = ((await listReleases(state, place)).at(-1) ?? 0) + 1;
    const release = refs.release(place, number);
    await recordConfiguration(repository, tx, commit);
    await applyEnvironments(state, tx, model.registered);
    writeRelease(tx, place, release, model, commit);
    return release;
  });
}

/** Throws ReleaseExistsError when the commit has a release of the file. */
export async function refuseSecond({ state }: Repository, place: PackagePlace, commit: string): Promise<void> {
  const present = await releasesOfCommit(state, place, commit);
  if (present.length > 0) throw new ReleaseExistsError(place, present);
}

function writeRelease(
  tx: Transaction,
  place: PackagePlace,
  release: string,
  model: PackageModel,
  commit: string,
): void {
  const time = new Date().toISOString();
  const toAbsolute = absoluteRef(place, release);
  const phases = model.phases.map((phase) => ({ work: phase.work.map((work) => ({ id: workId(work), work })) }));
  const dependencies = phaseDependencies(release, phases);
  phases.forEach((phase, index) => {
    for (const { id, work } of phase.work) {
      const run = refs.run(release, id, 1);
      setRun(tx, run, firstRun(work, release, dependencies[index] ?? [], toAbsolute));
      tx.set(refs.status(run, "pending"), bodyTypes.marker, { time });
    }
  });
  // Last, in the order in which documents come to lie in the store: who sees the release sees its runs, too.
  tx.set(release, bodyTypes.release, releaseBody(model, commit, toAbsolute));
  tx.set(refs.commit(release, commit), bodyTypes.marker, { time });
}

function firstRun(
  work: WorkModel,
  release: string,
  dependencies: readonly string[],
  toAbsolute: (ref: string) => string,
): RunDocument {
  const fn = work.kind === "task" ? work.fn : work.up;
  const inputs = declaredInputs(work, toAbsolute);
  return { type: work.kind === "task" ? "task" : "up", release, functions: [{ fn, dependencies, inputs }] };
}
