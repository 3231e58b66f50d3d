import { plural, shortCommit } from "./format.ts";
import { localRef } from "./refText.ts";

/** A piece of work that `ocuroot work … --dryrun` prints. */
export interface WorkItem {
  readonly ref: string;
  /** Why it is to be done, as the command names it. */
  readonly type: string;
  readonly commit: string;
}

/** Reads what a dry run prints; throws for anything else. */
export function readWorkItems(text: string): WorkItem[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error("The command printed no list of work.");
  return parsed.map((each: Record<string, unknown>) => ({
    ref: String(each.ref ?? ""),
    type: String(each.work_type ?? ""),
    commit: typeof each.commit === "string" ? each.commit : "",
  }));
}

/** A line of the list that a dry run leads to. */
export interface WorkLine {
  readonly label: string;
  readonly description: string;
}

/** `deploy/us` of a file, why, and at which commit. */
export function workLine({ ref, type, commit }: WorkItem): WorkLine {
  return { label: localRef(ref), description: [type, commit && shortCommit(commit)].filter(Boolean).join(" · ") };
}

/** `Do 3 pieces of work`. */
export function doLabel(items: readonly WorkItem[]): string {
  return items.length === 1 ? "Do this piece of work" : `Do these ${plural(items.length, "piece")} of work`;
}
