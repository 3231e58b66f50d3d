/** Work that there is to do, as the work commands find it, list it and do it (spec 4.7). All plain data. */

import type { JsonValue } from "../json/json.ts";
import type { PackagePlace } from "../release/documents.ts";

/** A release, and the commit whose files its work needs. */
export interface ReleaseAt {
  readonly place: PackagePlace;
  /** Ref of the release. */
  readonly release: string;
  readonly commit: string;
}

/** A run that can start now, or one whose process is gone. */
export interface RunItem extends ReleaseAt {
  readonly workType: "run";
  readonly ref: string;
  readonly reason: "ready" | "interrupted";
  /** Functions of the run so far: a paused run that went on is not the same item again. */
  readonly step: number;
}

/** A deployment that used a value which is another one now (spec 4.5). `ref` is that of its last completed run, without number. */
export interface ChangedItem extends ReleaseAt {
  readonly workType: "run";
  readonly ref: string;
  readonly reason: "changed";
  readonly environment: string;
  /** Number of its newest attempt. */
  readonly attempt: number;
  /** Names of the inputs that changed. */
  readonly inputs: readonly string[];
}

/** A release that must look at the environments again. */
export interface OperationItem extends ReleaseAt {
  readonly workType: "op";
  readonly ref: string;
}

/** Intent that differs from state. */
export interface IntentItem {
  readonly workType: "create" | "update" | "delete";
  readonly ref: string;
  /** Of the release that is to be deployed or taken down; elsewhere any commit will do. */
  readonly commit: string;
  /** Repository that it belongs to; undefined for what is global. */
  readonly repo: string | undefined;
  /** Files of the commit are needed. */
  readonly needsSource: boolean;
}

/** A package file that a push will release. */
export interface ReleaseItem {
  readonly workType: "release";
  readonly ref: string;
  readonly place: PackagePlace;
  readonly commit: string;
}

export type WorkItem = RunItem | ChangedItem | OperationItem | IntentItem | ReleaseItem;

/** What `--dryrun` prints. */
export function itemsJson(items: readonly WorkItem[]): JsonValue {
  return items.map(({ ref, workType, commit }) => ({ ref, work_type: workType, commit }));
}

/** Repository of an item; undefined for global ones. */
export function repositoryOf(item: WorkItem): string | undefined {
  return "place" in item ? item.place.repo : item.repo;
}
