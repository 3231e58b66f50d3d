/** What the server (and any other host) may use of the engine. */

export * from "./refs/index.ts";
export type { SdkCatalog, SdkEntry, SdkFunction, SdkNamespace, SdkParameter, SdkPlace } from "./sdk/catalog.ts";
export {
  HostError,
  type HttpRequest,
  type HttpResponse,
  type ShellRequest,
  type ShellResult,
  type SyncHost,
} from "./sdk/host.ts";
export {
  knownSdkVersions,
  newestSdkVersion,
  predeclaredNames,
  resolveSdkVersion,
  type SdkVersionResolution,
  sdkCatalog,
} from "./sdk/versions.ts";
export { type FileStoreOptions, openFileStore, openFileStoreReader } from "./state/fileStore.ts";
export type { JsonValue } from "./state/json.ts";
export { parseJson, printJson } from "./state/jsonText.ts";
export { currentOwner, type Owner, type OwnerState, ownerIsAlive, ownerState, readOwner } from "./state/owner.ts";
export {
  type DocumentRef,
  type ReadOptions,
  type Store,
  type StoreChange,
  type StoredDocument,
  StoreError,
  type StoreReader,
  type Transaction,
} from "./state/store.ts";
