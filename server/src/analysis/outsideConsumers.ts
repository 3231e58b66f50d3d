import type { Occurrences } from "./occurrences.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * What reads a task or an output and is known from state only: files of repositories that are not in the workspace, where
 * a rename cannot follow.
 */
export function findOutsideConsumers(snapshot: Snapshot, { kind, name, places }: Occurrences): readonly string[] {
  if (kind !== "task" && kind !== "output") return [];
  const paths = new Set(places.flatMap(({ isDefinition, view }) => (isDefinition ? (view.path ?? []) : [])));
  const inWorkspace = new Set(snapshot.repositories.map((each) => each.name));
  const consumers = snapshot.state.consumers().filter((each) => {
    if (inWorkspace.has(each.repository) || !paths.has(each.path)) return false;
    return kind === "task" ? each.work === `task/${name}` : each.output === name;
  });
  return [...new Set(consumers.map((each) => `${each.repository}/-/${each.file}`))].sort();
}
