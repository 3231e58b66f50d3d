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

/** `deploy/us` of a file, what becomes of it, and at which commit. */
export function workLine({ ref, type, commit }: WorkItem): WorkLine {
  const description = [fateWords(type, ref), commit && shortCommit(commit)].filter(Boolean).join(" · ");
  return { label: localRef(ref), description };
}

/** What the command's words for work mean for custom state, a deployment, an environment. */
const fates: Readonly<Record<string, { custom: string; deploy: string; environment: string }>> = {
  create: { custom: "its value is taken up", deploy: "is deployed", environment: "is registered" },
  update: { custom: "its new value is taken up", deploy: "is deployed again", environment: "its attributes change" },
  delete: { custom: "its value goes", deploy: "is taken down", environment: "is removed" },
};
const otherFates: Readonly<Record<string, string>> = {
  run: "runs",
  op: "what follows from it is done",
  release: "is released",
};

function fateWords(type: string, ref: string): string {
  const kind = /(?:^|\/)(custom|deploy|environment)\//.exec(ref)?.[1] as keyof (typeof fates)[string] | undefined;
  return (kind && fates[type]?.[kind]) ?? otherFates[type] ?? type;
}

/** `Do 3 pieces of work`. */
export function doLabel(items: readonly WorkItem[]): string {
  return items.length === 1 ? "Do this piece of work" : `Do these ${plural(items.length, "piece")} of work`;
}
