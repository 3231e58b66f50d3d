import type { EnvironmentModel, PackageEvaluation, RepositoryEvaluation } from "@ocuroot/engine";

/** What the main thread asks of the preview's thread. Plain data. */
export interface EvaluateRequest {
  readonly id: number;
  readonly kind: "package" | "repository";
  /** Absolute path of the repository root. */
  readonly root: string;
  /** From the root, with `/`. */
  readonly file: string;
  /** Unsaved text by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly environments: readonly EnvironmentModel[];
  /** Anything but 0 in its first element ends the evaluation. */
  readonly cancelFlag: Int32Array;
  readonly limits: EvaluateLimits;
}

export interface EvaluateLimits {
  readonly steps: number;
  readonly wallMs: number;
}

/** The thread is there and has begun with a request: from now on its time counts. */
export interface EvaluateBegun {
  readonly id: number;
  readonly kind: "begun";
}

export type EvaluateReply =
  | { readonly id: number; readonly kind: "package"; readonly evaluation: PackageEvaluation }
  | { readonly id: number; readonly kind: "repository"; readonly evaluation: RepositoryEvaluation }
  | { readonly id: number; readonly kind: "fault"; readonly message: string };
