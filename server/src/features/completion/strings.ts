import { knownSdkVersions } from "@ocuroot/engine";
import type {
  BinaryExpression,
  CallExpression,
  DictExpression,
  Expression,
  PlacedNode,
  Span,
  StringLiteral,
} from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { argumentOf } from "../../analysis/calls.ts";
import { dialectOf, findInputReads } from "../../analysis/functions.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { contains, contentSpan, spanOf } from "../../analysis/tree.ts";
import { inferType, knownAttributes } from "../../analysis/types.ts";
import { constantText } from "../../analysis/values.ts";
import { makeItem } from "./items.ts";
import { completeOutputKeys } from "./outputKeys.ts";
import { completePath, pathParameters } from "./paths.ts";

/** Inside strings that are no refs: keys of dicts and attributes, values compared with attributes, input names, versions. */
export function completeStrings(
  snapshot: Snapshot,
  literal: StringLiteral,
  path: readonly PlacedNode[],
  offset: number,
): CompletionItem[] {
  const parent = path[path.lastIndexOf(literal) - 1];
  switch (parent?.kind) {
    case "IndexExpression":
      return parent.index === literal ? completeKeys(snapshot, literal, parent.object) : [];
    case "BinaryExpression":
      return completeCompared(snapshot, literal, parent);
    case "DictEntry":
      return parent.key === literal ? completeEntryNames(snapshot, literal, path) : [];
    case "Argument":
      return completeArgument(snapshot, literal, path, offset);
    case "ListExpression":
      return isWatched(snapshot.file, parent, path) ? completePath(snapshot, literal, offset, "watch") : [];
    default:
      // `{"` while the entry is not whole yet.
      return path.some((each) => each.kind === "DictExpression") ? completeEntryNames(snapshot, literal, path) : [];
  }
}

function completeEntryNames(snapshot: Snapshot, literal: StringLiteral, path: readonly PlacedNode[]): CompletionItem[] {
  const inputs = completeInputNames(snapshot, literal, path);
  return inputs.length > 0 ? inputs : completeOutputKeys(snapshot, literal, path);
}

/** `done(watch=["`. */
function isWatched(view: FileView, list: PlacedNode, path: readonly PlacedNode[]): boolean {
  const node = path.findLast((each): each is CallExpression => each.kind === "CallExpression");
  const call = node && view.facts.callOf(node);
  return call?.entry.name === "done" && argumentOf(call, "watch") === list;
}

function completeKeys(snapshot: Snapshot, literal: StringLiteral, object: Expression): CompletionItem[] {
  const { file } = snapshot;
  const span = contentSpan(literal);
  const type = inferType(file, object);
  if (type?.kind === "attributes") {
    return [...knownAttributes(snapshot)].map(([name, values]) =>
      makeItem(file, span, name, { kind: CompletionItemKind.Field, detail: values.slice(0, 5).join(", ") }),
    );
  }
  if (type?.kind === "environment")
    return ["name", "attributes"].map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Field }));
  if (type?.kind !== "dict") return [];
  return [...type.keys].map(([name, detail]) => makeItem(file, span, name, { kind: CompletionItemKind.Field, detail }));
}

/** `e.attributes["type"] == "`: the values that environments have. */
function completeCompared(snapshot: Snapshot, literal: StringLiteral, node: BinaryExpression): CompletionItem[] {
  const { file } = snapshot;
  const other = node.left === literal ? node.right : node.left;
  const span = contentSpan(literal);
  const name = attributeName(file, other);
  if (name !== undefined) {
    const values = knownAttributes(snapshot).get(name) ?? [];
    return values.map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Value }));
  }
  const isName =
    other.kind === "DotExpression" &&
    other.name.name === "name" &&
    inferType(file, other.object)?.kind === "environment";
  if (!isName) return [];
  const names = snapshot.state.environments?.map((each) => each.name) ?? [];
  return names.map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Value }));
}

function attributeName(view: FileView, node: Expression): string | undefined {
  if (node.kind === "IndexExpression" && node.index.kind === "StringLiteral") {
    return inferType(view, node.object)?.kind === "attributes" ? node.index.value : undefined;
  }
  if (node.kind !== "CallExpression" || node.callee.kind !== "DotExpression" || node.callee.name.name !== "get")
    return undefined;
  const key = node.arguments[0]?.value;
  return key?.kind === "StringLiteral" && inferType(view, node.callee.object)?.kind === "attributes"
    ? key.value
    : undefined;
}

/** `inputs={"`: what the functions that receive them want and do not get yet. */
function completeInputNames(snapshot: Snapshot, literal: StringLiteral, path: readonly PlacedNode[]): CompletionItem[] {
  const { file } = snapshot;
  const dict = path.findLast((each): each is DictExpression => each.kind === "DictExpression");
  const { declarations, nexts } = file.facts.work;
  const work = [...declarations, ...nexts].find((each) => {
    const inputs = argumentOf(each.call, "inputs");
    return (
      inputs !== undefined && dict !== undefined && (inputs === dict || contains(spanOf(inputs), spanOf(dict).start))
    );
  });
  if (work === undefined || dict === undefined) return [];
  const given = new Set(
    dict.entries.flatMap((each) => (each.key.kind === "StringLiteral" && each.key !== literal ? [each.key.value] : [])),
  );
  const wanted = new Map<string, string>();
  for (const { target, role } of work.functions) {
    if (target === undefined) continue;
    const names =
      dialectOf(target.node) === "ctx"
        ? findInputReads(target.view, target.node).reads.map((each) => each.name.name)
        : target.node.parameters.flatMap((each) => (each.star === "" && each.name ? [each.name.name] : []));
    for (const name of names)
      if (name !== "" && name !== "environment" && !given.has(name)) wanted.set(name, `wanted by \`${role}\``);
  }
  return [...wanted].map(([name, detail]) =>
    makeItem(file, contentSpan(literal), name, { kind: CompletionItemKind.Field, detail }),
  );
}

/** Programs that are given shell text, as they are mostly named. */
const shells = ["sh", "bash", "zsh", "pwsh", "python3"];

/** `phase("`: kinds of environments that no phase is named after yet. */
function completePhaseName(snapshot: Snapshot, span: Span): CompletionItem[] {
  const { file } = snapshot;
  const used = new Set(file.facts.work.phases.map((each) => constantText(file, argumentOf(each, "name"))));
  const names = new Map<string, string>();
  for (const [attribute, values] of knownAttributes(snapshot)) {
    for (const value of values) if (!names.has(value)) names.set(value, `environments with this \`${attribute}\``);
  }
  return [...names]
    .filter(([name]) => !used.has(name))
    .map(([name, detail]) => makeItem(file, span, name, { kind: CompletionItemKind.Value, detail }));
}

function completeArgument(
  snapshot: Snapshot,
  literal: StringLiteral,
  path: readonly PlacedNode[],
  offset: number,
): CompletionItem[] {
  const { file } = snapshot;
  const node = path.findLast((each): each is CallExpression => each.kind === "CallExpression");
  const span = contentSpan(literal);
  if (node === undefined) return [];
  const call = file.facts.callOf(node);
  if (call?.entry.name === "ocuroot")
    return knownSdkVersions.map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Value }));
  const parameter = call?.entry.parameters.find((each) => call.bound.get(each.name)?.value === literal)?.name;
  if (parameter !== undefined && pathParameters.has(parameter))
    return completePath(snapshot, literal, offset, parameter);
  if (parameter === "shell" && call?.entry.name.endsWith("shell") === true)
    return shells.map((each, order) => makeItem(file, span, each, { kind: CompletionItemKind.Value, order }));
  if (parameter === "name" && call?.entry.name === "phase") return completePhaseName(snapshot, span);
  if (call !== undefined || node.callee.kind !== "DotExpression" || node.arguments[0]?.value !== literal) return [];
  const isKeyed = ["get", "pop", "setdefault"].includes(node.callee.name.name);
  return isKeyed ? completeKeys(snapshot, literal, node.callee.object) : [];
}
