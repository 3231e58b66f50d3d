import type { Diagnostic } from "@ocuroot/starlark";
import type { StatementPart } from "../../analysis/facts.ts";
import { type Meaning, meaningsOf } from "../../analysis/meaning.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";

/**
 * A check of one top-level statement. It may look at the statement, at what its names mean here and in loaded files, and
 * at how variables that it names are used; not at anything else of the file, nor at state.
 */
export type StatementCheck = (view: FileView, part: StatementPart) => readonly Diagnostic[];

/**
 * Makes a check of a file of checks of its statements. A statement without faults is looked at again only when it, or
 * what its names mean, may have changed.
 */
export function checkStatements(...checks: readonly StatementCheck[]): (snapshot: Snapshot) => Diagnostic[] {
  const faultless = new WeakSet<Meaning>();
  return ({ file }) => {
    const meanings = meaningsOf(file);
    const found: Diagnostic[] = [];
    for (const part of file.facts.parts) {
      const meaning = meanings?.get(part.statement);
      if (meaning !== undefined && faultless.has(meaning)) continue;
      const before = found.length;
      for (const check of checks) found.push(...check(file, part));
      if (meaning !== undefined && found.length === before) faultless.add(meaning);
    }
    return found;
  };
}
