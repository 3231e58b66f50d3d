/**
 * A checkout of the state or intent branch in place of a source repository (spec 4.7): what is configured is read from the
 * state that it leads to.
 */
import { existsSync, realpathSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { RepositoryModel, RepositoryStores, StoreDescription } from "../model/repository.ts";
import { listRepositories } from "../release/listing.ts";
import { type Environment, hasRepositoryFile, type Repository, RepositoryError } from "../release/repository.ts";
import { layoutOf, markerName, readMarker, type StoreKind } from "../state/file/layout.ts";
import { openFileStoreReader } from "../state/fileStore.ts";
import { git, tryGit } from "../state/git/git.ts";
import type { StoreReader } from "../state/store.ts";
import { openStateStores } from "../state/stores.ts";
import { newestCommit } from "./identify.ts";
import { readRecordedConfiguration } from "./sources.ts";

/** The folder of the store that a command run in `folder` is about; undefined when it is about a source repository. */
export function findStoreCheckout(folder: string): string | undefined {
  let at = existsSync(folder) ? realpathSync(folder) : resolve(folder);
  for (; ; at = dirname(at)) {
    if (existsSync(join(at, markerName))) return at;
    if (hasRepositoryFile(at)) return undefined;
    // State and intent on one branch: the store is below the top of the checkout.
    const below = existsSync(join(at, ".git")) ? ["state", "intent"].map((name) => join(at, name)) : [];
    const found = below.find((each) => existsSync(join(each, markerName)));
    if (found !== undefined || dirname(at) === at) return found;
  }
}

/** Evaluates the text of a `repo.ocu.star`. Undefined when it has an error; it has been told. */
export type EvaluateText = (text: string) => Promise<RepositoryModel | undefined>;

/** Opens the stores that belong to a checkout of one of them. Its name is that of the only repository in it, else "". */
export async function openStoreCheckout(root: string, env: Environment, evaluate: EvaluateText): Promise<Repository> {
  const kind = await kindOf(root);
  const state = await findState(root, kind);
  if (!state) throw new RepositoryError(`${root} is an intent store, and the state that belongs to it cannot be found`);
  try {
    const repositories = await listRepositories(state.reader);
    for (const repo of repositories) {
      const commit = (await newestCommit(state.reader, repo)) ?? "";
      const configuration = await readRecordedConfiguration(state.reader, repo, commit);
      const model = configuration && (await evaluate(configuration.source));
      if (!model) continue;
      const { stores, base } = storesOf(model.stores, root, kind);
      const home = env.OCUROOT_HOME;
      const opened = await openStateStores(stores, base, home ? { home } : {});
      const name = repositories.length === 1 ? repo : "";
      return {
        root,
        name,
        model,
        state: opened.state,
        intent: opened.intent,
        isNewDefault: false,
        env,
        close: opened.close,
      };
    }
    const reason =
      repositories.length > 0
        ? "has no configuration of a repository that can be used"
        : "knows no repository yet; make a release first";
    throw new RepositoryError(`${state.shown} ${reason}`);
  } finally {
    await state.close();
  }
}

async function kindOf(root: string): Promise<StoreKind> {
  try {
    await readMarker(layoutOf(root), "state");
    return "state";
  } catch (error) {
    await readMarker(layoutOf(root), "intent").catch(() => {
      throw error;
    });
    return "intent";
  }
}

interface FoundState {
  readonly reader: StoreReader;
  /** For messages. */
  readonly shown: string;
  close(): Promise<void>;
}

/** The state itself; of intent the store beside it, else the branch of its remote that holds state. */
async function findState(root: string, kind: StoreKind): Promise<FoundState | undefined> {
  const beside = kind === "state" ? root : join(dirname(root), "state");
  if (existsSync(join(beside, markerName))) {
    const reader = await openFileStoreReader(beside, { kind: "state" });
    return { reader, shown: beside, close: () => reader.close() };
  }
  const scratch = await mkdtemp(join(tmpdir(), "ocuroot-work-"));
  const remove = () => rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  const folder = await fetchState(root, scratch);
  if (folder === undefined) {
    await remove();
    return undefined;
  }
  const reader = await openFileStoreReader(folder, { kind: "state" });
  const close = async () => {
    await reader.close();
    await remove();
  };
  return { reader, shown: "the state branch", close };
}

async function fetchState(root: string, scratch: string): Promise<string | undefined> {
  const { code, stdout } = await tryGit(["config", "--get", "remote.origin.url"], { cwd: root });
  if (code !== 0) return undefined;
  const url = stdout.toString().trim();
  await git(["init", "--quiet", scratch], { cwd: root });
  const fetch = ["fetch", "--progress", "--depth=1", "--no-tags", "--", url, "+refs/heads/*:refs/branches/*"];
  await git(fetch, { cwd: scratch, isRemote: true });
  const branches = (await git(["for-each-ref", "--format=%(refname)", "refs/branches"], { cwd: scratch })).split("\n");
  for (const branch of branches.filter((each) => each !== "")) {
    for (const subfolder of ["", "state"]) {
      const path = subfolder === "" ? markerName : `${subfolder}/${markerName}`;
      const marker = await tryGit(["show", `${branch}:${path}`], { cwd: scratch });
      if (marker.code !== 0 || !marker.stdout.includes('"state"')) continue;
      await git(["checkout", "--quiet", "--detach", branch], { cwd: scratch });
      return join(scratch, subfolder);
    }
  }
  return undefined;
}

/** The stores as configured; paths on disk count from the source repository, which the checkout's own path tells. */
function storesOf(
  stores: RepositoryStores,
  root: string,
  kind: StoreKind,
): { readonly stores: RepositoryStores; readonly base: string } {
  const isShared = stores.intent === undefined;
  const own: StoreDescription = kind === "state" || isShared ? stores.state : (stores.intent as StoreDescription);
  if (own.kind === "git") return { stores, base: root };
  const path = join(own.path, isShared ? kind : "");
  const base = `${sep}${join(root)}`.endsWith(`${sep}${path}`) ? root.slice(0, -path.length) : undefined;
  if (base) return { stores, base };
  // Elsewhere than configured: the folder itself, and the one beside it.
  const isPair = basename(root) === kind;
  const at = (name: StoreKind): StoreDescription => ({ kind: "fs", path: join(dirname(root), name) });
  const beside = isPair ? { state: at("state"), intent: at("intent") } : { state: { kind: "fs", path: root } as const };
  return { stores: { ...beside, isDefault: false }, base: root };
}
