import type { DictExpression, Expression, Identifier } from "@ocuroot/starlark";
import type { FileView } from "./snapshot.ts";
import { findPath, spanOf } from "./tree.ts";
import { constantText, definitionOf, unwrap } from "./values.ts";

/** A key of a dict and where it is written. */
export interface KnownEntry {
  readonly view: FileView;
  /** A literal, the keyword of `dict(key=…)`, or what a constant key is computed from. */
  readonly key: Expression | Identifier;
  readonly value: Expression;
}

/** The keys that a dict is known to have. `isOpen`: it may have others, or lack some. */
export interface KnownDict {
  readonly entries: ReadonlyMap<string, KnownEntry>;
  readonly isOpen: boolean;
  /** The dict display to which a key could be added. */
  readonly literal: { readonly view: FileView; readonly node: DictExpression } | undefined;
}

const nothingKnown: KnownDict = { entries: new Map(), isOpen: true, literal: undefined };
const empty: KnownDict = { entries: new Map(), isOpen: false, literal: undefined };

/** Reads what is known of a dict from its text: displays, `dict(...)`, unions, and variables that hold them. */
export function readDict(view: FileView, expression: Expression | undefined, depth = 0): KnownDict {
  if (expression === undefined) return empty;
  if (depth > 8) return nothingKnown;
  const node = unwrap(expression);
  switch (node.kind) {
    case "DictExpression":
      return readDisplay(view, node);
    case "BinaryExpression":
      return node.operator === "|"
        ? merge(readDict(view, node.left, depth + 1), readDict(view, node.right, depth + 1))
        : nothingKnown;
    case "ConditionalExpression": {
      const both = merge(readDict(view, node.thenValue, depth + 1), readDict(view, node.elseValue, depth + 1));
      return { ...both, isOpen: true, literal: undefined };
    }
    case "CallExpression":
      return readCall(view, node.callee, node.arguments, depth);
    case "Identifier":
      return readVariable(view, node, depth);
    default:
      return nothingKnown;
  }
}

function readDisplay(view: FileView, node: DictExpression): KnownDict {
  const entries = new Map<string, KnownEntry>();
  let isOpen = false;
  for (const entry of node.entries) {
    const name = constantText(view, entry.key);
    if (name === undefined) isOpen = true;
    else entries.set(name, { view, key: entry.key, value: entry.value });
  }
  return { entries, isOpen, literal: { view, node } };
}

function readCall(
  view: FileView,
  callee: Expression,
  args: readonly { star: string; name: Identifier | undefined; value: Expression }[],
  depth: number,
): KnownDict {
  const isDict = callee.kind === "Identifier" && callee.name === "dict";
  if (!isDict || view.resolution.bindingOf(callee)?.scope !== "universal") return nothingKnown;
  let known: KnownDict = empty;
  for (const argument of args) {
    if (argument.star === "**" || (argument.star === "" && argument.name === undefined)) {
      known = merge(known, readDict(view, argument.value, depth + 1));
    } else if (argument.name !== undefined) {
      const entries = new Map(known.entries);
      entries.set(argument.name.name, { view, key: argument.name, value: argument.value });
      known = { ...known, entries };
    } else {
      return nothingKnown;
    }
  }
  return { ...known, literal: undefined };
}

/** A variable that is bound once to a dict, with the keys that are assigned to it; open when it goes elsewhere. */
function readVariable(view: FileView, node: Identifier, depth: number): KnownDict {
  const binding = view.resolution.bindingOf(node);
  const definition = binding === undefined ? undefined : definitionOf(view, binding);
  if (binding === undefined || definition?.kind !== "value") return nothingKnown;
  if (definition.view !== view) return { ...readDict(definition.view, definition.node, depth + 1), literal: undefined };
  const known = readDict(view, definition.node, depth + 1);
  const entries = new Map(known.entries);
  let { isOpen } = known;
  for (const use of binding.uses) {
    const change = readUse(view, use);
    if (change === "changes") isOpen = true;
    else if (change !== "reads") {
      // Assigned on some path only: the key may be missing.
      if (!entries.has(change.name)) isOpen = true;
      entries.set(change.name, change.entry);
    }
  }
  return { entries, isOpen, literal: known.literal };
}

function readUse(
  view: FileView,
  use: Identifier,
): "reads" | "changes" | { readonly name: string; readonly entry: KnownEntry } {
  const path = findPath(view.module, spanOf(use).start);
  const index = path.lastIndexOf(use);
  const parent = path[index - 1];
  const grandparent = path[index - 2];
  if (parent?.kind === "IndexExpression" && parent.object === use) {
    if (grandparent?.kind !== "AssignStatement" || grandparent.target !== parent) return "reads";
    const name = constantText(view, parent.index);
    return name === undefined ? "changes" : { name, entry: { view, key: parent.index, value: grandparent.value } };
  }
  if (parent?.kind === "DotExpression") {
    return ["get", "items", "keys", "values"].includes(parent.name.name) ? "reads" : "changes";
  }
  if (parent?.kind === "AssignStatement" && parent.target === use) return "changes";
  if (parent?.kind === "Argument" && grandparent?.kind === "CallExpression") {
    return view.facts.callOf(grandparent) === undefined ? "changes" : "reads";
  }
  return "reads";
}

function merge(left: KnownDict, right: KnownDict): KnownDict {
  return {
    entries: new Map([...left.entries, ...right.entries]),
    isOpen: left.isOpen || right.isOpen,
    literal: right.literal ?? left.literal,
  };
}
