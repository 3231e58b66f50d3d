import type { DependencyGraph, EnvironmentState, RepositoryState } from "@ocuroot/server/protocol";
import { refParts } from "./refText.ts";
import { hasNotBegun } from "./status.ts";

/** What deleting an environment would do, as far as state and sources tell. */
export interface DeletionEffects {
  /** What is deployed there: its `down` runs. */
  readonly takenDown: EnvironmentState["deployments"];
  /** Deployments there that releases have not begun: they never begin. */
  readonly dropped: readonly { readonly file: string; readonly release: string }[];
  /** Deployments there that run now: they end before anything is taken down. */
  readonly running: readonly { readonly file: string; readonly release: string }[];
  /** Work elsewhere that takes a value of a deployment there, and then waits for it. */
  readonly bereft: readonly { readonly file: string; readonly work: string; readonly ref: string }[];
}

/** Puts together what deleting `environment` would do in all repositories that are known. */
export function deletionEffects(
  environment: EnvironmentState,
  repositories: readonly RepositoryState[],
  dependencies: DependencyGraph | undefined,
): DeletionEffects {
  const work = repositories.flatMap(({ packages }) =>
    packages.flatMap(({ file, releases }) =>
      releases.flatMap((release) =>
        release.phases
          .flatMap((phase) => phase.work)
          .filter((each) => each.kind === "deploy" && each.name === environment.name)
          .map((each) => ({ file, release: release.name, status: each.status })),
      ),
    ),
  );
  const place = ({ file, release }: { file: string; release: string }) => ({ file, release });
  const names = new Map(dependencies?.files.map((each) => [each.id, each.file]));
  const bereft = (dependencies?.edges ?? []).flatMap((edge) =>
    edge.inputs
      .filter(({ ref }) => isDeployTo(ref, environment.name))
      .map(({ work: waiting, ref }) => ({ file: names.get(edge.from) ?? edge.from, work: waiting, ref })),
  );
  return {
    takenDown: environment.deployments,
    dropped: work.filter(hasNotBegun).map(place),
    running: work.filter(({ status }) => status === "running").map(place),
    // What goes itself waits for nothing any more.
    bereft: bereft.filter(({ work: waiting }) => waiting !== `deploy/${environment.name}`),
  };
}

function isDeployTo(ref: string, environment: string): boolean {
  const { kind, name } = refParts(ref);
  return kind === "deploy" && name[0] === environment;
}
