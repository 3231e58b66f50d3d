import {
  type JsonValue,
  listPackageFiles,
  listReleases,
  listRepositories,
  parseRef,
  type StoreReader,
} from "@ocuroot/engine";
import type { StateConsumer } from "../analysis/stateView.ts";

/** Package files whose newest release is read: a store of more must not delay the rest. */
const limit = 500;

/** What the newest releases of other repositories in a store read from this one. */
export async function readConsumers(store: StoreReader, repo: string, signal: AbortSignal): Promise<StateConsumer[]> {
  const consumers: StateConsumer[] = [];
  let read = 0;
  for (const other of await listRepositories(store, { signal })) {
    if (other === repo) continue;
    for (const file of await listPackageFiles(store, other, { signal })) {
      if (read++ >= limit) return consumers;
      const [newest] = await listReleases(store, { repo: other, file }, { signal });
      if (newest === undefined) continue;
      // A damaged document of somebody else is not ours to report.
      const release = await store.read(`${other}/-/${file}/@${newest.name}`, { signal }).catch(() => undefined);
      if (release?.kind !== "ref") continue;
      for (const text of new Set(refsIn(release.body))) {
        const consumer = readConsumer(text, repo, { repository: other, file });
        if (consumer !== undefined) consumers.push(consumer);
      }
    }
  }
  return consumers;
}

/** Refs of inputs, wherever they stand in a release's document. */
function* refsIn(value: JsonValue): Iterable<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "ref" && typeof inner === "string") yield inner;
    else yield* refsIn(inner as JsonValue);
  }
}

function readConsumer(
  text: string,
  repo: string,
  by: Pick<StateConsumer, "repository" | "file">,
): StateConsumer | undefined {
  const parsed = parseRef(text);
  if (!parsed.ok || parsed.ref.repo !== repo) return undefined;
  const { path, kind, name, fragment } = parsed.ref;
  const [work] = name;
  if (kind === undefined || work === undefined) return undefined;
  return {
    ...by,
    ref: text,
    path,
    work: `${kind}/${work}`,
    ...(fragment[0] === "output" && fragment[1] !== undefined ? { output: fragment[1] } : {}),
  };
}
