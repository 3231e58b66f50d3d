/** What kind of document belongs at a ref (spec 3.2). Pure. */
import { releaseNumber } from "../refs/ref.ts";
import type { DocumentRef } from "../state/store.ts";

export type RefShape =
  | { readonly kind: "release"; readonly release: DocumentRef }
  /** `…/@rN/task/NAME`: the last completed run of a piece of work. */
  | { readonly kind: "work"; readonly release: DocumentRef; readonly work: string }
  | { readonly kind: "run"; readonly release: DocumentRef; readonly work: string; readonly run: DocumentRef }
  | { readonly kind: "status"; readonly run: DocumentRef; readonly status: string }
  | { readonly kind: "logs"; readonly run: DocumentRef }
  | { readonly kind: "commit"; readonly release: DocumentRef; readonly commit: string }
  | { readonly kind: "op"; readonly release: DocumentRef }
  /** `…/@/task/NAME`, `…/@/deploy/ENV`: in state a link to the newest completed work; in intent a document. */
  | { readonly kind: "current"; readonly file: string; readonly work: string }
  | { readonly kind: "tag" }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "custom" }
  /** `…/repo.ocu.star/@SHA`, and what hangs on it. */
  | { readonly kind: "repository" }
  | { readonly kind: "unknown" };

export function shapeOf(ref: DocumentRef): RefShape {
  const global = /^@\/(environment|custom)\/(.+)$/.exec(ref);
  if (global) return global[1] === "custom" ? { kind: "custom" } : { kind: "environment", name: global[2] as string };
  const match = /^([^@]+?\/-\/[^@]*?)\/@([^/]*)(?:\/(.+))?$/.exec(ref);
  if (!match) return { kind: "unknown" };
  const [, file, name, rest] = match as unknown as [string, string, string, string | undefined];
  if (file.endsWith("/-/repo.ocu.star")) return { kind: "repository" };
  if (rest?.startsWith("custom/")) return { kind: "custom" };
  if (releaseNumber(name) !== undefined) return shapeInRelease(`${file}/@${name}`, rest);
  if (name === "")
    return /^(task|call|deploy)\/./.test(rest ?? "")
      ? { kind: "current", file, work: rest as string }
      : { kind: "unknown" };
  return rest === undefined ? { kind: "tag" } : { kind: "unknown" };
}

function shapeInRelease(release: DocumentRef, rest: string | undefined): RefShape {
  if (rest === undefined) return { kind: "release", release };
  if (rest.startsWith("commit/")) return { kind: "commit", release, commit: rest.slice("commit/".length) };
  if (rest.startsWith("op/")) return { kind: "op", release };
  const run = /^((?:task|call|deploy)\/.+?\/\d+)(?:\/(logs|status\/([^/]+)))?$/.exec(rest);
  if (run) {
    const at = `${release}/${run[1]}`;
    if (run[3] !== undefined) return { kind: "status", run: at, status: run[3] };
    if (run[2] !== undefined) return { kind: "logs", run: at };
    return { kind: "run", release, work: (run[1] as string).replace(/\/\d+$/, ""), run: at };
  }
  return /^(task|call|deploy)\/./.test(rest) ? { kind: "work", release, work: rest } : { kind: "unknown" };
}
