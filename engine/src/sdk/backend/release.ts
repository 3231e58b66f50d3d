import { type StarlarkFunction, textOf, type Value } from "@ocuroot/starlark";
import { describeType } from "../describeType.ts";
import { SdkFailure } from "../failure.ts";
import { elementsOf } from "../types.ts";
import { type EnvironmentValue, WorkValue } from "../values.ts";
import { resolveSdkVersion } from "../versions.ts";
import type { SdkCall, SdkImplementations } from "./call.ts";
import { readInputs } from "./inputs.ts";

/** `ocuroot`, `task`, `call`, `deploy`, `phase`. */

/** The version itself was read from the text before anything ran; a call in disguise must not say something else. */
function ocuroot({ args, thread, session }: SdkCall): Value {
  const resolution = resolveSdkVersion(textOf(args.need("version") as string));
  if (!resolution.ok) throw new SdkFailure("sdk/unknown-version", resolution.message);
  if (resolution.version !== session.versionOf(session.position(thread).file)) {
    throw new SdkFailure("sdk/version-place", "`ocuroot(...)` must stand alone at the top level of the file");
  }
  return null;
}

function task({ fn, args, thread, session }: SdkCall): Value {
  const name = textOf(args.need("name") as string);
  checkWorkName(fn.name, name);
  return session.declarations.addTask(thread, {
    fn: args.need("fn") as StarlarkFunction,
    name,
    annotation: optionalText(args.get("annotation")),
    inputs: readInputs(args.get("inputs"), thread, session),
  });
}

function deploy({ args, thread, session }: SdkCall): Value {
  const inputs = { ...readInputs(args.get("inputs"), thread, session) };
  if ("environment" in inputs) {
    session.report(thread, {
      code: "sdk/environment-input",
      severity: "error",
      message: "`environment` is an input of every deploy by itself; it cannot be given",
    });
    delete inputs.environment;
  }
  return session.declarations.addDeploy(thread, {
    environment: (args.need("environment") as EnvironmentValue).model,
    up: args.need("up") as StarlarkFunction,
    down: args.need("down") as StarlarkFunction,
    inputs,
  });
}

function phase({ args, thread, session }: SdkCall): Value {
  const name = textOf(args.need("name") as string);
  const work = elementsOf(args.get("tasks")).map((element, i) => {
    if (element instanceof WorkValue) return element;
    const message = `phase: element ${i} of phase "${name}" is ${describeType(element)}, want task(...), call(...) or deploy(...)`;
    throw new SdkFailure("sdk/not-work", message);
  });
  if (name === "") throw new SdkFailure("sdk/phase-name", "phase: the name is empty");
  session.declarations.addPhase(thread, name, work);
  return null;
}

/** Names are segments of refs and of paths in the store, and `state match` finds them by glob. */
function checkWorkName(spelling: string, name: string): void {
  const bad = /[/\\#@=*?[\]{}\x00-\x1f]/.exec(name)?.[0];
  if (name !== "" && name !== "." && name !== ".." && name.trim() === name && bad === undefined) return;
  const reason =
    name === ""
      ? "the name is empty"
      : bad === undefined
        ? `${JSON.stringify(name)} cannot be part of a ref`
        : `the name ${JSON.stringify(name)} has a ${JSON.stringify(bad)}, which a ref cannot hold there`;
  throw new SdkFailure("sdk/work-name", `${spelling}: ${reason}`);
}

export function optionalText(value: Value | undefined): string | undefined {
  return value === undefined ? undefined : textOf(value as string);
}

export const releaseImplementations: SdkImplementations = { ocuroot, task, call: task, deploy, phase };
