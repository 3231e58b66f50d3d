/** Documents that cannot be read, and what the rest of the store knows of them. */

import type { JsonValue } from "../json/json.ts";
import { bodyTypes, inputValues, type RunDocument, readRunBody, refs } from "../release/documents.ts";
import type { DocumentRef } from "../state/store.ts";
import { lostTarget } from "./links.ts";
import type { Mend, StoreProblem } from "./problems.ts";
import { documentFile, type StoreScan } from "./scan.ts";
import { shapeOf } from "./shape.ts";

export interface DamageOptions {
  /** The other store: intent for state, state for intent. Custom state and environments are in both. */
  readonly counterpart?: StoreScan;
  readonly kind: "state" | "intent";
  /** ISO time of what is written anew. */
  readonly now: string;
}

export function checkDamaged(scan: StoreScan, options: DamageOptions): StoreProblem[] {
  return [...scan.damaged].map(([ref, message]) => {
    const mend = mendOf(scan, ref, options);
    return { code: "damaged-document", file: documentFile(scan.layout, ref), ref, message, ...(mend && { mend }) };
  });
}

function mendOf(scan: StoreScan, ref: DocumentRef, options: DamageOptions): Mend | undefined {
  const shape = shapeOf(ref);
  const marker = { kind: "write", ref, bodyType: bodyTypes.marker, says: "was written anew" } as const;
  switch (shape.kind) {
    case "status":
      return { ...marker, body: { time: timeOf(scan, shape.run) ?? options.now } };
    case "commit":
    case "op":
      return { ...marker, body: { time: options.now } };
    case "logs":
      return { ...marker, bodyType: bodyTypes.logs, body: [], says: "is an empty log now; its text is in the backup" };
    case "work": {
      const body = workBody(scan, shape.release, shape.work);
      const says = "was written anew from its last complete run";
      return body === undefined ? undefined : { ...marker, bodyType: bodyTypes.work, body, says };
    }
    case "current":
    case "tag": {
      if (options.kind !== "state") return undefined;
      const target = lostTarget(scan, ref);
      return target === undefined ? undefined : { kind: "link", ref, target, says: `leads to ${target} again` };
    }
    case "custom":
    case "environment": {
      const other = options.counterpart?.documents.get(ref);
      if (other?.kind !== "ref") return undefined;
      const from = options.kind === "state" ? "intent" : "state";
      return { kind: "write", ref, bodyType: other.bodyType, body: other.body, says: `was copied from ${from}` };
    }
    default:
      return undefined;
  }
}

/** What `…/task/NAME` holds, from the last complete run; undefined when there is none. */
export function workBody(scan: StoreScan, release: DocumentRef, work: string): JsonValue | undefined {
  const numbers = (scan.children.get(`${release}/${work}`) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const number of numbers.sort((a, b) => b - a)) {
    const run = refs.run(release, work, number);
    if (!scan.children.get(`${run}/status`)?.includes("complete")) continue;
    const document = runAt(scan, run);
    if (!document) continue;
    const input = inputValues(document.functions[0]?.inputs ?? {});
    return { run_ref: run, type: document.type, release, input, output: document.output ?? {} };
  }
  return undefined;
}

/** A run's document, when it is one. */
export function runAt(scan: StoreScan, run: DocumentRef): RunDocument | undefined {
  const stored = scan.documents.get(run);
  if (stored?.kind !== "ref") return undefined;
  try {
    return readRunBody(run, stored.body);
  } catch {
    return undefined; // That it is none is told where documents are looked at.
  }
}

function timeOf(scan: StoreScan, run: DocumentRef): string | undefined {
  const document = runAt(scan, run);
  return document?.ended ?? document?.started;
}
