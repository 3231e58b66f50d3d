import type { RepositoryState } from "@ocuroot/server/protocol";
import type { RunRequest } from "./runs.ts";

/** `frontend/release.ocu.star r9: staging 1 of 2`, for the status bar; undefined when nothing runs. */
export function progressText(
  active: readonly RunRequest[],
  repositories: readonly RepositoryState[],
): string | undefined {
  const first = active[0];
  if (!first) return undefined;
  const others = active.length > 1 ? ` (+${active.length - 1})` : "";
  return `${describe(first, repositories)}${others}`;
}

function describe(request: RunRequest, repositories: readonly RepositoryState[]): string {
  const release = repositories
    .find((repository) => repository.uri === request.repository)
    ?.packages.find((state) => state.file === request.file)?.releases[0];
  if (release?.status !== "running") return request.title;
  const phase = release.phases.find((each) => each.work.some((work) => work.status !== "complete"));
  if (!phase) return `${request.file} ${release.name}`;
  const done = phase.work.filter((work) => work.status === "complete").length;
  const count = phase.work.length > 1 ? ` ${done} of ${phase.work.length}` : "";
  return `${request.file} ${release.name}: ${phase.name || phase.work[0]!.name}${count}`;
}
