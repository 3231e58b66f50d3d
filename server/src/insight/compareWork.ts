import {
  absoluteRef,
  declaredInputs,
  type FunctionRef,
  type JsonValue,
  type PackageModel,
  type PackagePlace,
  type ReleaseDocument,
  type ReleaseWork,
  type RunInput,
  type RunInputs,
  sameJson,
  type WorkModel,
  workId,
} from "@ocuroot/engine";
import { looksSecret, maskValue, secretMask } from "../analysis/secrets.ts";
import { own } from "../own.ts";
import type { InputChange } from "../protocol/index.ts";
import { shortValue } from "../state/words.ts";

/** A piece of work of the file against the same one of a release. */
export interface WorkDifference {
  readonly kind: "added" | "removed" | "moved" | "changed" | "same";
  readonly id: string;
  readonly phase: string;
  readonly before: ReleaseWork | undefined;
  readonly now: WorkModel | undefined;
  readonly inputs: readonly InputChange[];
  readonly details: readonly string[];
}

/** Compares an evaluated file with a release of it, piece by piece, in the order of the file; what is gone comes last. */
export function compareWork(
  place: PackagePlace,
  model: PackageModel,
  base: { readonly ref: string; readonly document: ReleaseDocument } | undefined,
): WorkDifference[] {
  const old = new Map<string, { readonly phase: string; readonly work: ReleaseWork }>(
    base?.document.phases.flatMap(({ name, work }) =>
      work.map((each) => [`${each.kind}/${each.name}`, { phase: name, work: each }] as const),
    ),
  );
  const toAbsolute = absoluteRef(place, base?.ref ?? `${place.repo}/-/${place.file}/@r1`);
  const differences: WorkDifference[] = model.phases.flatMap((phase) =>
    phase.work.map((now) => {
      const id = workId(now);
      const known = old.get(id);
      old.delete(id);
      const about = { id, phase: phase.name, now };
      if (known === undefined) {
        return { ...about, kind: "added", before: undefined, inputs: [], details: [] } as const;
      }
      const inputs = compareInputs(known.work.inputs, declaredInputs(now, toAbsolute));
      const details = compareFunctions(known.work, now);
      const isMoved = known.phase !== phase.name;
      if (isMoved) details.push(`It moves from ${phaseName(known.phase)} to ${phaseName(phase.name)}.`);
      const kind = inputs.length > 0 || details.length > (isMoved ? 1 : 0) ? "changed" : isMoved ? "moved" : "same";
      return { ...about, kind, before: known.work, inputs, details } as const;
    }),
  );
  for (const [id, { phase, work }] of old) {
    differences.push({ kind: "removed", id, phase, before: work, now: undefined, inputs: [], details: [] });
  }
  return differences;
}

/** The functions that a piece of work runs, by the part they have there. */
export function functionsOf(work: ReleaseWork | WorkModel): Readonly<Record<string, FunctionRef>> {
  return work.kind === "task" ? { fn: work.fn } : { up: work.up, down: work.down };
}

/** The file a function is in, as state records it; a bare name lies beside the package file. */
export function fileOf({ pos }: FunctionRef): string {
  return pos.replace(/:\d+:\d+$/, "");
}

function compareFunctions(before: ReleaseWork, now: WorkModel): string[] {
  const old = functionsOf(before);
  return Object.entries(functionsOf(now)).flatMap(([role, fn]) => {
    const was = old[role];
    if (was === undefined || was.name === "" || was.name === fn.name) return [];
    const what = role === "fn" ? "It runs" : `Its \`${role}\` is`;
    return [`${what} \`${fn.name}\` instead of \`${was.name}\`.`];
  });
}

function compareInputs(before: RunInputs, now: RunInputs): InputChange[] {
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  return names.flatMap((name): InputChange[] => {
    const [old, next] = [own(before, name), own(now, name)];
    // Every deployment has it; documents of other tools may leave it out.
    if (name === "environment" && (old === undefined || next === undefined)) return [];
    if (old === undefined) return [{ name, kind: "added", after: shown(name, next as RunInput) }];
    if (next === undefined) return [{ name, kind: "removed", before: shown(name, old) }];
    if (sameJson(comparable(old), comparable(next))) return [];
    return [{ name, kind: "changed", before: shown(name, old), after: shown(name, next) }];
  });
}

/** What an input declares; the value that a ref had then is no part of it. */
function comparable({ ref, value, ...input }: RunInput): JsonValue {
  return (ref === undefined ? { value: value ?? null } : { ref, ...input }) as JsonValue;
}

function shown(name: string, { ref, value, ...input }: RunInput): string {
  if (ref === undefined) return looksSecret(name) ? secretMask : shortValue(maskValue(value ?? null));
  return "default" in input ? `${ref} (else ${shortValue(maskValue(input.default ?? null), 40)})` : ref;
}

function phaseName(name: string): string {
  return name === "" ? "a phase of its own" : `phase \`${name}\``;
}
