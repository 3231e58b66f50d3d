import type { FunctionRef, PackageProblem } from "./package.ts";

/** What `repo.ocu.star` says (spec 1.4, "Repository"). Plain data. */

/** A store as configured. A relative `path` counts from the repository root. */
export type StoreDescription =
  | { readonly kind: "fs"; readonly path: string }
  | {
      readonly kind: "git";
      readonly remoteUrl: string;
      readonly branch?: string;
      readonly createBranch: boolean;
      /** Content by path, to be kept at the root of the branch. */
      readonly supportFiles: Readonly<Record<string, string>>;
    };

export interface RepositoryStores {
  readonly state: StoreDescription;
  /** Undefined: beside the state (spec 3.1). */
  readonly intent?: StoreDescription;
  /** True when nothing was set, and this is the store of spec 3.5. */
  readonly isDefault: boolean;
}

export interface RepositoryModel {
  readonly sdkVersion: string;
  readonly alias?: string;
  readonly stores: RepositoryStores;
  readonly remotes: readonly string[];
  /** Globs of package files that a push leaves alone. */
  readonly releaseIgnore: readonly string[];
  readonly trigger?: FunctionRef;
  readonly hasTrigger: boolean;
  /** Text of `repo.ocu.star`; "" when there is none. */
  readonly source: string;
}

/** `model` is absent when there is an error. */
export interface RepositoryEvaluation {
  readonly model: RepositoryModel | undefined;
  readonly problems: readonly PackageProblem[];
}

/** Where state lies when nothing is configured, relative to the repository root (spec 3.5). */
export const defaultStorePath = ".ocuroot/store";
