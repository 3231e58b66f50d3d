/** The two stores of a repository (spec 3.1, 3.5): where they are, and opening them. */
import { stat, writeFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import type { RepositoryStores, StoreDescription } from "../model/repository.ts";
import { errorCode, makeFolders } from "./file/disk.ts";
import type { StoreKind } from "./file/layout.ts";
import type { DiskGate } from "./file/reader.ts";
import { openFileStore, openFileStoreReader } from "./fileStore.ts";
import type { GitClone } from "./git/clone.ts";
import { findClone, type GitDescription, openClone, openGitStore } from "./gitStore.ts";
import { type Store, StoreError, type StoreReader } from "./store.ts";

export interface StateStores<S extends StoreReader = Store> {
  readonly state: S;
  readonly intent: S;
  /** Folders of the two stores, for messages. */
  readonly folders: { readonly state: string; readonly intent: string };
  /** Nothing is configured, and the first write will make a store: worth telling the user once. */
  readonly isNewDefault: boolean;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Where clones of git stores are kept; `$OCUROOT_HOME`, else `~/.ocuroot`. */
  readonly home?: string;
  /** Told what a person should know of a git store, though all goes on. */
  readonly onNotice?: (text: string) => void;
}

export interface OpenReaderOptions extends OpenOptions {
  /** Has a say in when the disk is read. */
  readonly gate?: DiskGate;
}

/**
 * Opens the stores for reading and writing. Folders are made by the first write; git stores are brought up to date now.
 * Throws StoreError for stores that cannot be used, and remotes that do not answer.
 */
export async function openStateStores(
  stores: RepositoryStores,
  repositoryRoot: string,
  options: OpenOptions = {},
): Promise<StateStores> {
  const clones = new Map<string, GitClone>();
  const open = async (
    place: Place,
    beforeCreate?: () => Promise<void>,
  ): Promise<{ readonly store: Store; readonly folder: string }> => {
    if (place.description.kind === "fs") {
      const folder = folderOf(place, repositoryRoot);
      const prepare = async () => {
        if (stores.isDefault) await hideFromGit(resolve(folder, "..", ".."));
        await beforeCreate?.();
      };
      return { folder, store: await openFileStore(folder, { kind: place.kind, beforeCreate: prepare }) };
    }
    const key = remoteKey(place.description);
    const clone = clones.get(key) ?? (await openClone(place.description, options.home, options.onNotice));
    if (!clones.has(key)) await clone.refresh();
    clones.set(key, clone);
    return {
      folder: join(clone.folder, place.subfolder),
      store: await openGitStore(clone, place.kind, place.subfolder),
    };
  };
  const places = placesOf(stores, repositoryRoot);
  const intent = await open(places.intent);
  // Two folders come to be together: who looks there finds both stores, whichever was needed first.
  const isPair = places.intent.description.kind === "fs";
  const makeIntent = () => intent.store.transact("Make the store", () => {});
  return combine(stores, await open(places.state, isPair ? makeIntent : undefined), intent);
}

/** Opens the stores so that nothing is ever written to them, and no remote is asked: a git store is read as last seen. */
export async function openStateReaders(
  stores: RepositoryStores,
  repositoryRoot: string,
  options: OpenReaderOptions = {},
): Promise<StateStores<StoreReader>> {
  const { gate } = options;
  const folders = await findStoreFolders(stores, repositoryRoot, options);
  const open = async (kind: StoreKind): Promise<{ store: StoreReader; folder: string }> => {
    const { folder } = folders[kind];
    return { folder, store: await openFileStoreReader(folder, { kind, ...(gate && { gate }) }) };
  };
  return combine(stores, await open("state"), await open("intent"));
}

/** A folder of this machine that holds a store. */
export interface StorePlace {
  readonly folder: string;
  /** The clone of a git store that it is in. */
  readonly clone?: string;
}

/** Where the stores are, without opening them: they may not be there, or be damaged. */
export async function findStoreFolders(
  stores: RepositoryStores,
  repositoryRoot: string,
  options: OpenOptions = {},
): Promise<{ readonly state: StorePlace; readonly intent: StorePlace }> {
  const find = async (place: Place): Promise<StorePlace> => {
    if (place.description.kind === "fs") return { folder: folderOf(place, repositoryRoot) };
    const clone = await findClone(place.description, options.home);
    return { folder: join(clone, place.subfolder), clone };
  };
  const places = placesOf(stores, repositoryRoot);
  return { state: await find(places.state), intent: await find(places.intent) };
}

/** Brings the clones that are there up to date with their remotes. Returns why this could not be done. */
export async function refreshClones(
  stores: RepositoryStores,
  repositoryRoot: string,
  options: OpenOptions = {},
): Promise<unknown[]> {
  const descriptions = new Map<string, GitDescription>();
  for (const { description } of Object.values(placesOf(stores, repositoryRoot))) {
    if (description.kind !== "git" || !(await isFolder(await findClone(description, options.home)))) continue;
    descriptions.set(remoteKey(description), description);
  }
  const refreshed = [...descriptions.values()].map(async (each) => {
    await (await openClone(each, options.home, options.onNotice)).refresh();
  });
  return (await Promise.allSettled(refreshed)).flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
}

/** A store, and where it lies within what its description names. */
interface Place {
  readonly kind: StoreKind;
  readonly description: StoreDescription;
  readonly subfolder: "" | StoreKind;
}

/** State and intent in one place lie in folders of their own there. */
function placesOf(stores: RepositoryStores, repositoryRoot: string): { state: Place; intent: Place } {
  const state = fromRoot(stores.state, repositoryRoot);
  const intent = stores.intent ? fromRoot(stores.intent, repositoryRoot) : state;
  const isShared =
    stores.intent === undefined ||
    (state.kind === "git" && intent.kind === "git" && remoteKey(state) === remoteKey(intent));
  const places = {
    state: { kind: "state", description: state, subfolder: isShared ? "state" : "" },
    intent: { kind: "intent", description: intent, subfolder: isShared ? "intent" : "" },
  } as const;
  if (state.kind === "fs" && intent.kind === "fs") {
    const folder = folderOf(places.state, repositoryRoot);
    if (resolve(folder) === resolve(folderOf(places.intent, repositoryRoot))) {
      throw new StoreError(
        `State and intent cannot share the folder ${folder}; give intent one of its own.`,
        "damaged",
      );
    }
  }
  return places;
}

/** A remote that is a path on this machine starts at the repository root, as folders of stores do; for git it would start at the clone. */
function fromRoot(description: StoreDescription, repositoryRoot: string): StoreDescription {
  if (description.kind !== "git" || !isRelativePath(description.remoteUrl)) return description;
  return { ...description, remoteUrl: resolve(repositoryRoot, description.remoteUrl) };
}

/** Not `https://host/path`, `host:path` or `/path`. */
function isRelativePath(url: string): boolean {
  return !isAbsolute(url) && !/^[^/\\]*:/.test(url);
}

function folderOf({ description, subfolder }: Place, repositoryRoot: string): string {
  const path = description.kind === "fs" ? description.path : "";
  return join(isAbsolute(path) ? path : join(repositoryRoot, path), subfolder);
}

function remoteKey(description: GitDescription): string {
  return JSON.stringify([description.remoteUrl, description.branch]);
}

async function combine<S extends StoreReader>(
  stores: RepositoryStores,
  state: { readonly store: S; readonly folder: string },
  intent: { readonly store: S; readonly folder: string },
): Promise<StateStores<S>> {
  return {
    state: state.store,
    intent: intent.store,
    folders: { state: state.folder, intent: intent.folder },
    isNewDefault: stores.isDefault && !(await isFolder(state.folder)),
    async close() {
      await Promise.all([state.store.close(), intent.store.close()]);
    },
  };
}

/** Keeps the default store out of the user's commits. An existing file stays as it is. */
async function hideFromGit(folder: string): Promise<void> {
  await makeFolders(folder);
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
