import type { Thread, Value } from "@ocuroot/starlark";
import type { BoundArguments } from "../bind.ts";
import type { SdkFunction } from "../catalog.ts";
import type { SdkSession } from "../session.ts";

/** One call of an SDK function, its arguments bound and checked. */
export interface SdkCall {
  readonly fn: SdkFunction;
  readonly args: BoundArguments;
  readonly thread: Thread;
  readonly session: SdkSession;
}

export type SdkImplementation = (call: SdkCall) => Value;

/** Implementations by name, as the catalog spells it. */
export type SdkImplementations = Readonly<Record<string, SdkImplementation>>;
