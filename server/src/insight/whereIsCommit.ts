import {
  documentRefs,
  listReleases,
  readEnvironments,
  readReleaseBody,
  type StoreReader,
  tryGit,
} from "@ocuroot/engine";
import type { RepositoryView } from "../analysis/snapshot.ts";
import type { CommitDeployment, WhereIsCommitParams, WhereIsCommitResult } from "../protocol/index.ts";
import { type InsightContext, repositoryAt } from "./context.ts";

/** Releases of each file that are looked at for their commit. */
const recentReleases = 100;

/** Which deployments contain a commit (spec 6.4.14). */
export async function findCommit(
  context: InsightContext,
  { uri, commit: name = "HEAD" }: WhereIsCommitParams,
  signal: AbortSignal,
): Promise<WhereIsCommitResult> {
  const nothing = { deployments: [], releases: [] };
  const repository = repositoryAt(context, uri);
  if (repository === undefined) return { ...nothing, problem: "The file is in no repository of the workspace." };
  if (!context.previews.isTrusted) return { ...nothing, problem: "The workspace is not trusted, so git is not run." };
  const store = await context.stores.at(repository.root);
  const found = await resolveCommit(repository.root, name);
  if ("problem" in found) return { ...nothing, ...found };
  if (store?.state === undefined || store.name === undefined) {
    return { ...nothing, ...found, problem: store?.problem ?? "There is no state yet." };
  }
  const [deployments, releases] = await Promise.all([
    findDeployments(repository, store.state, store.name, found.commit, signal),
    findReleases(repository, store.state, store.name, found.commit, signal),
  ]);
  return { ...found, deployments, releases };
}

async function resolveCommit(
  root: string,
  name: string,
): Promise<{ readonly commit: string; readonly subject: string } | { readonly problem: string }> {
  // A name that starts with a dash would be an option.
  const isName = /^[^\s-][^\s:^~*?[\\]*(?:[~^]\d*)*$/.test(name);
  const said = isName
    ? await tryGit(["log", "-1", "--format=%H%n%s", "--end-of-options", `${name}^{commit}`], { cwd: root }).catch(noGit)
    : undefined;
  if (said === "no git") return { problem: "`git` was not found on PATH." };
  if (said !== undefined && /not a git repository/.test(said.stderr)) {
    return { problem: "The folder is no git repository." };
  }
  const [commit = "", subject = ""] = said?.stdout.toString("utf8").split("\n") ?? [];
  if (said?.code !== 0 || commit === "") return { problem: `There is no commit \`${name}\` in this repository.` };
  return { commit, subject };
}

function noGit(): "no git" {
  return "no git";
}

async function findDeployments(
  repository: RepositoryView,
  state: StoreReader,
  repo: string,
  commit: string,
  signal: AbortSignal,
): Promise<CommitDeployment[]> {
  const environments = await readEnvironments(state, { repo, signal });
  const commits = new Map<string, Promise<string | undefined>>();
  const distances = new Map<string, Promise<Distance>>();
  const once = <T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  const all = environments.flatMap(({ name, deployments }) =>
    deployments.map((each) => ({ environment: name, ...each })),
  );
  const found: CommitDeployment[] = [];
  for (const { environment, file, release, ref } of all) {
    if (signal.aborted) break;
    const of = ref.slice(0, -`/deploy/${environment}`.length);
    const releaseCommit = await once(commits, of, () => commitOf(state, of));
    if (releaseCommit === undefined) continue;
    const distance = await once(distances, releaseCommit, () => measure(repository.root, commit, releaseCommit));
    const uri = repository.file(file)?.uri ?? `${repository.uri}/${file.split("/").map(encodeURIComponent).join("/")}`;
    found.push({ environment, file, uri, release, ref, releaseCommit, ...distance });
  }
  return found;
}

type Distance = Pick<CommitDeployment, "state" | "distance">;

/** How many commits each of two has that the other one has not. */
async function measure(root: string, commit: string, released: string): Promise<Distance> {
  if (!/^[0-9a-f]{7,64}$/.test(released)) return { state: "unknown" };
  const args = ["rev-list", "--left-right", "--count", `${commit}...${released}`, "--"];
  const said = await tryGit(args, { cwd: root }).catch(() => undefined);
  if (said?.code !== 0) return { state: "unknown" };
  const [left = 0, right = 0] = said.stdout.toString("utf8").trim().split(/\s+/).map(Number);
  return left === 0 ? { state: "contains", distance: right } : { state: "behind", distance: left };
}

async function commitOf(state: StoreReader, release: string): Promise<string | undefined> {
  const stored = await state.read(release).catch(() => undefined);
  if (stored?.kind !== "ref") return undefined;
  try {
    return readReleaseBody(release, stored.body).commit;
  } catch {
    return undefined; // Damaged: reported where it is opened.
  }
}

/** Releases of the workspace's files that were made from exactly this commit. */
async function findReleases(
  repository: RepositoryView,
  state: StoreReader,
  repo: string,
  commit: string,
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for (const file of repository.packagePaths()) {
    const place = { repo, file };
    for (const { name } of (await listReleases(state, place, { signal })).slice(0, recentReleases)) {
      const release = `${documentRefs.package(place)}/@${name}`;
      if ((await state.read(documentRefs.commit(release, commit), { signal }).catch(() => undefined)) !== undefined)
        found.push(release);
    }
  }
  return found;
}
