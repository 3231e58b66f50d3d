import type { PackageModel, PhaseModel, WorkModel } from "../model/package.ts";
import { describeWork, type InputDescription, summarize } from "./describe.ts";

/** Longer values are shortened: the point is where they come from. */
const longestValue = 60;

/**
 * ```
 * frontend/release.ocu.star  SDK 0.3.0  2 phases, 3 pieces of work
 *
 * 1  task build
 *      prev_build_number  ← ./@/call/build#output/build_number, else 0
 * 2  staging
 *    deploy eu-test
 *      tag  ← ./call/build#output/tag
 * ```
 */
export function formatText(model: PackageModel): string {
  const lines = [`${model.file}  SDK ${model.sdkVersion}  ${titleOf(model)}`];
  const width = String(model.phases.length).length;
  if (model.phases.length > 0) lines.push("");
  model.phases.forEach((phase, i) => {
    lines.push(...formatPhase(phase, `${i + 1}`.padStart(width)));
  });
  if (model.registered.length > 0) lines.push("");
  const names = widthOf(model.registered.map(({ name }) => name));
  for (const { name, attributes } of model.registered) {
    const text = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
    lines.push(`environment ${name.padEnd(names)}  ${text.join(" ")}`.trimEnd());
  }
  return `${lines.join("\n")}\n`;
}

function titleOf(model: PackageModel): string {
  if (model.phases.length > 0 || model.registered.length === 0) return summarize(model);
  return model.registered.length === 1 ? "1 environment" : `${model.registered.length} environments`;
}

function formatPhase(phase: PhaseModel, number: string): string[] {
  const indent = " ".repeat(number.length + 2);
  const [only] = phase.work;
  if (phase.name === "" && only) return [`${number}  ${headOf(only)}`, ...formatInputs(only, `${indent}  `)];
  if (!only) return [`${number}  ${phase.name}`, `${indent}(no work)`];
  const work = phase.work.flatMap((each) => [`${indent}${headOf(each)}`, ...formatInputs(each, `${indent}  `)]);
  return [`${number}  ${phase.name}`, ...work];
}

function headOf(work: WorkModel): string {
  const { kind, title, annotation } = describeWork(work);
  return `${kind} ${title}${annotation ? `  (${annotation})` : ""}`;
}

function formatInputs(work: WorkModel, indent: string): string[] {
  const { inputs } = describeWork(work);
  const names = widthOf(inputs.map(({ name }) => name));
  return inputs.map((input) => `${indent}${input.name.padEnd(names)}  ${sourceOf(input)}`);
}

function sourceOf({ ref, value }: InputDescription): string {
  const shown = value === undefined ? undefined : shorten(value);
  if (ref === undefined) return `= ${shown ?? ""}`;
  return shown === undefined ? `← ${ref}` : `← ${ref}, else ${shown}`;
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= longestValue ? text : `${characters.slice(0, longestValue - 1).join("")}…`;
}

function widthOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => [...text].length));
}
