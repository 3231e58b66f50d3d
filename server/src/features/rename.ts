import type { Span } from "@ocuroot/starlark";
import type { TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import { findOccurrences, type Occurrences } from "../analysis/occurrences.ts";
import { findOutsideConsumers } from "../analysis/outsideConsumers.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { findPath } from "../analysis/tree.ts";
import { RequestProblem } from "../connection/dispatch.ts";
import { rangeOf } from "../text/convert.ts";

/**
 * Renames what stands under the cursor wherever it is named. Throws RequestProblem for a name that cannot be. With
 * `annotate`, files known from state only that go on reading the old name are listed, and the user is asked.
 */
export function doRename(
  snapshot: Snapshot,
  offset: number,
  newName: string,
  options: { readonly annotate: boolean },
): WorkspaceEdit | null {
  const found = findOccurrences(snapshot, offset);
  if (found === undefined) return null;
  const problem = nameProblem(found, newName);
  if (problem !== undefined) throw new RequestProblem(problem);
  const changes: Record<string, TextEdit[]> = {};
  for (const { view, span } of found.places) {
    changes[view.uri] ??= [];
    changes[view.uri]?.push({ range: rangeOf(view.source, span), newText: newName });
  }
  const readers = options.annotate ? findOutsideConsumers(snapshot, found) : [];
  return readers.length === 0 ? { changes } : withAnnotation(snapshot, changes, found.name, readers);
}

function withAnnotation(
  snapshot: Snapshot,
  changes: Readonly<Record<string, TextEdit[]>>,
  name: string,
  readers: readonly string[],
): WorkspaceEdit {
  const annotationId = "ocuroot.rename";
  return {
    documentChanges: Object.entries(changes).map(([uri, edits]) => ({
      textDocument: { uri, version: uri === snapshot.file.uri ? snapshot.file.version : null },
      edits: edits.map((edit) => ({ ...edit, annotationId })),
    })),
    changeAnnotations: {
      [annotationId]: {
        label: `\`${name}\` is read by files outside of the workspace`,
        description: `They keep the old name: ${readers.join(", ")}`,
        needsConfirmation: true,
      },
    },
  };
}

const keywords = new Set(
  "and break continue def elif else for if in lambda load not or pass return while as assert async await class del except finally from global import is nonlocal raise try with yield".split(
    " ",
  ),
);

function nameProblem({ kind, name, places, taken, fixed }: Occurrences, newName: string): string | undefined {
  if (fixed !== undefined) return fixed;
  if (kind === "variable" || kind === "input") {
    if (!/^[A-Za-z_]\w*$/.test(newName)) return `\`${newName}\` is not a name: use letters, digits and \`_\`.`;
    if (keywords.has(newName)) return `\`${newName}\` is a word of the language.`;
  } else if (newName === "" || /[/#@=\s"'\\]/.test(newName)) {
    return `\`${newName}\` cannot be used in a ref: leave out \`/\`, \`#\`, \`@\`, \`=\`, quotes and blanks.`;
  }
  if (newName === name) return undefined;
  if (taken?.has(newName) === true) return `There is another ${kind} \`${newName}\` beside this one.`;
  return kind === "variable" || kind === "input" ? collision(places, newName) : undefined;
}

/** A name that is taken where the renamed one is used would change what the program means. */
function collision(places: Occurrences["places"], newName: string): string | undefined {
  for (const { view, span } of places) {
    if (!isName(view, span)) continue;
    const taken = view.resolution.visibleAt(span.start).find((each) => each.name === newName);
    if (taken === undefined) continue;
    const isOurs = taken.scope !== "universal" && taken.scope !== "predeclared";
    // A built-in name may be given to something else, but not where the built-in itself is used.
    if (isOurs || taken.uses.length > 0) return `\`${newName}\` is already the name of something else here.`;
  }
  return undefined;
}

/** Whether a place is a variable's: keys in strings, attributes and names of arguments are looked up elsewhere. */
function isName(view: FileView, span: Span): boolean {
  const node = findPath(view.module, span.start).at(-1);
  return node?.kind === "Identifier" && view.resolution.bindingOf(node) !== undefined;
}
