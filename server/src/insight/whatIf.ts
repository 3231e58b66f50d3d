import type { EnvironmentModel } from "@ocuroot/engine";
import { knownAttributes } from "../analysis/types.ts";
import { buildGraph, cardId } from "../preview/graph.ts";
import type { PreviewEnvironmentsResult, WhatIf, WhatIfGraph } from "../protocol/index.ts";
import type { InsightContext } from "./context.ts";

/** The graph that a file would have with other environments (spec 6.4.13). */
export async function findWhatIfGraph(
  context: InsightContext,
  uri: string,
  whatIf: WhatIf,
  signal: AbortSignal,
): Promise<WhatIfGraph | null> {
  const snapshot = context.snapshot(uri);
  if (snapshot === undefined) return null;
  const bad = whatIf.environments.find(({ name }) => !/^[A-Za-z0-9._-]+$/.test(name));
  const result =
    bad === undefined ? await context.previews.once(snapshot, signal, (each) => adapt(each, whatIf)) : undefined;
  const plain = (await context.previews.once(snapshot, signal)).model;
  const now = context.snapshot(uri) ?? snapshot;
  const problem =
    bad === undefined
      ? result?.problem
      : {
          message: `\`${bad.name}\` cannot be an environment's name: use letters, digits, \`.\`, \`_\` and \`-\`.`,
        };
  const graph = buildGraph({
    snapshot: now,
    model: result?.model,
    version: snapshot.file.version,
    stale: false,
    problem,
    environmentsNotReleased: result?.areReleased === false,
  });
  if (result?.model === undefined || plain === undefined) return graph;
  const ids = (model: typeof plain): string[] => model.phases.flatMap((phase) => phase.work.map(cardId));
  const [before, after] = [new Set(ids(plain)), new Set(ids(result.model))];
  const added = [...after].filter((id) => !before.has(id));
  const removed = [...before].filter((id) => !after.has(id));
  return { ...graph, whatIf: { added, removed } };
}

/** The environments that a preview uses now, and the attributes that they have. */
export async function findPreviewEnvironments(
  context: InsightContext,
  uri: string,
  signal: AbortSignal,
): Promise<PreviewEnvironmentsResult> {
  const snapshot = context.snapshot(uri);
  if (snapshot === undefined) return { environments: [], notReleased: false, attributes: [] };
  const { environments, areReleased } = await context.previews.environmentsOf(snapshot, signal);
  const counts = new Map<string, number>();
  for (const { attributes } of environments) {
    for (const name of Object.keys(attributes)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const attributes = [...knownAttributes(context.snapshot(uri) ?? snapshot)]
    .map(([name, values]) => ({ name, values }))
    .sort((a, b) => (counts.get(b.name) ?? 0) - (counts.get(a.name) ?? 0) || (a.name < b.name ? -1 : 1));
  return { environments: environments.map((each) => ({ ...each })), notReleased: !areReleased, attributes };
}

function adapt(environments: readonly EnvironmentModel[], whatIf: WhatIf): EnvironmentModel[] {
  const without = new Set(whatIf.without);
  const all = new Map(environments.map((each) => [each.name, each]));
  for (const { name, attributes } of whatIf.environments) all.set(name, { name, attributes });
  return [...all.values()].filter(({ name }) => !without.has(name));
}
