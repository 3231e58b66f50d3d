/** The two stores of a repository (spec 3.1, 3.5): where they are, and opening them. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import type { RepositoryStores, StoreDescription } from "../package/repositoryModel.ts";
import { errorCode } from "./file/disk.ts";
import type { StoreKind } from "./file/layout.ts";
import { openFileStore, openFileStoreReader } from "./fileStore.ts";
import { type Store, StoreError, type StoreReader } from "./store.ts";

/** Where a store on disk is. */
export interface StoreFolder {
  readonly kind: StoreKind;
  readonly folder: string;
  /** Nothing was configured: the store is made on the first write, out of git's sight. */
  readonly isDefault: boolean;
}

export interface StateStores<S extends StoreReader = Store> {
  readonly state: S;
  readonly intent: S;
  /** Folders of the two stores, for messages. */
  readonly folders: { readonly state: string; readonly intent: string };
  /** Nothing is configured, and the first write will make a store: worth telling the user once. */
  readonly isNewDefault: boolean;
  close(): Promise<void>;
}

/** Folders of the stores of a repository, for stores in the file system. */
export function storeFolders(
  stores: RepositoryStores,
  repositoryRoot: string,
): { state: StoreFolder; intent: StoreFolder } {
  const { state, intent, isDefault } = stores;
  const base = folderOf(state, repositoryRoot);
  const stateFolder = intent === undefined ? join(base, "state") : base;
  const intentFolder = intent === undefined ? join(base, "intent") : folderOf(intent, repositoryRoot);
  if (resolve(stateFolder) === resolve(intentFolder)) {
    throw new StoreError(
      `State and intent cannot share the folder ${stateFolder}; give intent a folder of its own.`,
      "damaged",
    );
  }
  return {
    state: { kind: "state", folder: stateFolder, isDefault },
    intent: { kind: "intent", folder: intentFolder, isDefault },
  };
}

/** Opens the stores for reading and writing. Nothing is made on disk before the first write. */
export async function openStateStores(stores: RepositoryStores, repositoryRoot: string): Promise<StateStores> {
  const folders = storeFolders(stores, repositoryRoot);
  const beforeCreate = stores.isDefault ? () => hideFromGit(folderOf(stores.state, repositoryRoot)) : undefined;
  const options = beforeCreate ? { beforeCreate } : {};
  const state = await openFileStore(folders.state.folder, { kind: "state", ...options });
  const intent = await openFileStore(folders.intent.folder, { kind: "intent", ...options });
  return combine(stores, folders, state, intent);
}

/** Opens the stores so that nothing is ever written to them. */
export async function openStateReaders(
  stores: RepositoryStores,
  repositoryRoot: string,
): Promise<StateStores<StoreReader>> {
  const folders = storeFolders(stores, repositoryRoot);
  const state = await openFileStoreReader(folders.state.folder, { kind: "state" });
  const intent = await openFileStoreReader(folders.intent.folder, { kind: "intent" });
  return combine(stores, folders, state, intent);
}

async function combine<S extends StoreReader>(
  stores: RepositoryStores,
  folders: { state: StoreFolder; intent: StoreFolder },
  state: S,
  intent: S,
): Promise<StateStores<S>> {
  return {
    state,
    intent,
    folders: { state: folders.state.folder, intent: folders.intent.folder },
    isNewDefault: stores.isDefault && !(await isFolder(folders.state.folder)),
    async close() {
      await Promise.all([state.close(), intent.close()]);
    },
  };
}

function folderOf(store: StoreDescription, repositoryRoot: string): string {
  if (store.kind === "git") {
    throw new StoreError(
      `The store ${store.remoteUrl} is a git store; only stores in folders can be opened here.`,
      "remote",
    );
  }
  return isAbsolute(store.path) ? store.path : join(repositoryRoot, store.path);
}

/** Keeps the default store out of the user's commits. An existing file stays as it is. */
async function hideFromGit(store: string): Promise<void> {
  const folder = resolve(store, "..");
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
