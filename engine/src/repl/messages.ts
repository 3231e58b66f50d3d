/** What the prompt asks of the thread that holds the values, and what it hears. All plain data. */
import type { Program } from "@ocuroot/starlark";
import type { JsonValue } from "../json/json.ts";
import type { PackageProblem } from "../model/package.ts";
import type { CompiledFile } from "../package/compileClosure.ts";
import type { PackageSource } from "../runner/jobs.ts";

/** Name that an input gives the value of its last expression. */
export const resultName = "__result__";

export type ReplRequest =
  /** Evaluates the file. */
  | { readonly kind: "open"; readonly source: PackageSource }
  | { readonly kind: "run"; readonly input: ReplInput }
  /** The attributes of what a dotted name stands for. */
  | { readonly kind: "attributes"; readonly path: readonly string[] };

/** A piece of program, as typed. */
export interface ReplInput {
  readonly program: Program;
  /** The input itself, and what it loads. */
  readonly files: readonly CompiledFile[];
}

export type ReplReply =
  | { readonly kind: "opened"; readonly problems: readonly PackageProblem[]; readonly names: readonly string[] }
  | {
      readonly kind: "ran";
      /** The value, as `repr` prints it; absent for None and for statements. Secrets are masked. */
      readonly shown?: string;
      /** The value as JSON, where it has that form. */
      readonly json?: JsonValue;
      readonly problem?: PackageProblem;
      /** All names that the next input can use, beside those of the language. */
      readonly names: readonly string[];
    }
  | { readonly kind: "attributes"; readonly attributes: readonly ReplAttribute[] };

export interface ReplAttribute {
  readonly name: string;
  readonly isCallable: boolean;
}
