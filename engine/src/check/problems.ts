/** What a check of a store finds, and what would mend it. Plain data. */
import type { JsonValue } from "../json/json.ts";
import type { DocumentRef } from "../state/store.ts";

/** Stable names of what can be wrong. */
export type ProblemCode =
  | "marker"
  | "damaged-document"
  | "foreign-file"
  | "empty-folder"
  | "bad-ref"
  | "broken-link"
  | "wrong-links"
  | "lost-document"
  | "bad-document"
  | "two-statuses"
  | "no-status"
  | "unknown-status"
  | "interrupted-run"
  | "leftover"
  | "unreadable";

export interface StoreProblem {
  readonly code: ProblemCode;
  /** Absolute path of the file or folder that is wrong. */
  readonly file: string;
  readonly ref?: DocumentRef;
  /** One clause about the file: `is not complete JSON`. */
  readonly message: string;
  /** Absent: nobody but a person can tell what is right. */
  readonly mend?: Mend;
}

/** A step that puts a problem right. `says` tells what was done: `was moved to the backup`. */
export type Mend = { readonly says: string } & (
  | { readonly kind: "write-marker" }
  /** Taking the lock does it: unfinished transactions are completed, staged files cleared. */
  | { readonly kind: "recover" }
  /** The file, copied to the backup, goes. */
  | { readonly kind: "remove-file" }
  | { readonly kind: "remove-folder" }
  /** The document is written anew; one that was there is replaced. */
  | { readonly kind: "write"; readonly ref: DocumentRef; readonly bodyType: string; readonly body: JsonValue }
  | { readonly kind: "delete"; readonly ref: DocumentRef }
  | { readonly kind: "unlink"; readonly ref: DocumentRef }
  | { readonly kind: "link"; readonly ref: DocumentRef; readonly target: DocumentRef }
  /** `links`: the links that lead to the document, all of them. */
  | { readonly kind: "list-links"; readonly ref: DocumentRef; readonly links: readonly DocumentRef[] }
  | { readonly kind: "interrupt"; readonly run: DocumentRef }
);
