/** One active Starlark function and the point it has reached. Line and column count from 1. */
export interface Frame {
  readonly functionName: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Why an evaluation was ended from outside. */
export type StopReason = "cancelled" | "steps" | "time" | "memory";

/** An error of a running program, with the calls that led to it. All texts are ordinary text, not bytes. */
export class EvalError extends Error {
  override readonly name: string = "EvalError";
  /** Set when the evaluation was ended because it was cancelled or used up its budget. */
  readonly reason: StopReason | undefined;
  /** A fault of the interpreter or of a host function, not of the program. */
  readonly isInternal: boolean;

  constructor(
    message: string,
    /** Outermost first. */
    readonly frames: readonly Frame[],
    /** The built-in function that failed, if the innermost frame was calling one. */
    readonly builtin: string | undefined,
    details: { cause?: unknown; reason?: StopReason | undefined; isInternal?: boolean } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = details.reason;
    this.isInternal = details.isInternal ?? false;
  }

  /** Calls, outermost first, then the message, as the `starlark` command prints an error. */
  traceback(): string {
    const lines = this.frames.map(
      ({ file, line, column, functionName }) => `  ${file}:${line}:${column}: in ${functionName}\n`,
    );
    const heading = lines.length > 0 ? "Traceback (most recent call last):\n" : "";
    return `${heading}${lines.join("")}Error${this.builtin ? ` in ${this.builtin}` : ""}: ${this.message}`;
  }
}

/** The evaluation was cancelled from outside. */
export class CancelledError extends EvalError {
  override readonly name = "CancelledError";
}

/** Thrown where the budget is checked; becomes an EvalError with its reason. Programs cannot catch it. */
export class Stop extends Error {
  constructor(
    readonly reason: StopReason,
    message: string,
  ) {
    super(message);
  }
}

/** Whether something thrown says that JavaScript's own stack is used up. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}
