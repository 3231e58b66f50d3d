/** The repository a command is about: where it is, what it is called, which commit, and its stores (spec 4.1, step 1). */
import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { statIfThere } from "../host/files.ts";
import { findCommit, findGitTopLevel, findHeadCommit, findOriginUrl, findRemoteUrls } from "../host/git.ts";
import type { JsonValue } from "../json/json.ts";
import type { PackageProblem } from "../model/package.ts";
import type { RepositoryModel } from "../model/repository.ts";
import { repositoryName } from "../package/repositoryName.ts";
import type { Store, Transaction } from "../state/store.ts";
import { openStateStores } from "../state/stores.ts";
import { bodyTypes, refs } from "./documents.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Repository {
  /** Absolute path, links resolved. */
  readonly root: string;
  readonly name: string;
  readonly model: RepositoryModel;
  readonly state: Store;
  readonly intent: Store;
  /** Nothing configures a store, and the first write will make one: worth telling once. */
  readonly isNewDefault: boolean;
  readonly env: Environment;
  /** Lets go of the stores. */
  close(): Promise<void>;
}

/** Something about the repository that keeps a command from going on. */
export class RepositoryError extends Error {
  override readonly name = "RepositoryError";
  readonly problems: readonly PackageProblem[];
  readonly root: string | undefined;

  constructor(
    message: string,
    options: { readonly problems?: readonly PackageProblem[]; readonly root?: string } = {},
  ) {
    super(message);
    this.problems = options.problems ?? [];
    this.root = options.root;
  }
}

/** The nearest folder upward that holds `repo.ocu.star`, else the git top level. Throws when there is neither. */
export async function findRepositoryRoot(folder: string, env: Environment): Promise<string> {
  let start = resolve(folder);
  while (!existsSync(start) && dirname(start) !== start) start = dirname(start);
  start = realpathSync(statSync(start).isDirectory() ? start : dirname(start));
  for (let at = start; ; at = dirname(at)) {
    if (hasRepositoryFile(at)) return at;
    if (dirname(at) === at) break;
  }
  const top = await findGitTopLevel({ cwd: start, env });
  if (top) return realpathSync(top);
  throw new RepositoryError(`${folder} is in no repository: no repo.ocu.star upward of it, and no git checkout`);
}

/** Whether a folder holds `repo.ocu.star`, as a file: in a store there are folders of that name, for what state knows of it. */
export function hasRepositoryFile(folder: string): boolean {
  return statIfThere(join(folder, "repo.ocu.star"))?.isDirectory() === false;
}

/** Evaluates `repo.ocu.star`; given by whoever has a parser and workers. */
export type EvaluateSettings = (root: string) => Promise<{
  readonly model: RepositoryModel | undefined;
  readonly problems: readonly PackageProblem[];
}>;

/** A repository and what configures it; its stores are not opened. */
export type RepositoryConfiguration = Pick<Repository, "root" | "name" | "model" | "env">;

/** Finds the repository that holds `folder` and evaluates its configuration. Opens no store. */
export async function readConfiguration(
  folder: string,
  env: Environment,
  evaluate: EvaluateSettings,
): Promise<RepositoryConfiguration> {
  const root = await findRepositoryRoot(folder, env);
  const { model, problems } = await evaluate(root);
  if (!model) throw new RepositoryError("repo.ocu.star has an error", { problems, root });
  return { root, name: await nameOf(root, model.alias, env), model, env };
}

/** Where clones of git stores are kept, as far as the environment says. */
export function storeOptions({ OCUROOT_HOME: home }: Environment): { readonly home?: string } {
  return home ? { home } : {};
}

/** Opens the repository that holds `folder`. Nothing is written, and no store is made, before the first write. */
export async function openRepository(
  folder: string,
  env: Environment,
  evaluate: EvaluateSettings,
  onNotice?: (text: string) => void,
): Promise<Repository> {
  const configuration = await readConfiguration(folder, env, evaluate);
  const { root, model } = configuration;
  const { state, intent, isNewDefault, close } = await openStateStores(model.stores, root, {
    ...storeOptions(env),
    ...(onNotice && { onNotice }),
  });
  return { ...configuration, state, intent, isNewDefault, close };
}

async function nameOf(root: string, alias: string | undefined, env: Environment): Promise<string> {
  const urlOverride = env.OCU_REPO_URL_OVERRIDE;
  // Git is asked only when its answer counts.
  const originUrl = alias || urlOverride ? undefined : await findOriginUrl({ cwd: root, env });
  return repositoryName({ alias, urlOverride, originUrl, folder: basename(root) });
}

/** The commit that releases are made of: `OCU_REPO_COMMIT_OVERRIDE`, else git's HEAD. */
export async function currentCommit({ root, env }: Pick<Repository, "root" | "env">): Promise<string> {
  const override = env.OCU_REPO_COMMIT_OVERRIDE;
  if (override) return override;
  const head = await findHeadCommit({ cwd: root, env });
  if (head) return head;
  throw new RepositoryError(
    (await findGitTopLevel({ cwd: root, env }))
      ? "the repository has no commit yet; commit the package file first"
      : `${root} is not a git checkout, so there is no commit to release`,
  );
}

/** Whether two commit names mean the same commit; either may be short. */
export async function isSameCommit({ root, env }: Repository, a: string, b: string): Promise<boolean> {
  if (a === b) return true;
  const [first, second] = await Promise.all([a, b].map((name) => findCommit({ cwd: root, env }, name)));
  return first !== undefined && first === second;
}

/** Puts the repository's configuration for this commit into the transaction (spec 3.2, `repo.ocu.star/@SHA`). */
export async function recordConfiguration(repository: Repository, tx: Transaction, commit: string): Promise<void> {
  const { name, model, root, env } = repository;
  const remotes = model.remotes.length > 0 ? model.remotes : await findRemoteUrls({ cwd: root, env }).catch(() => []);
  const source = Buffer.from(model.source).toString("base64");
  const body: JsonValue = { Remotes: remotes.map(withoutCredentials), source };
  tx.set(refs.repository(name, commit), bodyTypes.repo, body);
  tx.link(refs.latestRepository(name), refs.repository(name, commit));
}

/** Tokens in URLs are never stored. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, (whole, scheme: string) =>
    /^ssh/i.test(scheme) ? whole : scheme,
  );
}
