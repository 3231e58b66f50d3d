import { textOf, type Value } from "@ocuroot/starlark";
import type { SdkCall, SdkImplementations } from "./call.ts";
import { callHost } from "./host.ts";

/** `secret` and `debug_break`. */

function secret({ args, session }: SdkCall): Value {
  const value = args.need("value") as string;
  session.registerSecret(textOf(value));
  return value;
}

function debugBreak({ session }: SdkCall): Value {
  callHost(() => session.host.debugBreak?.());
  return null;
}

export const logImplementations: SdkImplementations = { secret, debug_break: debugBreak };
