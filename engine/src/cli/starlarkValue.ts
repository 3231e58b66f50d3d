import { compile, execute, resolve, SourceFile, Thread, toJson } from "@ocuroot/starlark";
import type { JsonValue } from "../json/json.ts";
import { usageError } from "./errors.ts";
import { openParser } from "./parser.ts";

/** The value of a Starlark expression, which may use the language and nothing of the host. */
export async function starlarkValue(text: string): Promise<JsonValue> {
  const parser = await openParser();
  const source = new SourceFile("VALUE", `value = (${text}\n)`);
  const syntax = parser.parse(source.text);
  const resolution = resolve(syntax.module, { isPredeclared: () => false });
  const [problem] = [...syntax.diagnostics, ...resolution.diagnostics];
  if (problem) throw usageError(`the value is not Starlark: ${problem.message}`);
  const thread = new Thread({ print: () => {}, budget: { steps: 10_000_000 } });
  try {
    const { globals } = execute(compile(source, resolution), thread, new Map());
    return toJson(globals.get("value") ?? null) as JsonValue;
  } catch (error) {
    throw usageError(`the value is not Starlark: ${(error as Error).message}`);
  }
}
