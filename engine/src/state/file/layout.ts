/** The folder of a store (spec 3.1) and the marker that says which version and which kind of store it is. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson, printJson } from "../../json/jsonText.ts";
import { StoreError } from "../store.ts";
import { isAbsent, storeError } from "./disk.ts";

export type StoreKind = "state" | "intent";

export const markerName = ".ocuroot-store";
const storeVersion = 3;

/** Paths within a store. What is in `local` belongs to this machine: lock, journal, staged files, change feed. */
export interface StoreLayout {
  readonly root: string;
  readonly marker: string;
  readonly refs: string;
  readonly local: string;
  readonly staged: string;
  readonly journal: string;
  readonly changes: string;
}

export function layoutOf(root: string): StoreLayout {
  const local = join(root, ".ocuroot-local");
  return {
    root,
    marker: join(root, markerName),
    refs: join(root, "refs"),
    local,
    staged: join(local, "staged"),
    journal: join(local, "journal.json"),
    changes: join(local, "changes"),
  };
}

/** `absent`: no store there yet. `old`: version 2, to be upgraded by the first write. */
export type MarkerState = "absent" | "old" | "current";

/** Reads a store's marker. Throws StoreError for other versions, for the wrong kind, and for a marker that is not one. */
export async function readMarker(layout: StoreLayout, kind: StoreKind): Promise<MarkerState> {
  let text: string;
  try {
    text = await readFile(layout.marker, "utf8");
  } catch (error) {
    if (isAbsent(error)) return "absent";
    throw storeError(error, layout.marker, "read");
  }
  const { version, tags } = parseMarker(layout.marker, text);
  if (version === 2) return "old";
  if (version !== storeVersion) {
    throw new StoreError(
      `The store at ${layout.root} has version ${version}; this command reads versions 2 and 3.`,
      "version",
    );
  }
  if (tags.length === 0) return "old";
  if (!tags.includes(kind)) {
    throw new StoreError(`The store at ${layout.root} is for ${tags.join(" and ")}, not for ${kind}.`, "version");
  }
  return "current";
}

/** The marker of a current store. */
export function markerText(kind: StoreKind): string {
  return printJson({ version: storeVersion, Tags: { [kind]: {} } });
}

function parseMarker(path: string, text: string): { version: string | number; tags: string[] } {
  try {
    const value = parseJson(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const entries = new Map(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]));
      const version = entries.get("version");
      const tags = entries.get("tags") ?? {};
      if ((typeof version === "number" || typeof version === "string") && typeof tags === "object") {
        return { version, tags: Object.keys(tags as object) };
      }
    }
  } catch {
    // Falls through to the same sentence: torn, empty and foreign files are all not a marker.
  }
  throw new StoreError(`${path} is not the marker of an Ocuroot store.`, "damaged");
}
