/** Releases, environments and logs, read out of a store for people. */
export type { RunFailure } from "../release/events.ts";
export { type ListedRelease, listFiles, listPackageFiles, listReleases, listRepositories } from "../release/listing.ts";
export { readEnvironments } from "./environments.ts";
export type {
  AttemptHistory,
  DeploymentHistory,
  EnvironmentHistory,
  FileHistory,
  MissingInputHistory,
  PhaseHistory,
  ReleaseHistory,
  WorkHistory,
  WorkStatus,
} from "./model.ts";
export { type ReleasesQuery, type RunLog, readReleaseHistory, readReleases, readRunLog } from "./readHistory.ts";
