/** What the scanner and the recogniser report to the explanations. */

/** `identifier`, `int literal`, …; punctuation and words by their text. */
export interface Token {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** What is wrong, in the Go implementation's words and at its place. `start` and `end` show it to people. */
export interface Fault {
  readonly message: string;
  readonly offset: number;
  readonly start: number;
  readonly end: number;
  /** Names the rule broken, where the message alone does not tell. */
  readonly rule?: string;
  /** What the parser saw; a fault of the scanner has none. */
  readonly context?: FaultContext;
}

export interface FaultContext {
  /** The token that does not fit. */
  readonly got: Token;
  /** The token before it. */
  readonly previous: Token;
  /** The kind of token that should have been there, when there is only one. */
  readonly want?: string;
  /** The brackets that are open, outermost first. */
  readonly open: readonly OpenBracket[];
  /** The first token of the statement. */
  readonly first: Token;
}

export class SyntaxFault extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/** An open bracket. */
export interface OpenBracket {
  readonly kind: "(" | "[" | "{";
  readonly start: number;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export function closerOf(bracket: string): string {
  return closers[bracket] ?? "";
}
