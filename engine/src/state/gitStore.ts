/** Stores on a branch of a git remote (spec 3.4): the shared store of several machines. */
import { AsyncLocalStorage } from "node:async_hooks";
import { access, mkdir, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { StoreDescription } from "../model/repository.ts";
import { storeError } from "./file/disk.ts";
import { layoutOf, readMarker, type StoreKind } from "./file/layout.ts";
import { TransactionMemo } from "./file/memo.ts";
import { FileStoreReader, type ReadDocument } from "./file/reader.ts";
import { TransactionRequests } from "./file/transaction.ts";
import { type CloneStore, GitClone } from "./git/clone.ts";
import { withoutCredentials } from "./git/git.ts";
import { defaultBranch } from "./git/remote.ts";
import { type Store, StoreError, type Transaction } from "./store.ts";

export type GitDescription = Extract<StoreDescription, { kind: "git" }>;

/** Where clones are kept: `$OCUROOT_HOME`, else `~/.ocuroot`. */
function ocurootHome(): string {
  return process.env.OCUROOT_HOME || join(homedir(), ".ocuroot");
}

/** A clone on this machine of the branch that a description names. Nothing is fetched yet. */
export async function openClone(
  description: GitDescription,
  home = ocurootHome(),
  onNotice?: (text: string) => void,
): Promise<GitClone> {
  const { remoteUrl: url, createBranch, supportFiles } = description;
  await mkdir(home, { recursive: true }).catch((error: unknown) => {
    throw storeError(error, home, "write");
  });
  const branch = description.branch ?? (await defaultBranch(home, url));
  return new GitClone(cloneFolder(home, url, branch), {
    url,
    branch,
    createBranch,
    supportFiles,
    ...(onNotice && { onNotice }),
  });
}

/** Folder of a clone: named for branch and remote, without credentials. */
export function cloneFolder(home: string, url: string, branch: string): string {
  return join(home, "state", "branches", ...segmentsOf(branch), "state", ...segmentsOf(remotePath(url)));
}

/** Folder of the clone on this machine, without asking the remote; one that may not be there yet. */
export async function findClone(description: GitDescription, home = ocurootHome()): Promise<string> {
  const { remoteUrl: url, branch } = description;
  if (branch !== undefined) return cloneFolder(home, url, branch);
  const branches = await readdir(join(home, "state", "branches")).catch(() => []);
  const folders = [...branches.sort(), "main"].map((name) => cloneFolder(home, url, name));
  const known = await Promise.all(
    folders.map((folder) =>
      access(folder).then(
        () => true,
        () => false,
      ),
    ),
  );
  return folders[Math.max(0, known.indexOf(true))]!;
}

/** Opens a store in a clone, at its root or in `state/` or `intent/`. Fetch with `clone.refresh()` first. */
export async function openGitStore(clone: GitClone, kind: StoreKind, subfolder: "" | StoreKind): Promise<Store> {
  const layout = layoutOf(join(clone.folder, subfolder));
  const store: CloneStore = { kind, layout, prefix: subfolder === "" ? "" : `${subfolder}/` };
  if ((await readMarker(layout, kind)) === "absent") await refuseOtherPlace(clone, subfolder);
  clone.stores.push(store);
  return new GitStore(clone, store);
}

/** A branch that holds its stores in another place than they are looked for: two stores would grow in it, unseen. */
async function refuseOtherPlace(clone: GitClone, subfolder: "" | StoreKind): Promise<void> {
  const { branch } = clone;
  if (subfolder !== "" && (await clone.has(".ocuroot-store"))) {
    throw new StoreError(
      `The branch ${branch} has a store at its root, not in ${subfolder}/, where it belongs when state and intent share a branch; give each a branch of its own, as before.`,
      "version",
    );
  }
  const found: string[] = [];
  for (const kind of ["state", "intent"]) if (await clone.has(`${kind}/.ocuroot-store`)) found.push(`${kind}/`);
  if (subfolder === "" && found.length > 0) {
    throw new StoreError(
      `The branch ${branch} is one that state and intent share, with stores in ${found.join(" and ")}; name it once, for both, as before.`,
      "version",
    );
  }
}

class GitStore extends FileStoreReader implements Store {
  private readonly inTransaction = new AsyncLocalStorage<TransactionMemo<ReadDocument>>();

  constructor(
    private readonly clone: GitClone,
    private readonly store: CloneStore,
  ) {
    super(store.layout);
  }

  transact<T>(message: string, build: (tx: Transaction) => Promise<T> | T): Promise<T> {
    if (this.inTransaction.getStore()) return Promise.reject(new Error("A transaction cannot start within another."));
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.clone.submit({
        store: this.store,
        message,
        plan: async () => {
          const requests = new TransactionRequests();
          return await this.inTransaction.run(new TransactionMemo(), async () => {
            result = await build(requests);
            return await requests.plan((ref) => this.readWithText(ref));
          });
        },
        done: () => resolve(result),
        fail: reject,
      });
    });
  }

  protected override memo(): TransactionMemo<ReadDocument> | undefined {
    return this.inTransaction.getStore();
  }

  override async close(): Promise<void> {
    await this.clone.idle();
    await super.close();
  }
}

/** A remote as a path: `github.com/a/b.git` for `https://token@github.com/a/b.git` and `git@github.com:a/b.git`. */
function remotePath(url: string): string {
  return withoutCredentials(url)
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/^[^/@:]+@/, "")
    .replace(/^([^/:]{2,}):/, "$1/");
}

function segmentsOf(path: string): string[] {
  return path
    .split(/[\\/]+/)
    .filter((segment) => segment !== "" && segment !== "." && segment !== "..")
    .map((segment) => segment.replace(/[^\w.@+-]/g, "_"));
}
