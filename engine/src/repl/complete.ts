/** What Tab offers. */
import { methodDocs } from "@ocuroot/starlark";
import { sdkCatalog } from "../sdk/versions.ts";
import type { ReplAttribute } from "./messages.ts";

export interface CompletionSource {
  readonly names: readonly string[];
  readonly version: string;
  attributes(path: readonly string[]): Promise<readonly ReplAttribute[]>;
}

const keywords = ["and", "def", "else", "for", "if", "in", "lambda", "load", "not", "or", "pass", "return"];

/** Candidates for what stands before the cursor, and the part of it that they replace. */
export async function complete(before: string, source: CompletionSource): Promise<[string[], string]> {
  if (before.trim() === "") return [["    "], ""];
  if (isInString(before)) return [[], ""];
  const literal = /(["'\]}])\s*\.([A-Za-z_]\w*)?$/.exec(before);
  if (literal) return ofLiteral(literal[1] as string, literal[2] ?? "");
  const dotted = /((?:[A-Za-z_]\w*\s*\.\s*)*)([A-Za-z_]\w*)?$/.exec(before);
  const path = (dotted?.[1] ?? "").split(".").map((part) => part.trim());
  const typed = dotted?.[2] ?? "";
  path.pop();
  // After a call or an index only running it would tell what there is.
  const follows = before.slice(0, before.length - (dotted?.[0].length ?? 0));
  if (/[\])}.]\s*$/.test(follows) && path.length === 0 && /\.\s*$/.test(follows)) return [[], typed];
  if (path.length > 0) {
    const attributes = await source.attributes(path);
    return [matching(attributes.map(shownAttribute), typed), typed];
  }
  const given = argumentNames(follows, source.version).map((name) => `${name}=`);
  return [matching([...given, ...source.names, ...keywords], typed), typed];
}

function ofLiteral(end: string, typed: string): [string[], string] {
  const type = end === "]" ? "list" : end === "}" ? "dict" : "string";
  return [
    matching(
      [...(methodDocs[type]?.keys() ?? [])].map((name) => `${name}(`),
      typed,
    ),
    typed,
  ];
}

function shownAttribute({ name, isCallable }: ReplAttribute): string {
  return isCallable ? `${name}(` : name;
}

function matching(names: readonly string[], typed: string): string[] {
  return [...new Set(names)].filter((name) => name.startsWith(typed));
}

/** Parameters of the SDK function whose argument list is open before the cursor, those already named left out. */
function argumentNames(before: string, version: string): string[] {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const char = before[i] as string;
    if (")]}".includes(char)) depth++;
    else if ("([{".includes(char) && depth-- === 0) {
      const callee = /([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*$/.exec(before.slice(0, i))?.[1];
      const entry = char === "(" && callee ? sdkCatalog(version).entries.get(callee) : undefined;
      if (entry?.kind !== "function" || !/[(,]\s*$/.test(before)) return [];
      const used = new Set([...before.slice(i).matchAll(/([A-Za-z_]\w*)\s*=(?!=)/g)].map((match) => match[1]));
      return entry.parameters.filter(({ name, star }) => star === undefined && !used.has(name)).map(({ name }) => name);
    }
  }
  return [];
}

function isInString(before: string): boolean {
  const open = before
    .replace(/"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, "")
    .replace(/#.*\n/g, "");
  return /["'#]/.test(open);
}
