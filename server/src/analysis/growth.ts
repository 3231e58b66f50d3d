import type { Binding, CallExpression, Expression, Identifier, PlacedNode } from "@ocuroot/starlark";
import type { FileView } from "./snapshot.ts";
import { findPath, spanOf } from "./tree.ts";
import { elementOf, listOf, type ValueType } from "./valueTypes.ts";

/** What types are read with. */
interface Reader {
  read(view: FileView, expression: Expression): ValueType | undefined;
}

/** Uses of a variable that are looked at: what is put in first tells as a rule. */
const maxUses = 20;

/** What a list or dict holds that was made empty, by what is put into it later: `all.append(x)`, `all += [x]`, `all[k] = x`. */
export function typeOfAdded(
  reader: Reader,
  view: FileView,
  binding: Binding,
  kind: "list" | "dict",
): ValueType | undefined {
  for (const use of binding.uses.slice(0, maxUses)) {
    const path = findPath(view.module, spanOf(use).start);
    const around = path.slice(0, path.lastIndexOf(use)).reverse();
    const type = kind === "list" ? addedToList(reader, view, use, around) : addedToDict(reader, view, use, around);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** `around`: what holds the list, innermost first. */
function addedToList(
  reader: Reader,
  view: FileView,
  list: Expression,
  around: readonly PlacedNode[],
): ValueType | undefined {
  const [parent] = around;
  if (parent?.kind === "AssignStatement" && parent.target === list && parent.operator === "+=") {
    return elementOf(reader.read(view, parent.value));
  }
  const { name, call } = methodOf(list, around);
  const value = call?.arguments[name === "insert" ? 1 : 0]?.value;
  if (value === undefined) return undefined;
  if (name === "append" || name === "insert") return reader.read(view, value);
  return name === "extend" ? elementOf(reader.read(view, value)) : undefined;
}

function addedToDict(
  reader: Reader,
  view: FileView,
  dict: Identifier,
  around: readonly PlacedNode[],
): ValueType | undefined {
  const [parent, grandparent] = around;
  if (parent?.kind === "IndexExpression" && parent.object === dict) {
    if (grandparent?.kind === "AssignStatement" && grandparent.target === parent && grandparent.operator === "=") {
      return reader.read(view, grandparent.value);
    }
    const element = addedToList(reader, view, parent, around.slice(1));
    return element && listOf(element);
  }
  const { name, call } = methodOf(dict, around);
  const value = name === "setdefault" ? call?.arguments[1]?.value : undefined;
  if (call === undefined || value === undefined) return undefined;
  const type = reader.read(view, value);
  if (type?.kind !== "list" || type.element !== undefined) return type;
  return listOf(addedToList(reader, view, call, around.slice(around.indexOf(call) + 1)));
}

/** The method of a value that is called, `value.name(…)`. */
function methodOf(
  value: Expression,
  [parent, grandparent]: readonly PlacedNode[],
): { readonly name?: string; readonly call?: CallExpression } {
  if (parent?.kind !== "DotExpression" || parent.object !== value) return {};
  if (grandparent?.kind !== "CallExpression" || grandparent.callee !== parent) return {};
  return { name: parent.name.name, call: grandparent };
}
