/** What the server (and any other host) may use of the engine. */
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
  resolveSdkVersion,
  type SdkVersionResolution,
  sdkCatalog,
} from "./sdk/versions.ts";
