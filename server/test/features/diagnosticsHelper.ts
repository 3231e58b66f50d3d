import assert from "node:assert/strict";
import type { Diagnostic } from "@ocuroot/starlark";
import type { StateView } from "../../src/analysis/stateView.ts";
import { doDiagnostics } from "../../src/features/diagnostics/index.ts";
import { openMarked } from "../harness.ts";

export interface Options {
  readonly files?: Readonly<Record<string, string>>;
  readonly main?: string;
  readonly state?: Partial<StateView>;
}

export async function diagnose(text: string, options: Options = {}): Promise<readonly Diagnostic[]> {
  return doDiagnostics((await openMarked(text, options)).snapshot);
}

/** Every problem as `code text-at-its-place`, in the order of the file. */
export async function problems(text: string, options: Options = {}): Promise<string[]> {
  const { snapshot } = await openMarked(text, options);
  return doDiagnostics(snapshot).map(
    (each) => `${each.code} ${snapshot.file.source.text.slice(each.span.start, each.span.end)}`,
  );
}

/** The text after a fix: the one of that title, else the first. */
export async function applyFix(text: string, options: Options & { readonly title?: string } = {}): Promise<string> {
  const { snapshot } = await openMarked(text, options);
  const fixes = doDiagnostics(snapshot).flatMap((each) => each.fixes ?? []);
  const chosen = options.title === undefined ? fixes[0] : fixes.find((each) => each.title === options.title);
  assert.ok(chosen, `fixes: ${fixes.map((each) => each.title).join(", ")}`);
  let result = snapshot.file.source.text;
  for (const edit of [...chosen.edits].sort((a, b) => b.span.start - a.span.start)) {
    result = result.slice(0, edit.span.start) + edit.text + result.slice(edit.span.end);
  }
  return result;
}
