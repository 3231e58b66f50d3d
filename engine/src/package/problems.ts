import { type Diagnostic, type Frame, type SourceFile, type Span, EvalError as StarlarkError } from "@ocuroot/starlark";
import type { PackageProblem, SourcePosition } from "../model/package.ts";
import { SdkFailureDetails } from "../sdk/failure.ts";

/** Problems of every origin in one form. */

function positionIn(source: SourceFile, span: Span): SourcePosition {
  return { file: source.name, ...source.positionAt(span.start) };
}

/** A static problem; undefined for hints, which are for editors. */
export function problemOfDiagnostic(diagnostic: Diagnostic, source: SourceFile): PackageProblem | undefined {
  const { code, severity, message, span } = diagnostic;
  if (severity === "hint") return undefined;
  const related = diagnostic.related?.flatMap((place) =>
    place.file === undefined || place.file === source.name
      ? [{ message: place.message, position: positionIn(source, place.span) }]
      : [],
  );
  return { code, severity, message, position: positionIn(source, span), ...(related?.length ? { related } : {}) };
}

/** What an evaluation that failed says, at the innermost place in the user's files. */
export function problemOfError(error: StarlarkError): PackageProblem {
  // An error in a module also fails the `load`; what the user must know is the first of the two.
  if (error.cause instanceof StarlarkError) return problemOfError(error.cause);
  const details = error.cause instanceof SdkFailureDetails ? error.cause : undefined;
  const stack = error.frames.map(frameOf);
  const innermost = stack.at(-1);
  return {
    code: details?.code ?? codeOf(error),
    severity: "error",
    message: details?.text ?? error.message,
    position: innermost && { file: innermost.file, line: innermost.line, column: innermost.column },
    stack,
    ...(details?.related.length ? { related: details.related } : {}),
  };
}

/** Stable codes for what the language itself reports. */
function codeOf(error: StarlarkError): string {
  if (error.reason !== undefined) return `evaluation/${error.reason}`;
  if (error.isInternal) return "evaluation/internal";
  return error.builtin === "fail" ? "evaluation/fail" : "evaluation/error";
}

function frameOf({ functionName, file, line, column }: Frame): SourcePosition & { readonly functionName: string } {
  return { functionName, file, line, column };
}

export function hasErrors(problems: readonly PackageProblem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

/** `file:line:col`, as state documents record places. */
export function printPosition({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}
