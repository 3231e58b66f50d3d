import type { WhatIf, WhatIfEnvironment, WhatIfGraph } from "@ocuroot/server/protocol";
import { plural } from "../model/format.ts";

/** Environments that are tried out: words, and what a person types. */

/** `staging-3 (type=staging) added · us left out: 2 pieces of work more, 1 less`. */
export function trialWords({ environments, without = [] }: WhatIf, graph: WhatIfGraph): string {
  const parts = environments.map((each) => `${each.name}${attributeText(each) && ` (${attributeText(each)})`}`);
  const left = without.length > 0 ? [`without ${without.join(", ")}`] : [];
  const what = [...parts, ...left].join(" · ");
  const { added = [], removed = [] } = graph.whatIf ?? {};
  const effect = [
    added.length > 0 ? `${plural(added.length, "piece")} of work more` : "",
    removed.length > 0 ? `${plural(removed.length, "piece")} of work less` : "",
  ].filter((each) => each !== "");
  return `${what}: ${effect.length > 0 ? effect.join(", ") : "the work stays the same"}`;
}

/** `type=staging region=eu`. */
export function attributeText({ attributes }: WhatIfEnvironment): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${/[\s"]/.test(value) || value === "" ? JSON.stringify(value) : value}`)
    .join(" ");
}

/** What a person typed as attributes, or what is wrong with it. */
export type ReadAttributes =
  | { readonly ok: true; readonly attributes: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly reason: string };

/** Reads `type=staging region="eu west"`. */
export function readAttributes(text: string): ReadAttributes {
  const attributes = new Map<string, string>();
  const pattern = /\s*(?:([^\s=",]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)|(\S+))/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, name, value = "", other] = match;
    if (other !== undefined || name === undefined) {
      return { ok: false, reason: `\`${other}\` is no attribute. Write NAME=VALUE, such as type=staging.` };
    }
    try {
      attributes.set(name, value.startsWith('"') ? String(JSON.parse(value)) : value);
    } catch {
      return { ok: false, reason: `The value of ${name} is no text in double quotes: ${value}` };
    }
  }
  return { ok: true, attributes: Object.fromEntries(attributes) };
}

/** `whatIf` with an environment tried out in place of one of the same name. */
export function withEnvironment(whatIf: WhatIf | undefined, environment: WhatIfEnvironment): WhatIf {
  const others = (whatIf?.environments ?? []).filter((each) => each.name !== environment.name);
  const without = (whatIf?.without ?? []).filter((name) => name !== environment.name);
  return { environments: [...others, environment], ...(without.length > 0 ? { without } : {}) };
}

/** `whatIf` with an environment left out. */
export function withoutEnvironment(whatIf: WhatIf | undefined, name: string): WhatIf {
  const environments = (whatIf?.environments ?? []).filter((each) => each.name !== name);
  return { environments, without: [...new Set([...(whatIf?.without ?? []), name])] };
}
