import type { MissingInput, RepositoryState } from "@ocuroot/server/protocol";

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
}

/** Everything that waits for custom state or another release: what people are asked for, newest releases first. */
export function findWaiting(repositories: readonly RepositoryState[]): WaitingRelease[] {
  const waiting: WaitingRelease[] = [];
  for (const repository of repositories) {
    for (const file of repository.packages) {
      for (const release of file.releases) {
        const inputs = missingInputs(release.phases.flatMap((phase) => phase.work));
        if (inputs.length === 0) continue;
        waiting.push({ repository: repository.uri, file: file.file, ref: release.ref, name: release.name, inputs });
      }
    }
  }
  return waiting;
}

function missingInputs(work: readonly { name: string; missing?: readonly MissingInput[] }[]): WaitingInput[] {
  const byRef = new Map<string, { input: MissingInput; work: string[] }>();
  for (const piece of work) {
    for (const input of piece.missing ?? []) {
      const known = byRef.get(input.ref);
      if (known) known.work.push(piece.name);
      else byRef.set(input.ref, { input, work: [piece.name] });
    }
  }
  // What a person can give comes first.
  return [...byRef.values()].sort((a, b) => Number(b.input.canBeSet) - Number(a.input.canBeSet));
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
  const format = isJson(answer) ? "json" : "string";
  return ["state", "set", "-f", format, ...(answer.startsWith("-") ? ["--"] : []), ref, answer];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
