import type { EnvironmentState, MissingInput, PhaseState, RepositoryState, WorkState } from "@ocuroot/server/protocol";
import { isJson, withoutVariables } from "./taskText.ts";

/** A release that waits for values. */
export interface WaitingRelease {
  readonly repository: string;
  readonly file: string;
  /** Ref and name of the release. */
  readonly ref: string;
  readonly name: string;
  readonly inputs: readonly WaitingInput[];
}

/** One missing value, and all work of the release that waits for it. */
export interface WaitingInput {
  readonly input: MissingInput;
  readonly work: readonly string[];
  /** Names of the phases that the work is in. */
  readonly phases: readonly string[];
}

/** Everything that waits for custom state or another release: what people are asked for, newest releases first. */
export function findWaiting(repositories: readonly RepositoryState[]): WaitingRelease[] {
  const waiting: WaitingRelease[] = [];
  for (const repository of repositories) {
    for (const file of repository.packages) {
      for (const release of file.releases) {
        const inputs = missingInputs(release.phases);
        if (inputs.length === 0) continue;
        waiting.push({ repository: repository.uri, file: file.file, ref: release.ref, name: release.name, inputs });
      }
    }
  }
  return waiting;
}

function missingInputs(phases: readonly PhaseState[]): WaitingInput[] {
  const byRef = new Map<string, { input: MissingInput; work: string[]; phases: string[] }>();
  for (const phase of phases) {
    for (const piece of phase.work) {
      for (const input of piece.missing ?? []) {
        const known = byRef.get(input.ref) ?? { input, work: [], phases: [] };
        byRef.set(input.ref, known);
        known.work.push(piece.name);
        if (phase.name !== "" && !known.phases.includes(phase.name)) known.phases.push(phase.name);
      }
    }
  }
  // What a person can give comes first.
  return [...byRef.values()].sort((a, b) => Number(b.input.canBeSet) - Number(a.input.canBeSet));
}

/**
 * The work that an answer lets go on and whose name, phase or environment is one that people are careful with; empty when
 * nobody needs to be asked. `careful` is the setting: a regular expression, "" for never. One that is wrong counts for all.
 */
export function carefulWork(
  { work, phases }: WaitingInput,
  environments: readonly EnvironmentState[],
  careful: string,
): readonly string[] {
  if (phases.some((phase) => isCareful([phase], careful))) return work;
  return work.filter((name) => {
    const attributes = environments.find((each) => each.name === name)?.attributes ?? {};
    return isCareful([name, ...Object.values(attributes)], careful);
  });
}

/** True when one of the texts is something that people are careful with, as the setting says. */
export function isCareful(texts: readonly string[], careful: string): boolean {
  if (careful === "") return false;
  const pattern = readPattern(careful);
  return pattern === undefined ? texts.length > 0 : texts.some((text) => pattern.test(text));
}

function readPattern(text: string): RegExp | undefined {
  try {
    return new RegExp(text, "i");
  } catch {
    return undefined;
  }
}

/** The value that work of a release waits for and that a person can give. */
export function missingRefOf(work: readonly WorkState[]): string | undefined {
  return work.flatMap((each) => each.missing ?? []).find((each) => each.canBeSet)?.ref;
}

/** True when the last name of a ref is a word for a yes: the question is then "Approve?", not "which value?". */
export function isApproval(ref: string): boolean {
  return /(^|\/)[^/#]*(approv|confirm|sign-?off|go-?ahead)[^/#]*(#.*)?$/i.test(ref);
}

/**
 * Arguments that set custom state to what a person typed: JSON where it is JSON (numbers, booleans, objects), else the text
 * itself. A lone `-` would mean standard input, and a leading one an option.
 */
export function setStateArguments(ref: string, answer: string): string[] {
  if (answer === "-") return ["state", "set", "-f", "json", ref, '"-"'];
  const value = withoutVariables(answer);
  const format = isJson(value) ? "json" : "string";
  return ["state", "set", "-f", format, ...(value.startsWith("-") ? ["--"] : []), ref, value];
}
