import type { PackageModel } from "../package/model.ts";
import type { JsonValue } from "../state/json.ts";
import { printJson } from "../state/jsonText.ts";

/** The model as it is: two-space indented JSON. */
export function formatJson(model: PackageModel): string {
  const { file, sdkVersion, phases, registered, functions, modules } = model;
  const document = { file, sdkVersion, phases, registered, functions, modules };
  return `${printJson(document as unknown as JsonValue, 2)}\n`;
}
