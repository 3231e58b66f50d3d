import { bytesOf, Failure } from "@ocuroot/starlark";
import type { SourcePosition } from "../model/package.ts";

export interface RelatedPosition {
  readonly message: string;
  readonly position: SourcePosition;
}

/** What an EvalError's `cause` is when an SDK function failed. */
export class SdkFailureDetails {
  constructor(
    readonly code: string,
    /** Ordinary text. */
    readonly text: string,
    readonly related: readonly RelatedPosition[],
    /** The host's error, if it was one. */
    readonly origin: unknown,
  ) {}
}

/** A misuse of the SDK, or something its host could not do: fails the call, with a stable code. `text` is ordinary text. */
export class SdkFailure extends Failure {
  override readonly name = "SdkFailure";

  constructor(
    readonly code: string,
    readonly text: string,
    related: readonly RelatedPosition[] = [],
    origin?: unknown,
  ) {
    // Messages of Failures are byte strings, like all Starlark strings.
    super(bytesOf(text), { cause: new SdkFailureDetails(code, text, related, origin) });
  }
}
