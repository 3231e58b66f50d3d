/** Documents that can be read, and do not say what they should where they are. */

import { lookupForm } from "../refs/links.ts";
import { parseRef } from "../refs/parse.ts";
import { isAbsolute } from "../refs/ref.ts";
import { readReleaseBody, readRunBody } from "../release/documents.ts";
import { environmentProblem } from "../release/environments.ts";
import { type DocumentRef, type StoredDocument, StoreError } from "../state/store.ts";
import { workBody } from "./damaged.ts";
import type { Mend, StoreProblem } from "./problems.ts";
import { documentFile, type StoreScan } from "./scan.ts";
import { type RefShape, shapeOf } from "./shape.ts";

export function checkDocuments(scan: StoreScan, kind: "state" | "intent"): StoreProblem[] {
  const problems: StoreProblem[] = [];
  for (const [ref, document] of scan.documents) {
    const problem = checkDocument(scan, kind, ref, document);
    if (problem) problems.push({ ...problem, file: documentFile(scan.layout, ref), ref });
  }
  return problems;
}

type Finding = Pick<StoreProblem, "code" | "message"> & { readonly mend?: Mend };

function checkDocument(
  scan: StoreScan,
  kind: "state" | "intent",
  ref: DocumentRef,
  document: StoredDocument,
): Finding | undefined {
  const parsed = parseRef(ref);
  if (!parsed.ok || !isAbsolute(parsed.ref)) return { code: "bad-ref", message: "lies where no ref leads" };
  const shape = shapeOf(ref);
  if (shape.kind === "unknown" || shape.kind === "repository") return undefined;
  const isLinkPlace = kind === "state" && (shape.kind === "current" || shape.kind === "tag");
  if (document.kind === "link") {
    // Public tools may link from anywhere; only where a document must be, a link is wrong.
    const mustBeDocument = ["release", "run", "status", "logs", "commit", "environment"].includes(shape.kind);
    return mustBeDocument ? { code: "bad-document", message: `is a link, where ${nameOf(shape)} belongs` } : undefined;
  }
  if (isLinkPlace) return { code: "bad-document", message: "is a document, where a link belongs" };
  try {
    return checkBody(scan, ref, shape, document.body);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const reason = /Ocuroot wrote: (.*)$/.exec(error.message)?.[1] ?? error.message;
    return { code: "bad-document", message: `is not ${nameOf(shape)}: ${reason}` };
  }
}

function checkBody(
  scan: StoreScan,
  ref: DocumentRef,
  shape: RefShape,
  body: Extract<StoredDocument, { kind: "ref" }>["body"],
): Finding | undefined {
  switch (shape.kind) {
    case "release":
      readReleaseBody(ref, body);
      return undefined;
    case "run":
      readRunBody(ref, body);
      return undefined;
    case "logs":
      return Array.isArray(body) ? undefined : { code: "bad-document", message: "is not a list of log entries" };
    case "environment": {
      const problem = environmentProblem(shape.name, body);
      return problem === undefined ? undefined : { code: "bad-document", message: `is wrong: ${problem}` };
    }
    case "commit":
      return checkCommit(scan, shape);
    case "work":
      return checkWork(scan, ref, shape, body);
    default:
      return undefined;
  }
}

function checkCommit(scan: StoreScan, shape: Extract<RefShape, { kind: "commit" }>): Finding | undefined {
  const release = scan.documents.get(shape.release);
  const commit = release?.kind === "ref" ? (release.body as { readonly commit?: unknown } | null)?.commit : undefined;
  if (typeof commit !== "string" || commit === shape.commit) return undefined;
  return { code: "bad-document", message: `says the release is of ${shape.commit}; the release says ${commit}` };
}

function checkWork(
  scan: StoreScan,
  ref: DocumentRef,
  { release, work }: Extract<RefShape, { kind: "work" }>,
  body: unknown,
): Finding | undefined {
  const run = (body as { readonly run_ref?: unknown } | null)?.run_ref;
  const says = "was written anew from its last complete run";
  const rebuilt = () => {
    const right = workBody(scan, release, work);
    return right === undefined ? {} : { mend: { kind: "write", ref, bodyType: "work", body: right, says } as const };
  };
  if (typeof run !== "string")
    return { code: "bad-document", message: "does not say which run it is of", ...rebuilt() };
  const stored = lookupForm(run);
  // A ref that only its writer can make absolute is not for us to judge.
  if (run.startsWith(".") || scan.documents.has(stored) || scan.damaged.has(stored)) return undefined;
  return { code: "bad-document", message: `says that it is of the run ${run}, which is not there`, ...rebuilt() };
}

function nameOf(shape: RefShape): string {
  switch (shape.kind) {
    case "status":
      return "a status";
    case "logs":
      return "a log";
    case "commit":
      return "a marker";
    case "environment":
      return "an environment";
    default:
      return `a ${shape.kind}`;
  }
}
