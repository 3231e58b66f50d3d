import type { DefStatement, LambdaExpression } from "@ocuroot/starlark";
import type { PlacedCall } from "./facts.ts";
import { perRevision } from "./memo.ts";
import type { FileView } from "./snapshot.ts";
import type { NextDeclaration, WorkDeclaration } from "./work.ts";

type FunctionNode = DefStatement | LambdaExpression;

/** What each function of a file does that leads on, or ends a run. */
interface Steps {
  readonly nexts: ReadonlyMap<FunctionNode | undefined, readonly NextDeclaration[]>;
  /** Names of functions that it calls. */
  readonly helpers: ReadonlyMap<FunctionNode | undefined, readonly string[]>;
  readonly dones: ReadonlyMap<FunctionNode | undefined, readonly PlacedCall[]>;
  readonly byName: ReadonlyMap<string, DefStatement>;
}

const stepsOf = perRevision((view): Steps => {
  const { facts } = view;
  const byName = new Map<string, DefStatement>();
  for (const each of facts.functions) if (!byName.has(each.name.name)) byName.set(each.name.name, each);
  const helpers = facts.otherCalls.flatMap(({ owner, node: { callee } }) =>
    callee.kind === "Identifier" ? [{ owner, name: callee.name }] : [],
  );
  return {
    nexts: groupBy(facts.work.nexts, (each) => each.call.owner),
    helpers: new Map(
      [...groupBy(helpers, (each) => each.owner)].map(([key, all]) => [key, all.map(({ name }) => name)]),
    ),
    dones: groupBy(
      facts.sdkCalls.filter((each) => each.entry.name === "done"),
      (each) => each.owner,
    ),
    byName,
  };
});

/** The `done(...)` calls of a file that a piece of work can reach, over `next` and helpers, when it goes up. */
export function reachedDones(view: FileView, work: WorkDeclaration): PlacedCall[] {
  const steps = stepsOf(view);
  const dones: PlacedCall[] = [];
  const seen = new Set<FunctionNode>();
  const pending = work.functions.flatMap((each) => (each.role === "down" ? [] : (each.target?.node ?? [])));
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    dones.push(...(steps.dones.get(node) ?? []));
    for (const each of steps.nexts.get(node) ?? []) {
      pending.push(...each.functions.flatMap((use) => use.target?.node ?? []));
    }
    for (const name of steps.helpers.get(node) ?? []) {
      const helper = steps.byName.get(name);
      if (helper !== undefined) pending.push(helper);
    }
  }
  return dones;
}

function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const each of values) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}
