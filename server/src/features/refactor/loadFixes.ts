import type { Diagnostic, LoadStatement, TextFix } from "@ocuroot/starlark";
import { removeElement } from "../../analysis/edits.ts";
import { findLoadable, loadEdit } from "../../analysis/modules.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";

/** As many modules as are offered for one name. */
const maxModules = 5;

/**
 * What mends names that are loaded wrongly, for those who ask: an undefined one that another module defines, and one that is
 * loaded for nothing. No part of "fix all": loading a module does what it says, so a person decides.
 */
export function findLoadFixes(view: FileView, problem: Diagnostic): readonly TextFix[] {
  if (problem.code === "name/undefined") return missingLoads(view, problem);
  return problem.code === "name/unused" ? unusedLoad(view, problem) : [];
}

function missingLoads(view: FileView, { span }: Diagnostic): TextFix[] {
  const name = view.source.text.slice(span.start, span.end);
  return findLoadable(view)
    .filter((each) => each.name === name)
    .slice(0, maxModules)
    .map((each) => ({ title: `Load \`${name}\` from ${each.module}`, edits: [loadEdit(view, each)] }));
}

function unusedLoad(view: FileView, { span }: Diagnostic): TextFix[] {
  const loads = view.module.statements.filter((each): each is LoadStatement => each.kind === "LoadStatement");
  for (const { symbols } of loads) {
    const index = symbols.findIndex((each) => spanOf(each).start <= span.start && span.end <= spanOf(each).end);
    if (index < 0) continue;
    // The last one leaves its `load`, which without names would be none.
    const edit = symbols.length === 1 ? undefined : removeElement(symbols, index);
    return edit === undefined ? [] : [{ title: "Do not load it", edits: [edit] }];
  }
  return [];
}
