import type { Binding, DefStatement, Diagnostic } from "@ocuroot/starlark";
import { dialectOf } from "../../analysis/functions.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { findPath, spanOf } from "../../analysis/tree.ts";

/**
 * Whether a "never used" hint of the resolver is worth showing. Parameters are questioned only where no contract asks
 * for them: work functions, callbacks and functions that other files may use keep theirs. Loop variables and parts of
 * a tuple are often there only to be named.
 */
export function isWantedHint(view: FileView, diagnostic: Diagnostic): boolean {
  if (diagnostic.code !== "name/unused") return true;
  const path = findPath(view.module, diagnostic.span.start);
  const node = path.findLast((each) => each.kind === "Identifier" && spanOf(each).start === diagnostic.span.start);
  const binding = node?.kind === "Identifier" ? view.resolution.bindingOf(node) : undefined;
  if (binding === undefined) return true;
  if (binding.role === "variable") return isPlainVariable(view, binding);
  if (binding.role !== "parameter") return true;
  const owner = binding.owner?.node;
  return owner?.kind === "DefStatement" && isFreeToChange(view, owner);
}

function isFreeToChange(view: FileView, node: DefStatement): boolean {
  if (dialectOf(node) === "ctx") return false;
  const binding = view.resolution.bindingOf(node.name);
  if (binding === undefined || binding.uses.length === 0) return false;
  if (view.role === "module" && binding.scope === "global" && !binding.name.startsWith("_")) return false;
  return binding.uses.every((use) => {
    const path = findPath(view.module, spanOf(use).start);
    const parent = path[path.lastIndexOf(use) - 1];
    return parent?.kind === "CallExpression" && parent.callee === use;
  });
}

function isPlainVariable(view: FileView, binding: Binding): boolean {
  return binding.definitions.every((each) => {
    const path = findPath(view.module, spanOf(each).start);
    const parent = path[path.lastIndexOf(each) - 1];
    return parent?.kind === "AssignStatement" && parent.target === each;
  });
}
