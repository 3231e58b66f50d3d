/** What a worker thread can be asked to do. All plain data. */

import type { EnvironmentModel, FunctionRef, PackageEvaluation, PackageProblem } from "../model/package.ts";
import type { RepositoryEvaluation } from "../model/repository.ts";
import type { CompiledClosure } from "../package/compileClosure.ts";
import type { WorkInput, WorkOutcome } from "../package/session.ts";
import type { ReplReply, ReplRequest } from "../repl/messages.ts";

/** A package file to evaluate; the worker keeps it under its key, to call its functions. */
export interface PackageSource {
  readonly key: string;
  readonly closure: CompiledClosure;
  readonly root: string;
  readonly environments: readonly EnvironmentModel[];
}

export interface RepositorySource {
  /** Undefined: there is no `repo.ocu.star`. */
  readonly closure: CompiledClosure | undefined;
  readonly root: string;
  /** Where commands start. */
  readonly folder: string;
  readonly source: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export type Job =
  | { readonly kind: "repository"; readonly source: RepositorySource }
  | { readonly kind: "trigger"; readonly source: RepositorySource; readonly commit: string }
  | { readonly kind: "package"; readonly source: PackageSource }
  | { readonly kind: "call"; readonly key: string; readonly fn: FunctionRef; readonly input: WorkInput }
  | { readonly kind: "repl"; readonly request: ReplRequest };

export type JobResult =
  | { readonly kind: "repository"; readonly evaluation: RepositoryEvaluation }
  /** `problem`: why the trigger did not succeed. */
  | { readonly kind: "trigger"; readonly problem: PackageProblem | undefined }
  | { readonly kind: "package"; readonly evaluation: PackageEvaluation }
  | { readonly kind: "call"; readonly outcome: WorkOutcome }
  | { readonly kind: "repl"; readonly reply: ReplReply }
  /** A fault of ours, or data that could not cross threads. */
  | { readonly kind: "fault"; readonly problem: PackageProblem; readonly stack: string };
