import semver from "semver";
import { environmentEntries } from "./catalog/environments.ts";
import { hostEntries } from "./catalog/host.ts";
import { httpEntries } from "./catalog/http.ts";
import { inputEntries } from "./catalog/inputs.ts";
import { languageEntries } from "./catalog/language.ts";
import { logEntries } from "./catalog/log.ts";
import { releaseEntries } from "./catalog/release.ts";
import { repositoryEntries } from "./catalog/repository.ts";
import { resultEntries } from "./catalog/results.ts";
import type { SdkCatalog, SdkEntry, SdkFunction } from "./catalog.ts";

/** The SDK's versions and what each of them offers (spec 1.3). */

const catalogs: ReadonlyMap<string, SdkCatalog> = new Map([
  [
    "0.3.0",
    createCatalog("0.3.0", [
      ...releaseEntries,
      ...resultEntries,
      ...inputEntries,
      ...environmentEntries,
      ...hostEntries,
      ...httpEntries,
      ...logEntries,
      ...repositoryEntries,
      ...languageEntries,
    ]),
  ],
]);

/** Oldest first. */
export const knownSdkVersions: readonly string[] = semver.sort([...catalogs.keys()]);

/** What a file without `ocuroot(...)` uses. */
export const newestSdkVersion = knownSdkVersions.at(-1) as string;

/** The names of one of the known versions; throws for any other. */
export function sdkCatalog(version: string = newestSdkVersion): SdkCatalog {
  const catalog = catalogs.get(version);
  if (catalog === undefined) throw new RangeError(unknownVersion(version));
  return catalog;
}

/** Names that a file of this version finds predeclared (what the resolver is to be told). */
export function predeclaredNames(version: string = newestSdkVersion): ReadonlySet<string> {
  const names = new Set<string>();
  for (const entry of sdkCatalog(version).entries.values()) {
    const isUniversal = entry.kind === "function" && entry.language === "universal";
    if (!entry.name.includes(".") && !isUniversal) names.add(entry.name);
  }
  return names;
}

export type SdkVersionResolution =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly message: string };

/** Which known version the text of `ocuroot("…")` means: that one, any patch of its minor version, or a range. */
export function resolveSdkVersion(text: string): SdkVersionResolution {
  if (catalogs.has(text)) return { ok: true, version: text };
  const version = findSamePatchLine(text) ?? findInRange(text);
  return version === undefined ? { ok: false, message: unknownVersion(text) } : { ok: true, version };
}

/** `0.3.17` means the newest known `0.3.x`. */
function findSamePatchLine(text: string): string | undefined {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(?:0|[1-9]\d*)$/.exec(text);
  return match ? knownSdkVersions.findLast((known) => known.startsWith(`${match[1]}.${match[2]}.`)) : undefined;
}

/** Conditions stand beside each other as npm writes them, or with commas between as Go's libraries do: `>=0.3, <1`. */
function findInRange(text: string): string | undefined {
  const range = text.replace(/\s*,\s*(?=[^\s,])/g, " ");
  if (text.trim() === "" || semver.validRange(range) === null) return undefined;
  return semver.maxSatisfying([...knownSdkVersions], range) ?? undefined;
}

function unknownVersion(text: string): string {
  const word = knownSdkVersions.length === 1 ? "version is" : "versions are";
  return `unknown SDK version ${JSON.stringify(text)}; the known ${word} ${knownSdkVersions.join(", ")}`;
}

function createCatalog(version: string, list: readonly SdkEntry[]): SdkCatalog {
  const entries = new Map(list.map((entry) => [entry.name, entry]));
  return {
    version,
    entries,
    members: (namespace) =>
      list.filter((entry): entry is SdkFunction => entry.kind === "function" && entry.name.startsWith(`${namespace}.`)),
  };
}
