import type { Parser } from "@ocuroot/starlark";
import type { FileView, RepositoryView, Snapshot } from "../analysis/snapshot.ts";
import type { Previews } from "../preview/previews.ts";
import type { ProtocolPlace } from "../protocol/index.ts";
import type { StateStores } from "../state/stores.ts";
import { rangeOf } from "../text/convert.ts";

/** What the requests about the whole picture may use. */
export interface InsightContext {
  readonly parser: Parser;
  readonly previews: Previews;
  readonly stores: StateStores;
  /** Resolves when the workspace's folders are listed. */
  readonly listed: () => Promise<unknown>;
  readonly repositories: () => readonly RepositoryView[];
  /** Of all Starlark files, those that are open and not saved yet included. */
  readonly sources: () => ReadonlySet<string>;
  readonly snapshot: (uri: string) => Snapshot | undefined;
}

/** A span of a file as the protocol has it. */
export function placeIn(view: FileView, span: { readonly start: number; readonly end: number }): ProtocolPlace {
  return { uri: view.uri, range: rangeOf(view.source, span) };
}

/** Lets waiting messages through: long questions are answered in pieces. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The repository that is at, or holds, a URI. */
export function repositoryAt(context: InsightContext, uri: string): RepositoryView | undefined {
  const known = context.snapshot(uri)?.file.repository;
  if (known !== undefined) return known;
  const bare = uri.endsWith("/") ? uri.slice(0, -1) : uri;
  return context
    .repositories()
    .filter((each) => bare === each.uri || bare.startsWith(`${each.uri}/`))
    .sort((a, b) => b.uri.length - a.uri.length)[0];
}

/** The path of a URI in its repository; "" for the root itself. */
export function pathIn(repository: RepositoryView, uri: string): string {
  const bare = uri.endsWith("/") ? uri.slice(0, -1) : uri;
  return decodeURIComponent(bare.slice(repository.uri.length + 1));
}
