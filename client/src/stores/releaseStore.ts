import {
  type PackageState,
  type ReleaseState,
  type ReleasesParams,
  type ReleasesResult,
  type RepositoryState,
  releasesRequest,
  type StateChangedParams,
  stateChangedNotification,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { allStretches, hasGap, unsettledStretches, updated, withOlder } from "../model/olderReleases.ts";
import { withKnownState } from "../model/releases.ts";
import { errorText, type ServerConnection } from "../serverConnection.ts";
import { ownUri } from "../uris.ts";

/** Release state as last read. A failed read is a state of its own, never an empty list. */
export type ReleaseData =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "loaded"; readonly repositories: readonly RepositoryState[] };

const firstPage = 5;
const nextPage = 50;
/** A reading that takes longer than this (milliseconds) is one that people must be told of. */
const patience = 5_000;

/** The release state of the workspace: follows the server's events, asks again for what is shown. */
export class ReleaseStore implements vscode.Disposable {
  private current: ReleaseData = { kind: "loading" };
  private readonly changeEmitter = new vscode.EventEmitter<ReleaseData>();
  private readonly stateEmitter = new vscode.EventEmitter<readonly string[]>();
  /** Files of which more than the first page is shown, by `repository file`, with all that was read of them. */
  private readonly longer = new Map<string, { repository: string; file: string; known: readonly ReleaseState[] }>();
  private reading: Promise<void> | undefined;
  private readAgain = false;
  /** Older releases are all read again, not only those that may have changed by themselves. */
  private readAllAgain = false;
  /** Milliseconds since 1970 when the reading began that takes so long; undefined while none does. */
  private slowSince: number | undefined;
  private readonly slowEmitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [];

  /** Fires with each new reading. */
  readonly onDidChange = this.changeEmitter.event;
  /** Fires with the repositories (URIs) whose state changed on disk, before it is read. */
  readonly onDidChangeState = this.stateEmitter.event;
  /** Fires when a reading begins to take long, and when it is over. */
  readonly onDidChangeSlowness = this.slowEmitter.event;

  constructor(private readonly server: ServerConnection) {
    server.onNotification<StateChangedParams>(stateChangedNotification, ({ repositories }) => {
      this.stateEmitter.fire(repositories);
      void this.refresh();
    });
    this.subscriptions.push(
      server.onDidChangeState((state) => {
        if (state.kind === "running") void this.refresh();
        else if (state.kind === "stopped")
          this.become({ kind: "failed", reason: state.reason ?? "The language server is not running." });
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.become({ kind: "loading" });
        void this.refresh();
      }),
    );
  }

  get data(): ReleaseData {
    return this.current;
  }

  /** When the reading began that takes unusually long, if there is one: what is shown is from before. */
  get isSlowSince(): number | undefined {
    return this.slowSince;
  }

  get repositories(): readonly RepositoryState[] {
    return this.current.kind === "loaded" ? this.current.repositories : [];
  }

  /** Reads state again. Calls while a reading is under way lead to one more reading after it. */
  refresh(): Promise<void> {
    if (this.reading !== undefined) {
      this.readAgain = true;
      return this.reading;
    }
    this.reading = this.readUntilCurrent().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** Reads all that is shown again, also where nothing told of a change. */
  refreshAll(): Promise<void> {
    this.readAllAgain = true;
    return this.refresh();
  }

  /** The package of a file (URI), if it was ever released. */
  findPackage(uri: string): PackageState | undefined {
    return this.repositories.flatMap((each) => each.packages).find((each) => each.uri === uri);
  }

  /** Shows more releases of one file: the next page is read, and nothing else. */
  async showMore(repository: string, file: string): Promise<void> {
    const shown = this.repositories
      .find((each) => each.uri === repository)
      ?.packages.find((each) => each.file === file);
    const last = shown?.releases.at(-1);
    if (!shown || !last) return;
    const page = await this.page({ repository, file, before: last.name, limit: nextPage });
    this.longer.set(`${repository} ${file}`, { repository, file, known: [...shown.releases, ...page] });
    this.become({ kind: "loaded", repositories: this.repositories.map((each) => this.withLonger(each)) });
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    this.changeEmitter.dispose();
    this.stateEmitter.dispose();
    this.slowEmitter.dispose();
  }

  private async readUntilCurrent(): Promise<void> {
    do {
      this.readAgain = false;
      const { isTrusted } = vscode.workspace;
      const began = Date.now();
      const timer = setTimeout(() => this.becomeSlow(began), patience);
      try {
        const repositories = await this.read();
        // What was read before the folder was trusted is nothing: it does not say that there is nothing.
        if (isTrusted !== vscode.workspace.isTrusted) this.readAgain = true;
        else this.become({ kind: "loaded", repositories });
      } catch (error) {
        this.become({ kind: "failed", reason: errorText(error) });
      } finally {
        clearTimeout(timer);
        this.becomeSlow(undefined);
      }
    } while (this.readAgain);
  }

  private async read(): Promise<RepositoryState[]> {
    // In restricted mode there is no view that would show it, and no command that would act on it.
    if (!vscode.workspace.isTrusted) return [];
    const isAll = this.readAllAgain;
    this.readAllAgain = false;
    const { repositories } = await this.ask({ limit: firstPage });
    for (const each of [...this.longer.values()]) await this.readLonger(each, repositories, isAll);
    const known = new Map(this.repositories.map((each) => [each.uri, each]));
    return repositories.map((each) => withKnownState(this.withLonger(each), known.get(each.uri)));
  }

  /** Notes the first page as it is now, and reads those older releases again that may have changed, or all of them. */
  private async readLonger(
    { repository, file, known }: { repository: string; file: string; known: readonly ReleaseState[] },
    repositories: readonly RepositoryState[],
    isAll: boolean,
  ): Promise<void> {
    const key = `${repository} ${file}`;
    const state = repositories.find((each) => each.uri === repository)?.packages.find((each) => each.file === file);
    if (!state) {
      this.longer.delete(key);
      return;
    }
    const last = state.releases.at(-1);
    if (last && hasGap(state, known)) {
      const page = await this.page({ repository, file, before: last.name, limit: nextPage });
      this.longer.set(key, { repository, file, known: [...state.releases, ...page] });
      return;
    }
    const first = new Set(state.releases.map((each) => each.ref));
    const older = known.filter((each) => !first.has(each.ref));
    const stretches = isAll ? allStretches(older, nextPage) : unsettledStretches(older);
    const read: ReleaseState[] = [];
    for (const { before, limit } of stretches) read.push(...(await this.page({ repository, file, before, limit })));
    // Another page may have been shown meanwhile.
    const now = this.longer.get(key)?.known ?? known;
    this.longer.set(key, { repository, file, known: updated(now, [...read, ...state.releases], stretches) });
  }

  private withLonger(repository: RepositoryState): RepositoryState {
    if (this.longer.size === 0) return repository;
    const packages = repository.packages.map((state) => {
      const known = this.longer.get(`${repository.uri} ${state.file}`)?.known;
      return known ? withOlder(firstPageOf(state), known) : state;
    });
    return { ...repository, packages };
  }

  private async page(params: ReleasesParams): Promise<readonly ReleaseState[]> {
    const { repositories } = await this.ask(params);
    const owner = repositories.find((each) => each.uri === params.repository);
    return owner?.packages.find((each) => each.file === params.file)?.releases ?? [];
  }

  private async ask(params: ReleasesParams): Promise<ReleasesResult> {
    const { repositories } = await this.server.demand<ReleasesResult>(releasesRequest, params);
    return { repositories: repositories.map(inOwnSpelling) };
  }

  private becomeSlow(since: number | undefined): void {
    if (since === this.slowSince) return;
    this.slowSince = since;
    this.slowEmitter.fire();
  }

  private become(data: ReleaseData): void {
    this.current = data;
    this.changeEmitter.fire(data);
  }
}

/** Addresses as the editor writes them: they are compared as text with those of documents. */
function inOwnSpelling(repository: RepositoryState): RepositoryState {
  const packages = repository.packages.map((state) => ({ ...state, uri: ownUri(state.uri) }));
  return { ...repository, uri: ownUri(repository.uri), packages };
}

/** A file as it was read, without what was added to it. */
function firstPageOf(state: PackageState): PackageState {
  const releases = state.releases.slice(0, firstPage);
  return { ...state, releases, moreReleases: state.moreReleases + state.releases.length - releases.length };
}
