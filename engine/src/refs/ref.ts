/**
 * References (spec page 2): `[repo]/-/[path]/@[release]/[kind]/[name...]#[fragment]`. This file has the data and how it
 * prints; `parse.ts` reads text, `absolute.ts` applies a base, `links.ts` follows links, `disk.ts` finds the file.
 */

/** Every kind that a ref may name. `call`, the old name of `task`, is accepted by the parser and read as `task`. */
export const refKinds = ["task", "deploy", "custom", "environment", "commit", "push", "op"] as const;

export type RefKind = (typeof refKinds)[number];

/** A parsed ref. Release names are kept as written (`1`, `r1`, `v1.2.0`, "" for the most recent). */
export interface Ref {
  /** Undefined when no repository was written; `.` is the base's. */
  readonly repo: string | undefined;
  /** "" when no path was written; `.` is the base's. Never with a leading `./` or empty segments. */
  readonly path: string;
  /** True when there is an `@`: then `release` counts, and "" means the most recent. */
  readonly hasRelease: boolean;
  readonly release: string;
  readonly kind: RefKind | undefined;
  readonly name: readonly string[];
  readonly fragment: readonly string[];
  /** `@/environment/x`, `@/custom/x`: belongs to no repository or file. */
  readonly isGlobal: boolean;
}

/** A ref with nothing in it, to build others from: `{ ...emptyRef, repo, path }`. */
export const emptyRef: Ref = {
  repo: undefined,
  path: "",
  hasRelease: false,
  release: "",
  kind: undefined,
  name: [],
  fragment: [],
  isGlobal: false,
};

/** A ref that cannot be used as it is; `message` is one sentence that names it. */
export class RefError extends Error {
  override readonly name = "RefError";
}

/** The kind that a word stands for, or undefined when it is none. */
export function kindOf(word: string): RefKind | undefined {
  if (word === "call") return "task";
  return (refKinds as readonly string[]).includes(word) ? (word as RefKind) : undefined;
}

/** The text of a ref. Parsing it again gives the same ref. */
export function printRef(ref: Ref): string {
  const fragment = ref.fragment.length > 0 ? `#${ref.fragment.join("/")}` : "";
  return printDocumentRef(ref) + fragment;
}

/** The text of a ref without its fragment: what names the document. */
export function printDocumentRef(ref: Ref): string {
  const parts: string[] = [];
  if (ref.repo !== undefined) parts.push(ref.repo, "-");
  if (ref.path !== "") parts.push(ref.path);
  if (ref.hasRelease || ref.isGlobal) parts.push(`@${ref.release}`);
  if (ref.kind !== undefined) parts.push(ref.kind, ...ref.name);
  return parts.join("/");
}

/** The same ref with its release as we print releases: all digits become `r<digits>` (`@1` is `@r1`). */
export function withPrintedRelease(ref: Ref): Ref {
  return isAllDigits(ref.release) ? { ...ref, release: printedRelease(ref.release) } : ref;
}

/** A release name as we print it: `1` and `01` are release 1, anything else stays. */
export function printedRelease(release: string): string {
  return isAllDigits(release) ? `r${release.replace(/^0+(?=\d)/, "")}` : release;
}

/** The number of a release name (`r12` or `12`), or undefined for tags and other names. */
export function releaseNumber(release: string): number | undefined {
  const match = /^r?(\d+)$/.exec(release);
  if (!match) return undefined;
  const number = Number(match[1]);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** True for a ref that needs no base: global, or with a repository and a path of its own. */
export function isAbsolute(ref: Ref): boolean {
  return ref.isGlobal || (!isUnset(ref.repo) && !isUnset(ref.path));
}

/** True for the parts that a base fills in: absent, empty or `.`. */
export function isUnset(part: string | undefined): boolean {
  return part === undefined || part === "" || part === ".";
}

function isAllDigits(text: string): boolean {
  return /^\d+$/.test(text);
}
