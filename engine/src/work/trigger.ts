/** Which commits of which repositories are to be told that they have work (spec 4.7, `work trigger`). */
import { repositoryOf, type WorkItem } from "./items.ts";

export interface Trigger {
  readonly repo: string;
  readonly commit: string;
  readonly items: readonly WorkItem[];
}

/** One trigger for each repository and commit; `global` is whose turn it is for work that belongs to no repository. */
export function triggersFor(
  items: readonly WorkItem[],
  global: { readonly repo: string; readonly commit: string } | undefined,
): Trigger[] {
  const groups = new Map<string, { repo: string; commit: string; items: WorkItem[] }>();
  for (const item of items) {
    const own = repositoryOf(item);
    const target = own === undefined || item.commit === "" ? global : { repo: own, commit: item.commit };
    if (!target) continue;
    const key = `${target.repo}\n${target.commit}`;
    const group = groups.get(key) ?? { ...target, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.values()];
}
