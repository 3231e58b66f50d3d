/** The functions of a run, one after the other, and what each is called with. */
import type { EnvironmentModel } from "../model/package.ts";
import type { WorkInput, WorkOutcome } from "../package/session.ts";
import { absoluteInputs, inputValues, type RunDocument, type RunInputs } from "../release/documents.ts";
import type { WorkId } from "../release/events.ts";

/** The run's document with the function that `next` named at its end. */
export function chained(
  document: RunDocument,
  next: Extract<WorkOutcome, { kind: "next" }>,
  toAbsolute: (ref: string) => string,
): RunDocument {
  const inputs = absoluteInputs(next.inputs, toAbsolute);
  // A deployment's chain knows its environment too.
  const environment = document.functions[0]?.inputs.environment;
  const withEnvironment = document.type !== "task" && environment ? { ...inputs, environment } : inputs;
  const { fn, annotation } = next;
  return {
    ...document,
    functions: [...document.functions, { fn, dependencies: [], inputs: withEnvironment, annotation }],
  };
}

/** The document with the values that its last function gets. */
export function withLastInputs(document: RunDocument, inputs: RunInputs): RunDocument {
  const last = document.functions.at(-1)!;
  return { ...document, functions: [...document.functions.slice(0, -1), { ...last, inputs }] };
}

/** What the function is called with. A deployment's environment is not among its inputs, but beside them. */
export function workInput(work: WorkId, document: RunDocument, inputs: RunInputs): WorkInput {
  const { environment, ...values } = inputValues(inputs);
  if (document.type === "task") return { inputs: inputValues(inputs), work };
  return { inputs: values, environment: environment as unknown as EnvironmentModel, work };
}
