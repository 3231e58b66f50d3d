import type { RefString } from "../../analysis/refStrings.ts";
import { findProducers, findRefTarget, type RefOwner } from "../../analysis/refTarget.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { contains, spanOf } from "../../analysis/tree.ts";
import type { InputDeclaration, WorkDeclaration } from "../../analysis/work.ts";

/** How many pieces of work a search may visit; beyond it nothing is said. */
const limit = 2_000;

/**
 * Whether the work that a ref waits for waits, over other files, for the work that holds the ref: then neither file's
 * first release can finish. Returns the sentence to show. Only refs without a default, and orders that the text tells,
 * count.
 */
export function findFileCycle(snapshot: Snapshot, ref: RefString, owners: readonly RefOwner[]): string | undefined {
  const path = findCycle(snapshot, ref, owners);
  if (path === undefined) return undefined;
  return `These wait for each other, so no first release can finish: ${path.map(describe).join(" → ")}.`;
}

/** The work that waits for each other in a circle, the first one again at its end. */
export function findCycle(
  snapshot: Snapshot,
  ref: RefString,
  owners: readonly RefOwner[],
): readonly WorkDeclaration[] | undefined {
  for (const owner of owners) {
    const path = "kind" in owner.work ? search(snapshot, ref, owner.work) : undefined;
    if (path !== undefined) return path;
  }
  return undefined;
}

interface Step {
  readonly work: WorkDeclaration;
  readonly path: readonly WorkDeclaration[];
}

function search(snapshot: Snapshot, ref: RefString, goal: WorkDeclaration): WorkDeclaration[] | undefined {
  const seen = new Set<WorkDeclaration>();
  const pending: Step[] = producersOf(snapshot, ref).map((work) => ({ work, path: [goal, work] }));
  for (let step = pending.shift(); step !== undefined && seen.size < limit; step = pending.shift()) {
    const { work, path } = step;
    if (work === goal) return [...path];
    if (seen.has(work)) continue;
    seen.add(work);
    for (const before of dependenciesOf(snapshot, work)) {
      const isSameFile = before.view === work.view;
      pending.push({ work: before, path: isSameFile && before !== goal ? path : [...path, before] });
    }
  }
  return undefined;
}

/** What must be complete before a piece of work: earlier phases of its file, and what its inputs wait for. */
function dependenciesOf(snapshot: Snapshot, work: WorkDeclaration): WorkDeclaration[] {
  const { view } = work;
  const earliest = work.orders.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...work.orders);
  const earlier = view.facts.work.declarations.filter(
    (each) => each.orders.length > 0 && Math.max(...each.orders) < earliest && !each.call.isConditional,
  );
  const waited = [...work.inputs.entries.values()].flatMap((input) => {
    const ref = input.hasDefault ? undefined : refOf(view, input);
    return ref === undefined || ref.hasDefault ? [] : producersOf({ ...snapshot, file: view }, ref);
  });
  return [...earlier, ...waited];
}

function refOf(view: FileView, input: InputDeclaration): RefString | undefined {
  if (input.entry.view !== view) return undefined;
  return view.facts.refs.find((each) => contains(spanOf(input.entry.value), spanOf(each.call.node).start));
}

function producersOf(snapshot: Snapshot, ref: RefString): WorkDeclaration[] {
  const { kind, name } = ref.parsed.ref;
  const target = findRefTarget(snapshot, ref);
  const isKnown = ref.parsed.segments.every((each) => each.role !== "name" || !each.hasHole);
  if (target?.file === undefined || name[0] === undefined || !isKnown || ref.isOpenEnded) return [];
  if (kind !== "task" && kind !== "deploy") return [];
  const found = findProducers(target.file, kind, name[0]);
  // Work whose name is computed may be another one.
  return found.filter((each) => each.name === name[0]);
}

function describe(work: WorkDeclaration): string {
  return `\`${work.view.path ?? ""}/${work.kind}/${work.name ?? "…"}\``;
}
