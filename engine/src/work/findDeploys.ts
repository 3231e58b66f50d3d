/** Deployments of a range of commits (`find-deploys`). */
import { refs } from "../release/documents.ts";
import type { StoreReader } from "../state/store.ts";
import { findReleases } from "./survey.ts";

export interface FoundDeploy {
  /** `R/-/F/@rN/deploy/ENV`. */
  readonly ref: string;
  readonly release: string;
  readonly environment: string;
  readonly commit: string;
  /** Nothing was deployed there since. */
  readonly current: boolean;
}

/** Deployments that were done, of releases of a repository at the commits given; file by file, oldest first. */
export async function findDeploys(
  state: StoreReader,
  repo: string,
  commits: ReadonlySet<string>,
): Promise<FoundDeploy[]> {
  const releases = (await findReleases(state, { repo, isComprehensive: true })).filter(({ commit }) =>
    commits.has(commit),
  );
  const found = await Promise.all(
    releases.map(async ({ place, release, commit }) => {
      const environments = await state.children(`${release}/deploy`);
      const deploys = environments.map(async (environment): Promise<FoundDeploy | undefined> => {
        const ref = refs.work(release, `deploy/${environment}`);
        const stored = await state.read(ref);
        if (stored?.kind !== "ref" || (stored.body as { readonly type?: string }).type === "down") return undefined;
        const current = (await state.resolve(refs.current(place, `deploy/${environment}`))) === ref;
        return { ref, release, environment, commit, current };
      });
      return (await Promise.all(deploys)).filter((each) => each !== undefined);
    }),
  );
  return found.flat();
}
