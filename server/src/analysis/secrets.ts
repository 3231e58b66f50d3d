import type { JsonValue } from "@ocuroot/engine";
import type { CallExpression, Expression, PlacedNode } from "@ocuroot/starlark";
import type { FileView } from "../snapshot.ts";
import type { KnownDict } from "./dicts.ts";
import { walk } from "./tree.ts";
import { resolveValue, unwrap } from "./values.ts";

/** What stands where a secret would, as the runner writes it. */
export const secretMask = "<secret>";

const secretName =
  /(?:^|[_./-])(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)(?:$|[_./-])/i;
/** Names about secrets that are none: where one is kept, or since when. */
const harmlessName = /(?:^|[_./-])(?:FILE|PATH|DIR|URL|NAME|ID|TTL|EXPIRY|EXPIRES)$/i;

/** Whether what has this name is a secret, most likely. `deployToken` counts as `deploy_token`. */
export function looksSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  return secretName.test(words) && !harmlessName.test(words);
}

export function isSecretCall(view: FileView, node: PlacedNode): node is CallExpression {
  return node.kind === "CallExpression" && view.facts.callOf(node)?.entry.name === "secret";
}

/** Whether a value comes out of `secret(...)`: directly, in a part of it, or through variables. */
export function isSecretValue(view: FileView, expression: Expression, depth = 0): boolean {
  if (depth > 4) return false;
  const { view: at, node } = resolveValue(view, unwrap(expression));
  let isFound = false;
  walk(node, (each) => {
    if (isFound) return false;
    if (isSecretCall(at, each)) isFound = true;
    else if (each.kind === "Identifier" && each !== node && at.resolution.bindingOf(each)?.role === "variable") {
      isFound = isSecretValue(at, each, depth + 1);
    }
    return !isFound;
  });
  return isFound;
}

/** Names of the outputs that are secrets. */
export function secretKeys(outputs: KnownDict): ReadonlySet<string> {
  return new Set(
    [...outputs.entries].flatMap(([name, entry]) =>
      looksSecret(name) || isSecretValue(entry.view, entry.value) ? [name] : [],
    ),
  );
}

/** A value with everything masked whose key says that it is a secret. */
export function maskValue(value: JsonValue, isSecret: (key: string) => boolean = looksSecret): JsonValue {
  if (Array.isArray(value)) return value.map((each) => maskValue(each, isSecret));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    isSecret(key) ? secretMask : maskValue(inner as JsonValue, isSecret),
  ]);
  return Object.fromEntries(entries) as JsonValue;
}
