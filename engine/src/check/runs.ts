/** Runs: that each has a document and one status, and that those which run have somebody who runs them. */
import { bodyTypes, type RunStatus, refs, runStatuses } from "../release/documents.ts";
import { ownerState, readOwner } from "../state/owner.ts";
import type { DocumentRef } from "../state/store.ts";
import { runAt } from "./damaged.ts";
import type { StoreProblem } from "./problems.ts";
import { documentFile, type StoreScan } from "./scan.ts";
import { shapeOf } from "./shape.ts";

export function checkRuns(scan: StoreScan, now: string): StoreProblem[] {
  const problems: StoreProblem[] = [];
  for (const ref of scan.children.keys()) {
    const lost = lostDocument(scan, ref);
    if (lost) problems.push(lost);
    if (shapeOf(ref).kind === "run" && hasDocument(scan, ref)) problems.push(...checkStatus(scan, ref, now));
  }
  return problems;
}

/** A folder that holds the parts of a release or run whose own document is gone. */
function lostDocument(scan: StoreScan, ref: DocumentRef): StoreProblem | undefined {
  const shape = shapeOf(ref);
  const children = scan.children.get(ref) ?? [];
  if (hasDocument(scan, ref)) return undefined;
  const holdsAny = () => [...scan.documents.keys(), ...scan.damaged.keys()].some((each) => each.startsWith(`${ref}/`));
  const file = documentFile(scan.layout, ref);
  const isRelease = shape.kind === "release" && children.some((name) => ["task", "call", "deploy"].includes(name));
  if (isRelease && holdsAny())
    return { code: "lost-document", file, ref, message: "is missing: there are runs of a release without it" };
  const isRun = shape.kind === "run" && children.some((name) => name === "status" || name === "logs");
  if (isRun && holdsAny())
    return { code: "lost-document", file, ref, message: "is missing: there are status and log of a run without it" };
  return undefined;
}

function checkStatus(scan: StoreScan, run: DocumentRef, now: string): StoreProblem[] {
  const names = (scan.children.get(`${run}/status`) ?? []).filter((name) => hasDocument(scan, `${run}/status/${name}`));
  const isKnown = (name: string): name is RunStatus => (runStatuses as readonly string[]).includes(name);
  const problems: StoreProblem[] = names
    .filter((name) => !isKnown(name))
    .map((name) => {
      const ref = `${run}/status/${name}`;
      const message = `is no status; there are ${runStatuses.join(", ")}`;
      const mend = { kind: "delete", ref, says: "was removed" } as const;
      return { code: "unknown-status", file: documentFile(scan.layout, ref), ref, message, mend };
    });
  // The later stage counts, as wherever a run is read.
  const present = runStatuses.filter((status) => names.includes(status));
  const status = present.at(-1);
  if (status === undefined) return [...problems, noStatus(scan, run, now)];
  for (const other of present.slice(0, -1)) {
    const ref = refs.status(run, other);
    const message = `is a second status beside ${status}`;
    const mend = { kind: "delete", ref, says: `was removed; ${status} stays` } as const;
    problems.push({ code: "two-statuses", file: documentFile(scan.layout, ref), ref, message, mend });
  }
  const owner = status === "running" ? ownerOf(scan, refs.status(run, "running")) : undefined;
  if (owner && ownerState(owner) === "gone") {
    const ref = refs.status(run, "running");
    const message = `says that process ${owner.pid} on ${owner.host} runs it, which is gone`;
    const mend = { kind: "interrupt", run, says: "is failed (interrupted) now; release retry runs it again" } as const;
    problems.push({ code: "interrupted-run", file: documentFile(scan.layout, ref), ref, message, mend });
  }
  return problems;
}

function noStatus(scan: StoreScan, run: DocumentRef, now: string): StoreProblem {
  const document = runAt(scan, run);
  const status: RunStatus = document?.failure ? "failed" : document?.output !== undefined ? "complete" : "pending";
  const ref = refs.status(run, status);
  const body = { time: document?.ended ?? document?.started ?? now };
  const mend = { kind: "write", ref, bodyType: bodyTypes.marker, body, says: `has the status ${status} now` } as const;
  return {
    code: "no-status",
    file: documentFile(scan.layout, run),
    ref: run,
    message: "is a run without a status",
    mend,
  };
}

function ownerOf(scan: StoreScan, status: DocumentRef) {
  const document = scan.documents.get(status);
  return document?.kind === "ref"
    ? readOwner((document.body as { readonly owner?: unknown } | null)?.owner)
    : undefined;
}

function hasDocument(scan: StoreScan, ref: DocumentRef): boolean {
  return scan.documents.has(ref) || scan.damaged.has(ref);
}
