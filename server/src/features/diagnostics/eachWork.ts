import type { Diagnostic } from "@ocuroot/starlark";
import type { PlacedCall } from "../../analysis/facts.ts";
import { type Meaning, meaningsOf } from "../../analysis/meaning.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import type { NextDeclaration, WorkDeclaration } from "../../analysis/work.ts";

/**
 * A check of one piece of work, or of a `next`. It may look at what a check of a statement may (see `checkStatements`),
 * for the statement that declares it.
 */
export type WorkCheck = (view: FileView, work: WorkDeclaration | NextDeclaration) => readonly Diagnostic[];

/** Makes a check of a file of a check of its work, which is looked at again only when it may have changed. */
export function checkEachWork(check: WorkCheck): (snapshot: Snapshot) => Diagnostic[] {
  const faultless = new WeakMap<PlacedCall, Meaning>();
  return ({ file }) => {
    const meanings = meaningsOf(file);
    const { declarations, nexts } = file.facts.work;
    return [...declarations, ...nexts].flatMap((work) => {
      const meaning = meanings?.get(work.call.statement);
      if (meaning !== undefined && faultless.get(work.call) === meaning) return [];
      const found = check(file, work);
      if (meaning !== undefined && found.length === 0) faultless.set(work.call, meaning);
      return found;
    });
  };
}
