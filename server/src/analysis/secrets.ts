import type { JsonValue, Ref } from "@ocuroot/engine";
import type { CallExpression, Expression, PlacedNode } from "@ocuroot/starlark";
import type { KnownDict } from "./dicts.ts";
import { findProducers, unionOutputs } from "./refTarget.ts";
import type { FileView } from "./snapshot.ts";
import { walk } from "./tree.ts";
import { resolveValue, unwrap } from "./values.ts";

/** Forms that issuers give their tokens so that they can be recognised. */
export const tokenForms: readonly (readonly [string, RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{22,}\b/],
  ["a GitLab token", /\bglpat-[\w-]{20,}/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,}\b/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@{}$%]+:[^\s/:@{}$%<>*]{3,}@[\w.-]+/i],
];

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
function isSecretValue(view: FileView, expression: Expression, depth = 0): boolean {
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
  if (typeof value === "string") return maskTokens(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    isSecret(key) ? secretMask : maskValue(inner as JsonValue, isSecret),
  ]);
  return Object.fromEntries(entries) as JsonValue;
}

/**
 * What may be shown of the value that a ref stands for, in hovers, hints and views: outputs that come out of `secret(...)`, and
 * whatever has the name or the form of a secret, stay hidden.
 */
export function maskAt(file: FileView | undefined, ref: Ref, value: JsonValue): JsonValue {
  const { kind, name, fragment } = ref;
  if (fragment.some(looksSecret) || (kind === "custom" && name.some(looksSecret))) return secretMask;
  const [work] = name;
  if (file === undefined || work === undefined || (kind !== "task" && kind !== "deploy")) return maskValue(value);
  const keys = secretKeys(unionOutputs(findProducers(file, kind, work)));
  const [field, key] = fragment;
  if (field === "output" && key !== undefined && keys.has(key)) return secretMask;
  return maskValue(value, (each) => looksSecret(each) || (fragment.length < 2 && keys.has(each)));
}

/** Text with everything masked that has the form of a token. */
export function maskTokens(text: string): string {
  return tokenForms.reduce((all, [, form]) => all.replace(new RegExp(form, `g${form.flags}`), secretMask), text);
}
