import type { SdkParameter } from "@ocuroot/engine";
import type { Argument, CallExpression, Span } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import type { SdkCall } from "../../analysis/calls.ts";
import { findOpenCall } from "../../analysis/openCall.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import { resolveFunction } from "../../analysis/values.ts";
import { makeItem } from "./items.ts";

/** Keyword arguments that the innermost call does not have yet. */
export function completeArguments(snapshot: Snapshot, offset: number, span: Span): CompletionItem[] {
  const { file } = snapshot;
  const call = findCall(file, offset, span);
  if (call === undefined) return [];
  const isKeyword = /^\s*=(?!=)/.test(file.source.text.slice(span.end));
  const current = call.arguments.find((each) => spanOf(each).start === span.start);
  const sdk = file.facts.callOf(call);
  if (sdk !== undefined) return sdkItems(file, sdk, current, span, isKeyword);
  const target = resolveFunction(file, call.callee);
  if (target === undefined) return [];
  const given = new Set(call.arguments.flatMap((each) => (each !== current && each.name ? [each.name.name] : [])));
  const positional = call.arguments.filter(
    (each) => each !== current && each.name === undefined && each.star === "",
  ).length;
  return target.node.parameters.slice(positional).flatMap((each) => {
    if (each.star !== "" || each.name === undefined || given.has(each.name.name)) return [];
    return [
      keywordItem(file, span, each.name.name, isKeyword, {
        detail: each.default === undefined ? "required" : "optional",
        isRequired: each.default === undefined,
      }),
    ];
  });
}

/** The call in whose argument list the cursor is, where a new argument may begin. */
function findCall(view: FileView, offset: number, span: Span): CallExpression | undefined {
  const open = findOpenCall(view, offset);
  if (open === undefined) return undefined;
  const { call, below } = open;
  // Deeper than a bare name in an argument means: inside of a value.
  const isPlain = below.every(
    (each) =>
      each.kind === "Argument" ||
      each.kind === "ErrorExpression" ||
      (each.kind === "Identifier" && spanOf(each).start === span.start),
  );
  const argument = below.find((each): each is Argument => each.kind === "Argument");
  if (!/[(,]\s*(?:#[^\n]*\n\s*)*$/.test(view.source.text.slice(Math.max(0, span.start - 400), span.start)))
    return undefined;
  const isValue = argument?.name !== undefined && spanOf(argument.name).start !== span.start;
  return isPlain && !isValue ? call : undefined;
}

function sdkItems(
  view: FileView,
  call: SdkCall,
  current: Argument | undefined,
  span: Span,
  isKeyword: boolean,
): CompletionItem[] {
  return call.entry.parameters.flatMap((parameter) => {
    const given = call.bound.get(parameter.name);
    if (parameter.star !== undefined || (given !== undefined && given !== current)) return [];
    const name = preferredSpelling(view, parameter);
    const snippet = isKeyword ? undefined : valueSnippet(parameter);
    return [
      keywordItem(view, span, name, isKeyword, {
        detail: `${parameter.type}${parameter.isOptional ? "" : ", required"}`,
        doc: parameter.doc,
        isRequired: !parameter.isOptional,
        // What is printed comes before how.
        ...(call.entry.language === "universal" ? { order: 40 } : {}),
        ...(snippet === undefined ? {} : { snippet }),
      }),
    ];
  });
}

/** A file that writes `work=` and `output=` goes on doing so. */
function preferredSpelling(view: FileView, parameter: SdkParameter): string {
  for (const alias of parameter.aliases ?? []) {
    const isUsed = view.facts.sdkCalls.some((call) => call.bound.get(parameter.name)?.name?.name === alias);
    if (isUsed && (alias === "work" || alias === "output")) return alias;
  }
  return parameter.name;
}

function valueSnippet(parameter: SdkParameter): string | undefined {
  if (parameter.type === "string" || parameter.type === "ref") return '"$1"$0';
  if (parameter.type.startsWith("dict")) return "{$1}$0";
  if (parameter.type.startsWith("list")) return "[$1]$0";
  return undefined;
}

interface KeywordOptions {
  readonly detail: string;
  readonly doc?: string;
  readonly isRequired: boolean;
  readonly snippet?: string;
  readonly order?: number;
}

function keywordItem(
  view: FileView,
  span: Span,
  name: string,
  isKeyword: boolean,
  options: KeywordOptions,
): CompletionItem {
  const text = isKeyword ? name : `${name}=${options.snippet ?? ""}`;
  return makeItem(view, span, `${name}=`, {
    kind: CompletionItemKind.Field,
    detail: options.detail,
    text,
    filter: name,
    isSnippet: options.snippet !== undefined,
    order: options.order ?? (options.isRequired ? 0 : 1),
    ...(options.doc === undefined ? {} : { doc: options.doc }),
    ...(options.snippet?.startsWith('"') === true && name === "ref" ? { goesOn: true } : {}),
  });
}
