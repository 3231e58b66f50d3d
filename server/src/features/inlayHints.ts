import type { Comprehension, Span } from "@ocuroot/starlark";
import type { InlayHint } from "vscode-languageserver-types";
import { findYielded } from "../analysis/environmentCounts.ts";
import { absoluteText, findRefTarget } from "../analysis/refTarget.ts";
import { maskAt } from "../analysis/secrets.ts";
import type { Snapshot } from "../analysis/snapshot.ts";
import { overlaps, spanOf, walk } from "../analysis/tree.ts";
import { shortValue } from "../state/words.ts";
import { positionAt } from "../text/convert.ts";

/** How many environments comprehensions yield; when asked for, the values in state beside the refs to them. */
export function getInlayHints(snapshot: Snapshot, wanted: Span, options: { readonly values: boolean }): InlayHint[] {
  const { file } = snapshot;
  const hints: InlayHint[] = [];
  const add = (offset: number, label: string, tooltip: string): void => {
    hints.push({ position: positionAt(file.source, offset), label, tooltip, paddingLeft: true });
  };
  for (const node of findComprehensions(snapshot, wanted)) {
    const names = findYielded(snapshot, node);
    const last = node.clauses.at(-1);
    if (names === undefined || last === undefined) continue;
    const count = names.length === 1 ? "1 environment" : `${names.length === 0 ? "no" : names.length} environments`;
    add(spanOf(last).end, count, names.join(", "));
  }
  if (!options.values) return hints;
  for (const ref of file.facts.refs) {
    const span = spanOf(ref.literal);
    if (!overlaps(span, wanted) || ref.parsed.hasHoles || ref.parsed.errors.length > 0 || ref.isOpenEnded) continue;
    const target = findRefTarget(snapshot, ref);
    const found = target === undefined ? undefined : snapshot.state.value(absoluteText(target));
    if (found === undefined) continue;
    add(
      span.end,
      `= ${shortValue(maskAt(target?.file, target?.absolute ?? ref.parsed.ref, found.value), 30)}`,
      found.release === undefined ? "In state" : `From ${found.release}`,
    );
  }
  return hints;
}

function findComprehensions({ file }: Snapshot, wanted: Span): Comprehension[] {
  const found: Comprehension[] = [];
  for (const statement of file.module.statements) {
    if (!overlaps(spanOf(statement), wanted)) continue;
    walk(statement, (node) => {
      if (node.kind === "Comprehension" && overlaps(spanOf(node), wanted)) found.push(node);
    });
  }
  return found;
}
