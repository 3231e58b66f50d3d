import type { JsonValue } from "../json/json.ts";
import { printJson } from "../json/jsonText.ts";
import type { PackageModel } from "../model/package.ts";

/** The model as it is: two-space indented JSON. */
export function formatJson(model: PackageModel): string {
  const { file, sdkVersion, phases, registered, functions, modules } = model;
  const document = { file, sdkVersion, phases, registered, functions, modules };
  return `${printJson(document as unknown as JsonValue, 2)}\n`;
}
