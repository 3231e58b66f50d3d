import type { StoreReader } from "../state/store.ts";

/** What pages are made from. */
export interface ViewSource {
  /** Of the repository that the command was started in. */
  readonly name: string;
  readonly state: StoreReader;
  readonly intent: StoreReader;
  /** Folders of the stores, to be told where nothing is. */
  readonly folders: { readonly state: string; readonly intent: string };
  /** All refs of state, from a listing that is kept until the store changes. */
  allRefs(): Promise<readonly string[]>;
}

/** Newest releases of each file that overviews look at. */
export const newestReleases = 10;
