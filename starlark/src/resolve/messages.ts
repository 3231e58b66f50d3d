import type { Diagnostic, Severity } from "../diagnostics.ts";
import { type PlacedNode, type Span, spanOf } from "../syntax/ast.ts";

/** A problem found by the resolver. */
export interface Problem {
  readonly code: ProblemCode;
  readonly node: PlacedNode;
  /** For people. */
  readonly message: string;
  /** The Go implementation's words; none for hints, which it does not give. */
  readonly reference?: string;
  /** Where the Go implementation reports it; the start of the node if left out. */
  readonly offset?: number;
  readonly span?: Span;
  readonly related?: Diagnostic["related"];
  readonly fixes?: Diagnostic["fixes"];
}

/** Every code the resolver gives, and how serious it is. */
export const problemSeverities = {
  "name/undefined": "error",
  "name/reassigned-global": "error",
  "name/duplicate-parameter": "error",
  "name/private-load": "error",
  "name/empty-load": "error",
  "name/unused": "hint",
  "parameter/order": "error",
  "parameter/bare-star": "error",
  "call/argument-order": "error",
  "call/repeated-argument": "error",
  "call/too-many-arguments": "error",
  "assign/target": "error",
  "assign/augmented-sequence": "error",
  "flow/not-in-function": "error",
  "flow/not-in-loop": "error",
  "flow/misplaced-load": "error",
  "flow/unreachable": "hint",
  "dialect/while": "error",
  "dialect/set": "error",
} as const satisfies Record<string, Severity>;

export type ProblemCode = keyof typeof problemSeverities;

/** A problem of text that has moved; its node has moved by itself. */
export function moved(problem: Problem, by: number): Problem {
  const { offset, span } = problem;
  return {
    ...problem,
    ...(offset === undefined ? {} : { offset: offset + by }),
    ...(span === undefined ? {} : { span: { start: span.start + by, end: span.end + by } }),
  };
}

/** Where a problem stands among the others of its file. */
export function placeOf({ offset, span, node }: Problem): number {
  return offset ?? span?.start ?? spanOf(node).start;
}

export function toDiagnostic(problem: Problem): Diagnostic {
  const { code, node, message, reference, related, fixes } = problem;
  const span = problem.span ?? spanOf(node);
  const severity = problemSeverities[code];
  return {
    code,
    severity,
    span,
    message,
    ...(reference === undefined ? {} : { reference: { message: reference, offset: problem.offset ?? span.start } }),
    ...(related ? { related } : {}),
    ...(fixes ? { fixes } : {}),
    ...(severity === "hint" ? { tags: ["unnecessary"] as const } : {}),
  };
}
