/**
 * What evaluating a package file yields: the release process it declares. Plain data (it crosses threads and LSP); the
 * functions themselves stay in the worker that evaluated the file and are found again by `FunctionRef`.
 */
import type { JsonValue } from "../json/json.ts";

/** A place in a file; `file` is relative to the repository root, line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A function by name and place, as state documents record it: `pos` is `file:line:col`. */
export interface FunctionRef {
  readonly name: string;
  readonly pos: string;
}

/** An input as declared. `ref` is the text as written; a constant has only `value`. */
export interface InputModel {
  readonly ref?: string;
  readonly default?: JsonValue;
  readonly value?: JsonValue;
  /** True when `default` was given (it may be null). */
  readonly hasDefault?: boolean;
}

export interface EnvironmentModel {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TaskModel {
  readonly kind: "task";
  readonly name: string;
  readonly fn: FunctionRef;
  readonly inputs: Readonly<Record<string, InputModel>>;
  readonly annotation?: string;
  /** Where `call(…)`/`task(…)` was called, innermost frame in a file of the repository. */
  readonly position: SourcePosition;
}

export interface DeployModel {
  readonly kind: "deploy";
  readonly environment: EnvironmentModel;
  readonly up: FunctionRef;
  readonly down: FunctionRef;
  /** Without the implicit `environment` input. */
  readonly inputs: Readonly<Record<string, InputModel>>;
  readonly position: SourcePosition;
}

export type WorkModel = TaskModel | DeployModel;

/** `name` is "" for work that stands outside of a phase: a phase of one. */
export interface PhaseModel {
  readonly name: string;
  readonly work: readonly WorkModel[];
  readonly position: SourcePosition;
}

/** How a function receives its inputs (spec 1.4). */
export type Dialect = "ctx" | "parameters";

export interface FunctionModel {
  readonly ref: FunctionRef;
  readonly dialect: Dialect;
  readonly parameters: readonly { readonly name: string; readonly hasDefault: boolean }[];
}

/** A problem found while evaluating or validating, at a place in a file. `code` is stable ("sdk/work-twice"). */
export interface PackageProblem {
  readonly code: string;
  readonly severity: "error" | "warning" | "information";
  readonly message: string;
  readonly position: SourcePosition | undefined;
  /** Calls that led there, outermost first. */
  readonly stack?: readonly (SourcePosition & { readonly functionName: string })[];
  readonly related?: readonly { readonly message: string; readonly position: SourcePosition }[];
}

export interface PackageModel {
  /** Repository-relative path with `/`. */
  readonly file: string;
  readonly sdkVersion: string;
  readonly phases: readonly PhaseModel[];
  readonly functions: readonly FunctionModel[];
  /** From `register_environment`, in call order. */
  readonly registered: readonly EnvironmentModel[];
  /** Modules that the file loads, directly or not; repository-relative. */
  readonly modules: readonly string[];
}

/** `model` is absent when evaluation failed; problems may also accompany a good model. */
export interface PackageEvaluation {
  readonly model: PackageModel | undefined;
  readonly problems: readonly PackageProblem[];
}
