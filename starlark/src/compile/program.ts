import type { ParameterInfo } from "../values/functions.ts";

/** Changes whenever compiled programs and the interpreter must change together. */
export const programVersion = 3;

/** A function of a program. Names are byte strings. See FunctionCode. */
export interface FunctionInfo {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly parameters: readonly ParameterInfo[];
  readonly slotNames: readonly string[];
  readonly positionalCount: number;
  readonly hasArgs: boolean;
  readonly hasKwargs: boolean;
  readonly isLambda: boolean;
  readonly isTopLevel: boolean;
  readonly doc: string;
}

/** A constant that JavaScript has no literal for. */
export type Constant =
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bytes"; readonly value: string };

/** A module that the program loads: the text of its `load`, and where that stands. */
export interface LoadInfo {
  readonly module: string;
  readonly line: number;
  readonly column: number;
}

/**
 * A compiled file: plain data, which can be cloned to a worker and needs no parser to run. `source` is the body of a
 * JavaScript function of (runtime, codes, constants, universal, predeclared) that returns the file's instance.
 */
export interface Program {
  readonly version: number;
  readonly filename: string;
  readonly source: string;
  /** The first is the file itself. */
  readonly functions: readonly FunctionInfo[];
  readonly constants: readonly Constant[];
  /** Line and column of every place an error can point at. */
  readonly places: Int32Array;
  /** Names of the globals, byte strings. */
  readonly globals: readonly string[];
  readonly loads: readonly LoadInfo[];
  readonly allowsRecursion: boolean;
}
