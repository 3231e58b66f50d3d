/** A refusal: one sentence for the user and, below it, what to do about it. */
export class CliError extends Error {
  override readonly name = "CliError";
  /** Lines that follow the sentence. */
  readonly details: readonly string[];
  /** 1 refused, 2 wrong usage. */
  readonly exitCode: number;

  constructor(message: string, options: { readonly details?: readonly string[]; readonly exitCode?: number } = {}) {
    super(message);
    this.details = options.details ?? [];
    this.exitCode = options.exitCode ?? 1;
  }
}

/** The command was not written as it must be. */
export function usageError(message: string, details: readonly string[] = []): CliError {
  return new CliError(message, { details, exitCode: 2 });
}

/** What to do about a store that is damaged. */
export const repairHints: readonly string[] = [
  "see all that is wrong:      ocuroot state check",
  "mend it, with a backup:     ocuroot state check --repair",
];
