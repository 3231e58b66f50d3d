import { knownSdkVersions } from "@ocuroot/engine";
import type {
  BinaryExpression,
  CallExpression,
  DictExpression,
  Expression,
  PlacedNode,
  StringLiteral,
} from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { argumentOf } from "../../analysis/calls.ts";
import { dialectOf, findInputReads } from "../../analysis/functions.ts";
import { contains, contentSpan, spanOf } from "../../analysis/tree.ts";
import { inferType, knownAttributes } from "../../analysis/types.ts";
import type { FileView, Snapshot } from "../../snapshot.ts";
import { makeItem } from "./items.ts";

/** Inside strings that are no refs: keys of dicts and attributes, values compared with attributes, input names, versions. */
export function completeStrings(
  snapshot: Snapshot,
  literal: StringLiteral,
  path: readonly PlacedNode[],
): CompletionItem[] {
  const parent = path[path.lastIndexOf(literal) - 1];
  switch (parent?.kind) {
    case "IndexExpression":
      return parent.index === literal ? completeKeys(snapshot, literal, parent.object) : [];
    case "BinaryExpression":
      return completeCompared(snapshot, literal, parent);
    case "DictEntry":
      return parent.key === literal ? completeInputNames(snapshot, literal, path) : [];
    case "Argument":
      return completeArgument(snapshot, literal, path);
    default:
      // `{"` while the entry is not whole yet.
      return path.some((each) => each.kind === "DictExpression") ? completeInputNames(snapshot, literal, path) : [];
  }
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

function completeArgument(snapshot: Snapshot, literal: StringLiteral, path: readonly PlacedNode[]): CompletionItem[] {
  const { file } = snapshot;
  const node = path.findLast((each): each is CallExpression => each.kind === "CallExpression");
  const span = contentSpan(literal);
  if (node === undefined) return [];
  const call = file.facts.callOf(node);
  if (call?.entry.name === "ocuroot")
    return knownSdkVersions.map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Value }));
  if (call !== undefined || node.callee.kind !== "DotExpression" || node.arguments[0]?.value !== literal) return [];
  const isKeyed = ["get", "pop", "setdefault"].includes(node.callee.name.name);
  return isKeyed ? completeKeys(snapshot, literal, node.callee.object) : [];
}
