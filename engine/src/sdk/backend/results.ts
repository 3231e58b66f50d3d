import type { Dict, StarlarkFunction, Value } from "@ocuroot/starlark";
import { dictToJson, toStringList } from "../convert.ts";
import { SdkFailure } from "../failure.ts";
import { DoneValue, NextValue } from "../values.ts";
import type { SdkCall, SdkImplementations } from "./call.ts";
import { readInputs } from "./inputs.ts";
import { optionalText } from "./release.ts";

/** `done` and `next`. */

function done({ args }: SdkCall): Value {
  const outputs = args.get("outputs");
  const tags = toStringList(args.get("tags"), "done: tags");
  for (const tag of tags) checkTag(tag);
  return new DoneValue(
    outputs === undefined ? {} : dictToJson(outputs as Dict, "outputs"),
    tags,
    toStringList(args.get("watch"), "done: watch"),
    optionalText(args.get("annotation")),
  );
}

/** Tags stand where release numbers stand in refs, so they must not look like one. */
function checkTag(tag: string): void {
  const quoted = JSON.stringify(tag);
  if (!/^[A-Za-z0-9._-]+$/.test(tag)) {
    throw new SdkFailure("sdk/bad-tag", `done: the tag ${quoted} may hold only letters, digits, "-", "_" and "."`);
  }
  if (/^r?\d+$/.test(tag)) {
    throw new SdkFailure("sdk/bad-tag", `done: the tag ${quoted} would be read as a release number`);
  }
  if (tag === "." || tag === "..") {
    throw new SdkFailure("sdk/bad-tag", `done: the tag ${quoted} cannot be part of a ref`);
  }
}

function next({ args, thread, session }: SdkCall): Value {
  const fn = args.need("fn") as StarlarkFunction;
  const inputs = readInputs(args.get("inputs"), thread, session);
  session.checkNext(thread, fn, inputs);
  return new NextValue(fn, inputs, optionalText(args.get("annotation")));
}

export const resultImplementations: SdkImplementations = { done, next };
