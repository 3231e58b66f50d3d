import { printJson } from "../json/jsonText.ts";
import type { InputModel, PackageModel, PhaseModel, WorkModel } from "../model/package.ts";
import { parseRef } from "../refs/parse.ts";

/** A piece of work in the words of people, for previews and lists. */
export interface WorkDescription {
  /** Stable within the file: `task/build`, `deploy/staging`. */
  readonly id: string;
  readonly kind: "task" | "deploy";
  /** Name of the task or of the environment. */
  readonly title: string;
  readonly annotation: string | undefined;
  /** Names of the functions: one of a task, `up` and `down` of a deploy. */
  readonly functions: readonly string[];
  readonly inputs: readonly InputDescription[];
}

export interface InputDescription {
  readonly name: string;
  /** The ref as written; undefined for a constant. */
  readonly ref: string | undefined;
  /** Work of the same file and release that gives the value, by id. */
  readonly from: string | undefined;
  /** The constant, or the default of a ref, as JSON. */
  readonly value: string | undefined;
}

export function describeWork(work: WorkModel): WorkDescription {
  const inputs = Object.entries(work.inputs).map(([name, input]) => describeInput(name, input));
  if (work.kind === "task") {
    const { name, fn, annotation } = work;
    return { id: `task/${name}`, kind: "task", title: name, annotation, functions: [fn.name], inputs };
  }
  const { name } = work.environment;
  const functions = [work.up.name, work.down.name];
  return { id: `deploy/${name}`, kind: "deploy", title: name, annotation: undefined, functions, inputs };
}

function describeInput(name: string, input: InputModel): InputDescription {
  const { ref } = input;
  const value = input.hasDefault ? input.default : ref === undefined ? input.value : undefined;
  const text = value === undefined ? undefined : printJson(value);
  return { name, ref, from: ref === undefined ? undefined : producerOf(ref), value: text };
}

/** The work of this file's own release that a ref names, by id. */
function producerOf(text: string): string | undefined {
  const parsed = parseRef(text);
  if (!parsed.ok) return undefined;
  const { repo, path, hasRelease, isGlobal, kind, name } = parsed.ref;
  const isOwn = !isGlobal && !hasRelease && (repo === undefined || repo === ".") && (path === "" || path === ".");
  return isOwn && (kind === "task" || kind === "deploy") && name.length > 0 ? `${kind}/${name[0]}` : undefined;
}

/** What a phase is called where it needs a name: its own, or that of its only piece of work. */
export function phaseTitle(phase: PhaseModel): string {
  const [only] = phase.work;
  return phase.name !== "" || !only ? phase.name : describeWork(only).title;
}

/** `2 phases, 5 pieces of work`. */
export function summarize({ phases }: PackageModel): string {
  const work = phases.reduce((sum, phase) => sum + phase.work.length, 0);
  return `${count(phases.length, "phase", "phases")}, ${count(work, "piece of work", "pieces of work")}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
