import { refParts } from "./refText.ts";

/** Virtual documents: their URIs carry what the provider asks the server for, and a path that makes a readable tab title. */
export const stateScheme = "ocuroot-state";
export const logScheme = "ocuroot-log";

/** What a virtual document shows. */
export interface DocumentAddress {
  /** Root folder of the repository (URI). */
  readonly repository: string;
  readonly ref: string;
}

/** Parts of a URI, as `vscode.Uri.from` takes them. */
export interface UriParts {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** The document of a ref in state. */
export function stateDocumentUri(address: DocumentAddress): UriParts {
  return { scheme: stateScheme, path: `/${titlePath(address.ref)}.json`, query: query(address) };
}

/** The log of a run. */
export function logDocumentUri(address: DocumentAddress): UriParts {
  return { scheme: logScheme, path: `/${titlePath(address.ref)}.log`, query: query(address) };
}

/** The way back; undefined for a URI that was not made here. */
export function documentAddress(uriQuery: string): DocumentAddress | undefined {
  const parameters = new URLSearchParams(uriQuery);
  const repository = parameters.get("repository");
  const ref = parameters.get("ref");
  return repository !== null && ref !== null ? { repository, ref } : undefined;
}

function query(address: DocumentAddress): string {
  return new URLSearchParams({ repository: address.repository, ref: address.ref }).toString();
}

/** `frontend/release.ocu.star/r8 us 2`: the last part is the tab's title, so it says release and work. */
function titlePath(ref: string): string {
  const { file, release, kind, name } = refParts(ref);
  const work = name.length > 0 ? name.join(" ") : (kind ?? "");
  const title = [release, work].filter(Boolean).join(" ") || "state";
  return [file, title].filter(Boolean).join("/");
}
