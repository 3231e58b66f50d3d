import { type CompileOptions, compileClosure } from "./compileClosure.ts";
import type { EvaluationOptions } from "./evaluation.ts";
import type { PackageEvaluation } from "./model.ts";
import { PackageSession } from "./session.ts";

/** Compiles and evaluates a package file in this thread: for lint, preview and the editor. */
export function evaluatePackage(
  options: CompileOptions & Omit<EvaluationOptions, "closure" | "root">,
): PackageEvaluation {
  const closure = compileClosure(options);
  return new PackageSession({ ...options, closure }).evaluate();
}
