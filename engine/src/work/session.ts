/**
 * Doing work (spec 4.5 to 4.7): operations first, then runs that can start, then deployments whose inputs changed; after
 * each step the store is asked again, since what was done may have made more work, or less.
 */
import type { PackageModel } from "../model/package.ts";
import { addDeployRun, DeployBusyError, DeployError, type DeployRequest } from "../release/deployRuns.ts";
import { type PackagePlace, refs } from "../release/documents.ts";
import { applyIntent, IntentError } from "../release/intents.ts";
import { allWork, latestRun } from "../release/plan.ts";
import { readRelease, readRunStatus } from "../release/readRelease.ts";
import type { Repository } from "../release/repository.ts";
import { retryRelease } from "../release/retry.ts";
import { shortRef } from "../release/runWrites.ts";
import type { WorkCaller } from "../runner/caller.ts";
import type { Store, StoreError } from "../state/store.ts";
import { findChanged, firstOfChanged } from "./changes.ts";
import { checkEnvironments } from "./checkEnvironments.ts";
import { findAwaited, findIntents, findOperations, findRuns, type IntentScope } from "./identify.ts";
import { inParallel } from "./inParallel.ts";
import type { ChangedItem, IntentItem, OperationItem, ReleaseAt, RunItem } from "./items.ts";
import { SourceError, type Sources } from "./sources.ts";
import { releaseOfRef, type Scope } from "./survey.ts";
import { isDamage } from "./unlessDamaged.ts";

export interface RunRequest {
  readonly repository: Repository;
  readonly place: PackagePlace;
  /** Ref of the release. */
  readonly release: string;
  readonly caller: WorkCaller;
  /** Refs of the only runs to work on. */
  readonly only?: ReadonlySet<string>;
  /** Releases of other files run at the same time. */
  readonly isOneOfMany: boolean;
}

/** What the command line does for work: evaluating files, running releases, and talking to the user. */
export interface WorkHands {
  /** Undefined when the file cannot be used; it has said why. */
  evaluate(
    repository: Repository,
    file: string,
  ): Promise<{ readonly model: PackageModel; readonly caller: WorkCaller } | undefined>;
  /** Works on a release until nothing can proceed. False when it was interrupted. */
  run(request: RunRequest): Promise<boolean>;
  /** Pieces of work at once. */
  readonly parallel: number;
  note(text: string): void;
  complain(text: string): void;
  /** Told of documents that cannot be read. What needs them is left undone, and the rest is done. */
  onDamage(error: StoreError): void;
}

/** Files whose releases run at the same time, at most: each takes threads and a checkout. */
export const mostFiles = 8;

/** Intent that is applied with the other work: all that differs, or only what work in scope waits for. */
export type MeantIntents = "awaited" | (IntentScope & { readonly onlyCommit?: string });

export class WorkSession {
  readonly #stores: { readonly state: Store; readonly intent: Store };
  readonly #sources: Sources;
  readonly #hands: WorkHands;
  /** What was tried: a thing that stays as it is although it was done is not done again and again. */
  readonly #tried = new Set<string>();
  /** Releases that were given runs for new environments, by ref, until those are begun. */
  readonly #extended = new Map<string, ReleaseAt>();
  #hasFailed = false;
  #isInterrupted = false;

  constructor(stores: { readonly state: Store; readonly intent: Store }, sources: Sources, hands: WorkHands) {
    this.#stores = stores;
    this.#sources = sources;
    this.#hands = hands;
  }

  /** 0 when all that was done went well. */
  get exitCode(): number {
    if (this.#isInterrupted) return 130;
    return this.#hasFailed ? 1 : 0;
  }

  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /** Does all there is in scope, until nothing is left. With `intents`, intent is applied too. Returns whether there was any. */
  async doAll(asked: Scope, intents?: MeantIntents): Promise<boolean> {
    const scope: Scope = { ...asked, onDamage: (error) => this.#damaged(error) };
    let didAny = false;
    const steps = [
      ...(intents === "awaited" ? [() => this.#applyAwaited(scope)] : []),
      ...(typeof intents === "object" ? [() => this.applyIntents(intents)] : []),
      () => this.doOperations(scope),
      () => this.#doRuns(scope),
      () => this.#doChanged(scope),
    ];
    for (let index = 0; index < steps.length && !this.#isInterrupted; ) {
      const did = await steps[index]!();
      didAny ||= did;
      index = did ? 0 : index + 1;
    }
    if (!this.#isInterrupted) await this.#tellOfExtended();
    return didAny;
  }

  /** Lets releases look at environments again. Returns whether there was anything to do. */
  async doOperations(scope: Scope): Promise<boolean> {
    const items = this.#untried(await findOperations(this.#stores.state, scope), ({ ref }) => ref);
    for (const item of items) if (!this.#isInterrupted) await this.#doOperation(item);
    return items.length > 0;
  }

  /** Makes state what intent says, as far as it differs. */
  async applyIntents(scope: Exclude<MeantIntents, "awaited">): Promise<boolean> {
    const { onlyCommit } = scope;
    const found = await findIntents(this.#stores, scope);
    const meant = found.filter(
      ({ needsSource, commit, repo }) =>
        onlyCommit === undefined || !needsSource || (commit === onlyCommit && repo === scope.repo),
    );
    return await this.#applyItems(meant);
  }

  async #applyAwaited(scope: Scope): Promise<boolean> {
    return await this.#applyItems(await findAwaited(this.#stores, scope));
  }

  async #applyItems(found: readonly IntentItem[]): Promise<boolean> {
    const items = this.#untried(found, ({ ref, workType }) => `${workType} ${ref}`);
    for (const item of items) if (!this.#isInterrupted) await this.#applyIntent(item);
    return items.length > 0;
  }

  /** Runs `up` or `down` of deployments, release by release. Returns whether all of them were done. */
  async runDeployments(requests: readonly DeployRequest[]): Promise<boolean> {
    return await this.#deploy(requests, false);
  }

  async #deploy(requests: readonly DeployRequest[], hasOthers: boolean): Promise<boolean> {
    const { state } = this.#stores;
    const releases = [...new Set(requests.map(({ release }) => release))];
    const opened = await Promise.all(
      releases.map(async (release) => {
        const at = await releaseOfRef(state, release);
        if (!at) throw new DeployError(`there is no release ${release}`);
        return { at, repository: await this.#sources.at(at.place.repo, at.commit) };
      }),
    );
    let areDone = true;
    await this.#byFile(opened, async ({ at, repository }, isOneOfMany) => {
      const evaluated = await this.#hands.evaluate(repository, at.place.file);
      if (!evaluated) throw new DeployError(`${at.release} cannot be run, since its file has an error`);
      const own = requests.filter((_, index) => opened[releases.indexOf(requests[index]!.release)]?.at === at);
      const runs: string[] = [];
      for (const request of own) {
        runs.push(await addDeployRun(state, { ...request, release: at.release }, evaluated.model));
      }
      await this.#run({
        repository,
        place: at.place,
        release: at.release,
        caller: evaluated.caller,
        only: new Set(runs),
        isOneOfMany: isOneOfMany || hasOthers,
      });
      const statuses = await Promise.all(runs.map((run) => readRunStatus(state, run)));
      const busy = runs[statuses.indexOf("running")];
      if (busy !== undefined) throw new DeployBusyError(`${shortRef(busy)} is running in another process`);
      if (!statuses.every((status) => status === "complete")) areDone = false;
    });
    return areDone;
  }

  /** What could not begin waits for inputs: the release says for which, as it does when it is made. */
  async #tellOfExtended(): Promise<void> {
    const waiting = [...this.#extended.values()].map((at) => ({ at }));
    this.#extended.clear();
    await this.#byFile(waiting, ({ at }, isOneOfMany) => this.#continueRelease(at, [], isOneOfMany));
  }

  async #doOperation(item: OperationItem): Promise<void> {
    await this.#withSource(item, async (repository) => {
      const evaluated = await this.#hands.evaluate(repository, item.place.file);
      if (!evaluated) return this.#fail();
      const added = await checkEnvironments(this.#stores.state, item.place, item.release, evaluated.model);
      // Should environments change again meanwhile, that is a new operation.
      this.#tried.delete(item.ref);
      for (const run of added) this.#hands.note(`${run.replace(/\/\d+$/, "")} is new`);
      if (added.length > 0) this.#extended.set(item.release, item);
    });
  }

  async #doRuns(scope: Scope): Promise<boolean> {
    const found = await findRuns(this.#stores.state, scope);
    const items = this.#untried(found, ({ ref, step, reason }) => `${reason} ${ref} ${step}`);
    const releases = new Map<string, RunItem[]>();
    for (const item of items) releases.set(item.release, [...(releases.get(item.release) ?? []), item]);
    const groups = [...releases.values()].map((own) => ({ at: own[0] as ReleaseAt, own }));
    await this.#byFile(groups, async ({ at, own }, isOneOfMany) => {
      if (!this.#isInterrupted) await this.#continueRelease(at, own, isOneOfMany);
    });
    return items.length > 0;
  }

  /** Releases of different files at the same time; those of one file in order, so that the newest one comes last. */
  async #byFile<T extends { readonly at: ReleaseAt }>(
    releases: readonly T[],
    act: (release: T, isOneOfMany: boolean) => Promise<void>,
  ): Promise<void> {
    const files = new Map<string, T[]>();
    for (const each of releases) {
      const file = refs.package(each.at.place);
      files.set(file, [...(files.get(file) ?? []), each]);
    }
    await inParallel([...files.values()], Math.min(mostFiles, this.#hands.parallel), async (own) => {
      for (const each of own) await act(each, files.size > 1);
    });
  }

  async #continueRelease(at: ReleaseAt, items: readonly RunItem[], isOneOfMany: boolean): Promise<void> {
    const { state } = this.#stores;
    this.#extended.delete(at.release);
    await this.#withSource(at, async (repository) => {
      const evaluated = await this.#hands.evaluate(repository, at.place.file);
      if (!evaluated) return this.#fail();
      if (items.some(({ reason }) => reason === "interrupted"))
        await retryRelease(state, at.release, { which: "interrupted" });
      const { caller } = evaluated;
      await this.#run({ repository, place: at.place, release: at.release, caller, isOneOfMany });
    });
  }

  async #doChanged(scope: Scope): Promise<boolean> {
    const { state } = this.#stores;
    const all = await findChanged(state, scope);
    const items = this.#untried(await firstOfChanged(state, all, scope.onDamage), changedKey);
    const releases = new Map<string, ChangedItem[]>();
    for (const item of items) releases.set(item.release, [...(releases.get(item.release) ?? []), item]);
    const groups = [...releases.values()].map((own) => ({ at: own[0] as ReleaseAt, own }));
    await this.#byFile(groups, async ({ at, own }, isOneOfMany) => {
      if (!this.#isInterrupted) await this.#redo(at, own, isOneOfMany);
    });
    return items.length > 0;
  }

  async #redo(at: ReleaseAt, items: readonly ChangedItem[], isOneOfMany: boolean): Promise<void> {
    await this.#withSource(at, async () => {
      for (const { ref, inputs } of items) this.#hands.note(`${ref} is done again: ${inputs.join(", ")} changed`);
      const requests = items.map(
        ({ release, environment, attempt }): DeployRequest => ({ release, environment, type: "up", after: attempt }),
      );
      const areDone = await this.#deploy(requests, isOneOfMany);
      // A deployment whose input changes once more, because of others, is work once more.
      if (areDone) for (const item of items) this.#tried.delete(changedKey(item));
    });
  }

  async #applyIntent({ ref, commit, repo, needsSource }: IntentItem): Promise<void> {
    const apply = async () => {
      const change = await applyIntent(this.#stores, ref, (requests) => this.runDeployments(requests));
      if (change) this.#hands.note(`${ref} is ${intentWords[change]}`);
    };
    await this.#guard(needsSource && repo !== undefined ? `${ref} (commit ${commit})` : ref, apply);
  }

  async #withSource(at: ReleaseAt, act: (repository: Repository) => Promise<void>): Promise<void> {
    await this.#guard(at.release, async () => act(await this.#sources.at(at.place.repo, at.commit)));
  }

  /** What cannot be done is told, and the rest goes on. */
  async #guard(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (isDamage(error)) {
        this.#damaged(error);
        this.#hands.complain(`${what}: could not be finished, since it needs a document that is damaged`);
        return;
      }
      // What another machine is at is its matter: nothing has failed.
      if (error instanceof DeployBusyError) return this.#hands.note(`${what}: ${error.message}`);
      const isKnown = error instanceof SourceError || error instanceof DeployError || error instanceof IntentError;
      if (!isKnown) throw error;
      this.#hands.complain(`${what}: ${error.message}`);
      this.#fail();
    }
  }

  async #run(request: RunRequest): Promise<void> {
    const before = await this.#failedRuns(request.release);
    if (!(await this.#hands.run(request))) this.#isInterrupted = true;
    const after = await this.#failedRuns(request.release);
    if ([...after].some((run) => !before.has(run))) this.#fail();
  }

  async #failedRuns(ref: string): Promise<Set<string>> {
    const release = await readRelease(this.#stores.state, ref);
    const runs = (release ? allWork(release) : []).flatMap((work) => latestRun(work) ?? []);
    return new Set(runs.filter(({ status }) => status === "failed").map((run) => run.ref));
  }

  #untried<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
    const fresh = items.filter((item) => !this.#tried.has(keyOf(item)));
    for (const item of fresh) this.#tried.add(keyOf(item));
    return fresh;
  }

  #damaged(error: StoreError): void {
    this.#hands.onDamage(error);
    this.#fail();
  }

  #fail(): void {
    this.#hasFailed = true;
  }
}

const intentWords = { create: "set", update: "changed", delete: "removed" } as const;

function changedKey({ ref }: ChangedItem): string {
  return `changed ${ref}`;
}
