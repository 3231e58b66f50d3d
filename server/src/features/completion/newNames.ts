import type { Span } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { filesThatMayUse, findFunctionAt } from "../../analysis/functions.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import type { NextDeclaration } from "../../analysis/work.ts";
import { makeItem } from "./items.ts";

/** Longer heads of functions are not looked into. */
const maxHead = 4_000;

/**
 * Names that are being made up where the text is not whole yet: of a function, a parameter, a loop variable. Undefined where
 * the cursor is at none. Parameters of a work function are no free choice: they are the inputs that its callers pass.
 */
export function completeNewName(snapshot: Snapshot, span: Span): CompletionItem[] | undefined {
  const { text } = snapshot.file.source;
  const before = text.slice(Math.max(0, span.start - maxHead), span.start);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (/(?:^|\s)def\s+$/.test(line) || /(?:^|[^\w.])for\s+(?:\w+\s*,\s*)*$/.test(line)) return [];
  if (/(?:^|[^\w.])lambda(?:\s+(?:[\w\s=*]+,)*)?\s*\*{0,2}$/.test(line)) return [];
  const head = before.slice(Math.max(0, before.lastIndexOf("\ndef ") + 1));
  const [, name, list] = /^def[ \t]+(\w+)[ \t]*\(((?:[^()#"']|\([^()]*\)|"[^"\n]*"|'[^'\n]*')*)$/.exec(head) ?? [];
  if (name === undefined || list === undefined || !/(?:^|,)\s*\*{0,2}$/.test(list)) return undefined;
  return completeParameters(snapshot, span, name, list);
}

function completeParameters({ file }: Snapshot, span: Span, name: string, list: string): CompletionItem[] {
  const rest = /^[^()\n]*/.exec(file.source.text.slice(span.end))?.[0] ?? "";
  const given = new Set(`${list},${rest}`.split(",").map((each) => /^\s*\**(\w*)/.exec(each)?.[1] ?? ""));
  if (given.has("ctx")) return [];
  const wanted = findWanted(file, name);
  if (wanted.size === 0 && list.trim() === "") {
    wanted.set("ctx", "inputs as `ctx.inputs`, the environment as `ctx.environment`");
    wanted.set("environment", "a deployment's environment, a dict");
  }
  return [...wanted]
    .filter(([each]) => !given.has(each))
    .map(([label, detail], index) =>
      makeItem(file, span, label, { kind: CompletionItemKind.Variable, detail, order: index }),
    );
}

/** Whether the function that goes on with `next` has the environment of a deployment. */
function hasEnvironment(view: FileView, { call }: NextDeclaration): boolean {
  const owner = findFunctionAt(view, spanOf(call.node).start);
  return owner?.parameters.some((each) => each.name?.name === "environment") === true;
}

/** What work passes to the function of that name, with how it is written there. */
function findWanted(view: FileView, name: string): Map<string, string> {
  const wanted = new Map<string, string>();
  for (const file of filesThatMayUse(view)) {
    const { declarations, nexts } = file.facts.work;
    for (const work of [...declarations, ...nexts]) {
      const isMeant = work.functions.some(
        ({ expression }) => expression.kind === "Identifier" && expression.name === name,
      );
      if (!isMeant) continue;
      if ("kind" in work && work.kind === "deploy") wanted.set("environment", "the environment, a dict");
      else if (!("kind" in work) && hasEnvironment(file, work)) wanted.set("environment", "the environment goes along");
      for (const { name: input, entry } of work.inputs.entries.values()) {
        const { start, end } = spanOf(entry.value);
        wanted.set(input, entry.view.source.text.slice(start, end).replace(/\s+/g, " ").slice(0, 80));
      }
    }
  }
  return wanted;
}
