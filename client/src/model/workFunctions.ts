import type { WorkFunctionInput, WorkFunctionUse } from "@ocuroot/server/protocol";
import { shorten } from "./format.ts";
import { isJson, withoutVariables } from "./taskText.ts";

/** Running one piece of work by hand: what it is given, in words and as arguments of the command. */

/** What stands for a secret wherever values are shown. */
const masked = /\*{3,}|<secret>/;

/** `task/build`, or `deploy/us (down)`. */
export function useTitle({ work, role }: WorkFunctionUse): string {
  return role === "down" ? `${work} (down)` : work;
}

/** A value as a person sees and types it: text as it is where that is unambiguous, else JSON. */
function valueText(value: unknown): string {
  return typeof value === "string" && !isJson(value) ? value : (JSON.stringify(value) ?? "");
}

/** `app:12 · from state`, `needs a value`. */
export function inputWords(input: WorkFunctionInput, changed: string | undefined): string {
  if (changed !== undefined) return `${shorten(changed, 60)} · as typed`;
  const source = { state: "from state", default: "the default", constant: "as written", missing: "" }[input.from];
  if (input.from === "missing") return input.optional ? "not there; may be left out" : "needs a value";
  return `${shorten(valueText(input.value), 60)} · ${source}`;
}

/** Inputs that must be typed before the work can run. */
export function inputsToGive(
  inputs: readonly WorkFunctionInput[],
  typed: ReadonlyMap<string, string>,
): readonly string[] {
  return inputs
    .filter((input) => input.from === "missing" && !input.optional && !typed.has(input.name))
    .map((input) => input.name);
}

/** What an input box begins with; a masked value is not one that could be given back. */
export function prefill(input: WorkFunctionInput, typed: string | undefined): string {
  if (typed !== undefined) return typed;
  const text = input.value === undefined ? "" : valueText(input.value);
  return masked.test(text) ? "" : text;
}

/** `run FILE WORK`, with the inputs that a person typed; the command reads the others itself. */
export function runArguments(file: string, use: WorkFunctionUse, typed: ReadonlyMap<string, string>): string[] {
  const given = [...typed].flatMap(([name, value]) => ["--input", `${name}=${withoutVariables(value)}`]);
  return ["run", file, use.work, ...(use.role === "down" ? ["--down"] : []), ...given];
}
