import { argumentOf } from "./calls.ts";
import type { FileView, Snapshot } from "./snapshot.ts";
import type { WorkSummary } from "./stateView.ts";
import { constantText } from "./values.ts";
import type { WorkDeclaration } from "./work.ts";

/** A piece of work of the newest release. */
export interface NamedSummary {
  readonly name: string;
  readonly summary: WorkSummary;
}

/**
 * What a declaration stands for in the newest release: itself, or where its name is computed (`deploy(environment=e, …)` in a
 * comprehension) all work of its kind in its phase that no other declaration claims. Empty where that cannot be told.
 */
export function findReleased({ file, state }: Snapshot, work: WorkDeclaration): readonly NamedSummary[] {
  const { path } = file;
  if (path === undefined) return [];
  const read = (key: string): NamedSummary[] => {
    const summary = state.work(path, key);
    return summary === undefined ? [] : [{ name: key.slice(key.indexOf("/") + 1), summary }];
  };
  if (work.name !== undefined) return read(`${work.kind}/${work.name}`);
  const { declarations } = file.facts.work;
  const named = new Set(declarations.flatMap((each) => (each.name === undefined ? [] : [`${each.kind}/${each.name}`])));
  const computed = declarations.filter((each) => each.kind === work.kind && each.name === undefined);
  const phase = phaseOf(file, work);
  const others = computed.filter((each) => each !== work).map((each) => phaseOf(file, each));
  if (others.includes(phase)) return [];
  return state
    .allWork(path)
    .filter((each) => each.key.startsWith(`${work.kind}/`) && !named.has(each.key))
    .filter((each) => (phase === undefined ? !others.includes(each.phase) : each.phase === phase))
    .flatMap((each) => read(each.key));
}

/** The name of the phase that a declaration is written in; undefined where it is in none, or in a helper. */
function phaseOf(view: FileView, { call }: WorkDeclaration): string | undefined {
  const phase = call.phase && view.facts.callOf(call.phase);
  return phase && constantText(view, argumentOf(phase, "name"));
}
