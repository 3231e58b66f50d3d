/** What the server (and any other host) may use of the engine. */

export * from "./history/index.ts";
export type { JsonValue } from "./json/json.ts";
export { parseJson, printJson } from "./json/jsonText.ts";
export { sameJson } from "./json/sameJson.ts";
export type * from "./model/package.ts";
export {
  defaultStorePath,
  type RepositoryEvaluation,
  type RepositoryModel,
  type StoreDescription,
} from "./model/repository.ts";
export { type ProblemCode, problemCodes } from "./package/codes.ts";
export {
  CompileCache,
  type CompiledClosure,
  type CompiledFile,
  type CompileOptions,
  compileClosure,
} from "./package/compileClosure.ts";
export { dialectOf, functionModelOf } from "./package/contract.ts";
export { evaluatePackage } from "./package/evaluatePackage.ts";
export type { EvaluationLimits, EvaluationOptions } from "./package/evaluation.ts";
export { evaluateRepository, openRepository, RepositorySession, repositoryFile } from "./package/repository.ts";
export { repositoryName, repositoryNameFromUrl } from "./package/repositoryName.ts";
export { PackageSession, type WorkInput, type WorkOutcome } from "./package/session.ts";
export type { ReadText } from "./package/source.ts";
export { checkVersionCall, type VersionCheck } from "./package/versionCall.ts";
export { describeWork, type InputDescription, type WorkDescription } from "./preview/describe.ts";
export { formatPreview, type PreviewFormat, previewFormats } from "./preview/format.ts";
export * from "./refs/index.ts";
export {
  declaredInputs,
  type PackagePlace,
  type ReleaseDocument,
  type ReleaseWork,
  type RunInput,
  type RunInputs,
  readReleaseBody,
  refs as documentRefs,
  workId,
} from "./release/documents.ts";
export { readRef } from "./release/inputs.ts";
export { deployedReleases, readRun } from "./release/readRelease.ts";
export { absoluteRef } from "./release/toAbsolute.ts";
export type { SdkCatalog, SdkEntry, SdkFunction, SdkNamespace, SdkParameter, SdkPlace } from "./sdk/catalog.ts";
export {
  HostError,
  type HttpRequest,
  type HttpResponse,
  type ShellRequest,
  type ShellResult,
  type SyncHost,
} from "./sdk/host.ts";
export { PreviewHost, type PreviewHostOptions } from "./sdk/previewHost.ts";
export { describeEntry, sdkReference, signatureOf } from "./sdk/reference.ts";
export {
  knownSdkVersions,
  newestSdkVersion,
  predeclaredNames,
  resolveSdkVersion,
  type SdkVersionResolution,
  sdkCatalog,
} from "./sdk/versions.ts";
export { SecretMask, SecretStream } from "./secrets.ts";
export type { DiskGate } from "./state/file/reader.ts";
export { type FileStoreOptions, openFileStore, openFileStoreReader } from "./state/fileStore.ts";
export { tryGit } from "./state/git/git.ts";
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
export { openStateReaders, openStateStores, type StateStores } from "./state/stores.ts";
export { changedFiles, committedFiles } from "./work/git.ts";
export { findIntents, findOperations, findRuns, findWork } from "./work/identify.ts";
export { itemsJson, type WorkItem } from "./work/items.ts";
export { lastPushedCommit, type PushedFile, selectFiles, watchedPaths, watchesFile } from "./work/push.ts";
export type { Scope } from "./work/survey.ts";
