import type { StarlarkFunction, Thread } from "@ocuroot/starlark";
import type { EnvironmentModel, InputModel, SourcePosition } from "../model/package.ts";
import type { StoreDescription } from "../model/repository.ts";
import type { RelatedPosition } from "./failure.ts";
import type { SyncHost } from "./host.ts";
import type { EnvironmentValue, WorkValue } from "./values.ts";

/** A problem at the call that is being made. */
export interface CallProblem {
  readonly code: string;
  readonly severity: "error" | "warning" | "information";
  readonly message: string;
  readonly related?: readonly RelatedPosition[];
}

/** What SDK functions need of the evaluation they are called in. */
export interface SdkSession {
  /** What kind of file is evaluated; modules follow the file that loads them. */
  readonly place: "package" | "repository";
  readonly host: SyncHost;
  /** Absolute path of the folder that relative paths and commands start from. */
  readonly folder: string;
  /** Those in state, sorted by name. */
  readonly environments: readonly EnvironmentModel[];
  /** True while the file's top level is executed, false while a work function runs. */
  readonly isEvaluating: boolean;
  readonly declarations: Declarations;
  readonly settings: Settings;

  /** Where the call that is being made stands in the user's files. */
  position(thread: Thread): SourcePosition;
  /** The SDK version that was read from a file's text. */
  versionOf(file: string): string | undefined;
  /** Adds a problem and goes on, so that one evaluation finds as many as it can; while work runs, errors are thrown. */
  report(thread: Thread, problem: CallProblem): void;
  /** Checks that a function that `next` continues with can receive the inputs given to it. */
  checkNext(thread: Thread, fn: StarlarkFunction, inputs: DeclaredInputs): void;
  registerSecret(value: string): void;
  /** Remembers which call a host tells something about. */
  enter(thread: Thread): void;
}

/** Collects what a package file declares. Problems are reported at the call. */
export interface Declarations {
  addTask(thread: Thread, task: TaskDeclaration): WorkValue;
  addDeploy(thread: Thread, deploy: DeployDeclaration): WorkValue;
  addPhase(thread: Thread, name: string, work: readonly WorkValue[]): void;
  registerEnvironment(thread: Thread, environment: EnvironmentValue): void;
}

export type DeclaredInputs = Readonly<Record<string, InputModel>>;

export interface TaskDeclaration {
  readonly fn: StarlarkFunction;
  readonly name: string;
  readonly annotation: string | undefined;
  readonly inputs: DeclaredInputs;
}

export interface DeployDeclaration {
  readonly environment: EnvironmentModel;
  readonly up: StarlarkFunction;
  readonly down: StarlarkFunction;
  readonly inputs: DeclaredInputs;
}

/** Collects what `repo.ocu.star` sets by calls. */
export interface Settings {
  setAlias(thread: Thread, name: string): void;
  setStores(thread: Thread, state: StoreDescription, intent: StoreDescription | undefined): void;
  setRemotes(thread: Thread, remotes: readonly string[]): void;
  setReleaseIgnore(thread: Thread, globs: readonly string[]): void;
  setTrigger(thread: Thread, fn: StarlarkFunction): void;
}
