import type { Expression } from "@ocuroot/starlark";
import type { TextEdit } from "../analysis/edits.ts";
import type { PlacedCall } from "../analysis/facts.ts";
import type { FileView } from "../analysis/snapshot.ts";
import { spanOf } from "../analysis/tree.ts";

/** Argument names of the SDK's first version, and what is written today. */
const oldArguments: ReadonlyMap<string, string> = new Map([
  ["work", "tasks"],
  ["output", "outputs"],
]);

/** The edits that convert a file's old spellings of the SDK (spec 6.4.12), in the order of the text. */
export function findOldSpellings(view: FileView): TextEdit[] {
  const edits = [
    ...view.facts.sdkCalls.flatMap((call) => [...oldName(view, call), ...oldArgumentNames(call)]),
    ...view.facts.refs.flatMap((ref) =>
      ref.parsed.segments.flatMap(({ role, text, start, end, hasHole }): TextEdit[] => {
        if (hasHole || ref.parsed.errors.length > 0) return [];
        const span = ref.spanOf(start, end);
        if (role === "kind" && text === "call") return [{ span, text: "task" }];
        if (role !== "release" || !/^\d+$/.test(text)) return [];
        return [{ span: ref.spanOf(end - text.length, end), text: `r${text}` }];
      }),
    ),
  ];
  // A variable that holds a ref is read once for each use of it.
  const seen = new Set<number>();
  return edits
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ span }) => !seen.has(span.start) && seen.add(span.start));
}

function oldName(view: FileView, { node, entry }: PlacedCall): TextEdit[] {
  const { replacedBy } = entry;
  if (replacedBy === undefined || isTaken(view, replacedBy, node.callee)) return [];
  return [{ span: spanOf(node.callee), text: replacedBy }];
}

/** Whether the new name means something else in the file. */
function isTaken(view: FileView, name: string, callee: Expression): boolean {
  const [head = ""] = name.split(".", 1);
  if (callee.kind === "DotExpression" && callee.object.kind === "Identifier" && callee.object.name === head)
    return false;
  const own = view.resolution.globals.get(head);
  if (own !== undefined && own.scope !== "predeclared" && own.scope !== "universal") return true;
  return view.facts.functions.some((fn) => fn.parameters.some((each) => each.name?.name === head));
}

function oldArgumentNames({ node, entry }: PlacedCall): TextEdit[] {
  return node.arguments.flatMap(({ name }) => {
    const text = name === undefined ? undefined : oldArguments.get(name.name);
    const parameter = entry.parameters.find((each) => each.name === text);
    if (name === undefined || text === undefined || parameter?.aliases?.includes(name.name) !== true) return [];
    return [{ span: spanOf(name), text }];
  });
}
