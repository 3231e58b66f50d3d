import {
  type PackageState,
  type ReleasesParams,
  type ReleasesResult,
  type RepositoryState,
  releasesRequest,
  type StateChangedParams,
  stateChangedNotification,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { errorText, type ServerConnection } from "../serverConnection.ts";

/** Release state as last read. A failed read is a state of its own, never an empty list. */
export type ReleaseData =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "loaded"; readonly repositories: readonly RepositoryState[] };

const firstPage = 5;
const nextPage = 20;

/** The release state of the workspace: follows the server's events, asks again for what is shown. */
export class ReleaseStore implements vscode.Disposable {
  private current: ReleaseData = { kind: "loading" };
  private readonly changeEmitter = new vscode.EventEmitter<ReleaseData>();
  private readonly stateEmitter = new vscode.EventEmitter<readonly string[]>();
  /** Releases wanted of single files beyond the first page, by `repository file`. */
  private readonly limits = new Map<string, { repository: string; file: string; limit: number }>();
  private reading: Promise<void> | undefined;
  private readAgain = false;
  private readonly subscriptions: vscode.Disposable[] = [];

  /** Fires with each new reading. */
  readonly onDidChange = this.changeEmitter.event;
  /** Fires with the repositories (URIs) whose state changed on disk, before it is read. */
  readonly onDidChangeState = this.stateEmitter.event;

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
    );
  }

  get data(): ReleaseData {
    return this.current;
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

  /** The package of a file (URI), if it was ever released. */
  findPackage(uri: string): PackageState | undefined {
    return this.repositories.flatMap((each) => each.packages).find((each) => each.uri === uri);
  }

  /** Shows more releases of one file. */
  async showMore(repository: string, file: string): Promise<void> {
    const key = `${repository} ${file}`;
    const limit = (this.limits.get(key)?.limit ?? firstPage) + nextPage;
    this.limits.set(key, { repository, file, limit });
    await this.refresh();
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    this.changeEmitter.dispose();
    this.stateEmitter.dispose();
  }

  private async readUntilCurrent(): Promise<void> {
    do {
      this.readAgain = false;
      try {
        this.become({ kind: "loaded", repositories: await this.read() });
      } catch (error) {
        this.become({ kind: "failed", reason: errorText(error) });
      }
    } while (this.readAgain);
  }

  private async read(): Promise<RepositoryState[]> {
    // In restricted mode there is no view that would show it, and no command that would act on it.
    if (!vscode.workspace.isTrusted) return [];
    const ask = (params: ReleasesParams) => this.server.demand<ReleasesResult>(releasesRequest, params);
    const { repositories } = await ask({ limit: firstPage });
    const longer = await Promise.all([...this.limits.values()].map(ask));
    const more = longer.flatMap((result) => result.repositories);
    return repositories.map((repository) => ({
      ...repository,
      packages: repository.packages.map((state) => findLonger(more, repository.uri, state) ?? state),
    }));
  }

  private become(data: ReleaseData): void {
    this.current = data;
    this.changeEmitter.fire(data);
  }
}

function findLonger(
  more: readonly RepositoryState[],
  repository: string,
  state: PackageState,
): PackageState | undefined {
  return more
    .filter((each) => each.uri === repository)
    .flatMap((each) => each.packages)
    .find((each) => each.file === state.file && each.releases.length > state.releases.length);
}
