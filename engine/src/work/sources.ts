/** Files of other commits and repositories, in folders of their own that go away afterwards (spec 4.5, 4.7). */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { refs } from "../release/documents.ts";
import type { Repository } from "../release/repository.ts";
import { git, lastLine, tryGit, withoutCredentials } from "../state/git/git.ts";
import type { StoreReader } from "../state/store.ts";
import { hasCommit, isCommitName, uncommittedFiles } from "./git.ts";

/** The files of a commit cannot be had; the message says why. */
export class SourceError extends Error {
  override readonly name = "SourceError";
}

/** What a repository's configuration document says (spec 3.2). */
export interface RecordedConfiguration {
  readonly remotes: readonly string[];
  /** Text of `repo.ocu.star`. */
  readonly source: string;
}

/** The configuration of a repository that was recorded for a commit, else the newest one. */
export async function readRecordedConfiguration(
  state: StoreReader,
  repo: string,
  commit: string,
): Promise<RecordedConfiguration | undefined> {
  const exact = await state.read(refs.repository(repo, commit));
  const newest = exact ? undefined : await state.resolve(refs.latestRepository(repo));
  const stored = exact ?? (newest === undefined ? undefined : await state.read(newest));
  if (stored?.kind !== "ref") return undefined;
  const { Remotes: remotes, source } = (stored.body ?? {}) as { readonly Remotes?: unknown; readonly source?: unknown };
  return {
    remotes: Array.isArray(remotes) ? remotes.filter((each) => typeof each === "string") : [],
    source: typeof source === "string" ? Buffer.from(source, "base64").toString() : "",
  };
}

/**
 * Brings a commit that is not there into a checkout or clone, from its own remotes or from those given. Only objects come:
 * no branch or other name is made or moved. Returns whether the commit is there now.
 */
export async function fetchCommit(folder: string, commit: string, remotes: readonly string[]): Promise<boolean> {
  const named = (await git(["remote"], { cwd: folder })).split("\n").filter((name) => name !== "");
  for (const remote of [...named, ...remotes]) {
    await fetchNames(folder, remote, [commit]);
    if (await hasCommit(folder, commit)) return true;
    // Not every remote gives out a commit by its name: it may come with the branches.
    const heads = await tryGit(["ls-remote", "--heads", "--", remote], { cwd: folder, isRemote: true });
    const branches = heads.code === 0 ? [...heads.stdout.toString().matchAll(/\trefs\/heads\/.*/g)] : [];
    if (branches.length > 0)
      await fetchNames(
        folder,
        remote,
        branches.map(([line]) => line.trim()),
      );
    if (await hasCommit(folder, commit)) return true;
  }
  return false;
}

async function fetchNames(cwd: string, remote: string, names: readonly string[]): Promise<void> {
  const options = ["--progress", "--no-tags", "--no-write-fetch-head"];
  await tryGit(["fetch", ...options, "--", remote, ...names], { cwd, isRemote: true });
}

export interface SourceOptions {
  /** The checkout that a command runs in, and its commit; undefined where there is none. */
  readonly home: { readonly repository: Repository; readonly commit: string } | undefined;
  /** What sources of other repositories have in common with each other: stores and variables. */
  readonly base: Omit<Repository, "root" | "name">;
  /** The checkout may be used as it is for its own commit; else only when nothing in it is uncommitted. */
  readonly takesCheckout: boolean;
  /** The checkout counts for every commit of its repository. */
  readonly anyCommit?: boolean;
}

/** Gives out folders with the files of a commit. They go away on `close`. */
export class Sources {
  readonly #options: SourceOptions;
  readonly #known = new Map<string, Promise<Repository>>();
  readonly #clones = new Map<string, Promise<string>>();
  /** Repositories that have worktrees of ours. */
  readonly #borrowed = new Set<string>();
  #scratch: Promise<string> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** The repository with the files of a commit. Throws SourceError when they cannot be had. */
  at(repo: string, commit: string): Promise<Repository> {
    const key = `${repo}\n${commit}`;
    const known = this.#known.get(key) ?? this.#open(repo, commit);
    this.#known.set(key, known);
    return known;
  }

  /** Removes what was made. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#known.values(), ...this.#clones.values()]);
    if (!this.#scratch) return;
    await rm(await this.#scratch, { recursive: true, force: true, maxRetries: 3 });
    // The folders are gone: git forgets them.
    for (const root of this.#borrowed) await tryGit(["worktree", "prune"], { cwd: root });
  }

  async #open(repo: string, commit: string): Promise<Repository> {
    const { home, base, anyCommit } = this.#options;
    if (home?.repository.name !== repo) return await this.#clonedAt(repo, commit);
    const { repository } = home;
    if (anyCommit || (commit === home.commit && (await this.#canUseCheckout(commit)))) return repository;
    if (!(await hasCommit(repository.root, commit))) {
      // A name that no commit can have was given by OCU_REPO_COMMIT_OVERRIDE: its files were those of the checkout.
      if (!isCommitName(commit)) return repository;
      await this.#inTurn(() => this.#fetch(repository.root, repo, commit));
    }
    const prefix = await git(["rev-parse", "--show-prefix"], { cwd: repository.root });
    const tree = await this.#inTurn(() => this.#worktree(repository.root, commit));
    this.#borrowed.add(repository.root);
    return { ...repository, ...base, root: join(tree, prefix), close: async () => {} };
  }

  async #canUseCheckout(commit: string): Promise<boolean> {
    const { home, takesCheckout } = this.#options;
    if (!home || takesCheckout) return true;
    // A commit that git does not know was named by the one who runs the command: these are its files.
    if (!(await hasCommit(home.repository.root, commit))) return true;
    return (await uncommittedFiles(home.repository)).length === 0;
  }

  async #clonedAt(repo: string, commit: string): Promise<Repository> {
    const clone = this.#clones.get(repo) ?? this.#clone(repo, commit);
    this.#clones.set(repo, clone);
    const folder = await clone;
    if (!(await hasCommit(folder, commit))) await this.#inTurn(() => this.#fetch(folder, repo, commit));
    const root = await this.#rootIn(await this.#inTurn(() => this.#worktree(folder, commit)), repo, commit);
    return { ...this.#options.base, name: repo, root, close: async () => {} };
  }

  async #clone(repo: string, commit: string): Promise<string> {
    const remotes = await this.#remotesOf(repo, commit);
    const folder = await this.#folder("clone");
    let reason = "no remote of it is recorded";
    for (const remote of remotes) {
      const cwd = await this.#scratchFolder();
      const { code, stderr } = await tryGit(["clone", "--progress", "--no-checkout", "--", remote, folder], {
        cwd,
        isRemote: true,
      });
      if (code === 0) return folder;
      reason = `${withoutCredentials(remote)}: ${lastLine(stderr)}`;
      await rm(folder, { recursive: true, force: true });
    }
    throw new SourceError(`the repository ${repo} cannot be cloned: ${reason}`);
  }

  async #fetch(folder: string, repo: string, commit: string): Promise<void> {
    if (await fetchCommit(folder, commit, await this.#remotesOf(repo, commit))) return;
    throw new SourceError(`commit ${commit} of ${repo} is in no checkout or remote that is known`);
  }

  async #remotesOf(repo: string, commit: string): Promise<readonly string[]> {
    return (await readRecordedConfiguration(this.#options.base.state, repo, commit))?.remotes ?? [];
  }

  /** One after the other: git locks what worktrees of a repository have in common. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }

  async #worktree(cwd: string, commit: string): Promise<string> {
    const folder = await this.#folder("tree");
    const args = [
      "-c",
      "core.hooksPath=/dev/null",
      "worktree",
      "add",
      "--quiet",
      "--detach",
      "--force",
      folder,
      commit,
    ];
    const { code, stderr } = await tryGit(args, { cwd });
    if (code !== 0) throw new SourceError(`commit ${commit} cannot be checked out: ${lastLine(stderr)}`);
    if (existsSync(join(folder, ".gitmodules"))) await this.#addSubmodules(folder, commit);
    return folder;
  }

  async #addSubmodules(cwd: string, commit: string): Promise<void> {
    const args = ["submodule", "update", "--progress", "--init", "--recursive"];
    const { code, stderr } = await tryGit(args, { cwd, isRemote: true });
    if (code !== 0) throw new SourceError(`the submodules of commit ${commit} cannot be had: ${lastLine(stderr)}`);
  }

  /** The folder of a clone that holds the repository's configuration: not always its top. */
  async #rootIn(tree: string, repo: string, commit: string): Promise<string> {
    const recorded = (await readRecordedConfiguration(this.#options.base.state, repo, commit))?.source;
    const found = await git(["ls-files", "-z", "--", "repo.ocu.star", "**/repo.ocu.star"], { cwd: tree });
    const files = found.split("\0").filter((file) => file !== "");
    for (const file of files) {
      if ((await readFile(join(tree, file), "utf8")) === recorded) return join(tree, dirname(file));
    }
    return tree;
  }

  async #folder(kind: string): Promise<string> {
    return join(await this.#scratchFolder(), `${kind}${++this.#count}`);
  }

  #scratchFolder(): Promise<string> {
    this.#scratch ??= mkdtemp(join(tmpdir(), "ocuroot-work-")).then((folder) => realpath(folder));
    return this.#scratch;
  }
}
