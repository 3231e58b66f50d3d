import { type Dict, repr, type Thread, textOf, type Value } from "@ocuroot/starlark";
import type { InputModel } from "../../model/package.ts";
import { parseRef } from "../../refs/parse.ts";
import { toJsonValue } from "../convert.ts";
import { describeType } from "../describeType.ts";
import { SdkFailure } from "../failure.ts";
import type { SdkSession } from "../session.ts";
import { InputValue, RefValue } from "../values.ts";
import type { SdkCall, SdkImplementations } from "./call.ts";

/** `input`, `ref`, and reading dicts of inputs. */

const inputName = /^[A-Za-z_][A-Za-z0-9_]*$/;

function input({ args, thread, session }: SdkCall): Value {
  const ref = args.get("ref");
  const defaultValue = args.get("default");
  if (ref === undefined && defaultValue === undefined) {
    throw new SdkFailure("sdk/empty-input", "input: give `ref`, `default` or both");
  }
  const text = ref instanceof RefValue ? ref.text : (ref as string | undefined);
  if (text !== undefined && !(ref instanceof RefValue)) checkRef(textOf(text), thread, session);
  return new InputValue(text, defaultValue);
}

function ref({ args, thread, session }: SdkCall): Value {
  const text = args.need("ref") as string;
  checkRef(textOf(text), thread, session);
  return new RefValue(text);
}

function checkRef(text: string, thread: Thread, session: SdkSession): void {
  const parsed = parseRef(text);
  if (parsed.ok) return;
  const reasons = parsed.errors.map(({ message, start }) =>
    text === "" ? message : `${message} (character ${start + 1})`,
  );
  const message = `${JSON.stringify(text)} is not a ref: ${reasons.join(" ")}`;
  session.report(thread, { code: "refs/syntax", severity: "error", message });
}

/** The inputs of a `task`, `deploy` or `next`. What is wrong with one is reported, and the others are still read. */
export function readInputs(
  dict: Value | undefined,
  thread: Thread,
  session: SdkSession,
): Readonly<Record<string, InputModel>> {
  const inputs: [string, InputModel][] = [];
  if (dict === undefined) return {};
  for (const [key, value] of (dict as Dict).items()) {
    const problem = nameProblem(key);
    if (problem !== undefined) {
      session.report(thread, { code: "sdk/input-name", severity: "error", message: problem });
      continue;
    }
    const name = textOf(key as string);
    try {
      inputs.push([name, inputModel(name, value)]);
    } catch (error) {
      if (!(error instanceof SdkFailure)) throw error;
      session.report(thread, { code: error.code, severity: "error", message: error.text });
    }
  }
  return Object.fromEntries(inputs);
}

function nameProblem(key: Value): string | undefined {
  if (typeof key !== "string") return `the input name ${textOf(repr(key))} is ${describeType(key)}, want string`;
  if (inputName.test(key)) return undefined;
  return `the input name ${textOf(repr(key))} must be letters, digits and "_", and must not start with a digit`;
}

function inputModel(name: string, value: Value): InputModel {
  if (value instanceof RefValue) return { ref: textOf(value.text) };
  if (!(value instanceof InputValue)) return { value: toJsonValue(value, `input \`${name}\``) };
  const model: InputModel = value.ref === undefined ? {} : { ref: textOf(value.ref) };
  if (value.defaultValue === undefined) return model;
  return { ...model, default: toJsonValue(value.defaultValue, `the default of input \`${name}\``), hasDefault: true };
}

export const inputImplementations: SdkImplementations = { input, ref };
