import type { PackageEvaluation } from "../model/package.ts";
import { type CompileOptions, compileClosure } from "./compileClosure.ts";
import type { EvaluationLimits, EvaluationOptions } from "./evaluation.ts";
import { PackageSession } from "./session.ts";

/** What an evaluation that nobody can cancel may use, unless the caller says otherwise. */
const defaultLimits: EvaluationLimits = { budget: { wallMs: 20_000, memory: 2 ** 30 } };

/**
 * Compiles and evaluates a package file in this thread: for lint and previews. What it returns is there to be shown:
 * secrets in it are masked.
 */
export function evaluatePackage(
  options: CompileOptions & Omit<EvaluationOptions, "closure" | "root">,
): PackageEvaluation {
  const session = new PackageSession({ limits: defaultLimits, ...options, closure: compileClosure(options) });
  return session.mask(session.evaluate());
}
