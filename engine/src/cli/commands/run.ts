import type { JsonValue } from "../../json/json.ts";
import { parseJson } from "../../json/jsonText.ts";
import type { FunctionRef, PackageModel, WorkModel } from "../../model/package.ts";
import { nearest } from "../../nearest.ts";
import type { WorkInput, WorkOutcome } from "../../package/session.ts";
import {
  absoluteInputs,
  declaredInputs,
  inputValues,
  type PackagePlace,
  refs,
  workId,
} from "../../release/documents.ts";
import { readInputs } from "../../release/inputs.ts";
import { listReleases } from "../../release/readRelease.ts";
import type { Repository } from "../../release/repository.ts";
import { absoluteRef } from "../../release/toAbsolute.ts";
import { problemLines } from "../../terminal/failure.ts";
import { type CliContext, withContext } from "../context.ts";
import { CliError, usageError } from "../errors.ts";
import { findFileTarget } from "../target.ts";
import type { Ui } from "../ui.ts";

export interface RunOptions {
  /** `name=value`, as written. */
  readonly input?: readonly string[];
  readonly down?: boolean;
}

/** What is run: a function, and what it is given. */
interface Call {
  readonly fn: FunctionRef;
  readonly input: WorkInput;
}

/**
 * `run`: calls the function of one piece of work, and those it goes on with, for real, with inputs from state and from the
 * command line. Nothing is recorded: no release knows of it.
 */
export function run(ui: Ui, args: readonly string[], options: RunOptions): Promise<number> {
  return withContext(ui, async (context) => {
    context.handleSignals();
    const { repository, place } = await findFileTarget(context, args[0]);
    const given = readGiven(options.input ?? []);
    const { model, caller } = await context.evaluate(repository, place.file);
    const work = findWork(model, args[1] as string);
    const toAbsolute = await refsOfNewestRelease(repository, place);
    const mask = (text: string) => context.workers.secrets.mask(text);
    let call = await firstCall(repository, work, { toAbsolute, given, isDown: options.down === true });
    for (;;) {
      const outcome = await caller.call(call.fn, call.input, (stream, line) =>
        stream === "stderr" || ui.options.json ? ui.complain(line) : ui.out(line),
      );
      if (outcome.kind === "done") return tellDone(ui, outcome);
      if (outcome.kind === "failed") return tellFailure(context, repository, outcome, mask);
      const inputs = await valuesOf(repository, absoluteInputs(outcome.inputs, toAbsolute), {});
      ui.note(mask(`goes on with ${outcome.fn.name}`));
      call = { fn: outcome.fn, input: { ...call.input, inputs } };
    }
  });
}

/** `name=value`: JSON where it is JSON, else the text itself. */
function readGiven(texts: readonly string[]): Record<string, JsonValue> {
  const given: [string, JsonValue][] = texts.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw usageError(`\`${text}\` is no input; write NAME=VALUE`);
    return [text.slice(0, at), jsonOrText(text.slice(at + 1))];
  });
  return Object.fromEntries(given);
}

function jsonOrText(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function findWork(model: PackageModel, name: string): WorkModel {
  const all = model.phases.flatMap((phase) => phase.work);
  const wanted = name.replace(/^call\//, "task/");
  const found = all.filter((work) => workId(work) === wanted || workId(work).endsWith(`/${wanted}`));
  if (found.length === 1) return found[0] as WorkModel;
  const ids = all.map(workId);
  if (found.length > 1) throw usageError(`\`${name}\` may be ${found.map(workId).join(" or ")}`);
  const near = nearest(wanted, ids);
  const hint = near ? [`did you mean ${near}?`] : [`it has: ${ids.join(", ") || "no work"}`];
  throw usageError(`${model.file} has no work \`${name}\``, hint);
}

/** A piece of work's refs to its own release mean the newest one. */
async function refsOfNewestRelease({ state }: Repository, place: PackagePlace): Promise<(ref: string) => string> {
  const newest = (await listReleases(state, place)).at(-1) ?? 0;
  return absoluteRef(place, refs.release(place, newest));
}

async function firstCall(
  repository: Repository,
  work: WorkModel,
  about: {
    readonly toAbsolute: (ref: string) => string;
    readonly given: Readonly<Record<string, JsonValue>>;
    readonly isDown: boolean;
  },
): Promise<Call> {
  const { toAbsolute, given, isDown } = about;
  const id = workId(work);
  if (work.kind === "task" && isDown) throw usageError(`${id} is a task: only deployments go down`);
  const { environment: _, ...declared } = declaredInputs(work, toAbsolute);
  const inputs = await valuesOf(repository, work.kind === "task" ? declaredInputs(work, toAbsolute) : declared, given);
  if (work.kind === "task") return { fn: work.fn, input: { inputs, work: id } };
  return { fn: isDown ? work.down : work.up, input: { inputs, environment: work.environment, work: id } };
}

/** Values of inputs: those given, else what state says, else defaults. */
async function valuesOf(
  { state }: Repository,
  declared: ReturnType<typeof absoluteInputs>,
  given: Readonly<Record<string, JsonValue>>,
): Promise<Record<string, JsonValue>> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) {
    const names = Object.keys(declared);
    throw usageError(`there is no input ${unknown.join(", ")}`, [`it takes: ${names.join(", ") || "nothing"}`]);
  }
  const asked = Object.fromEntries(Object.entries(declared).filter(([name]) => !Object.hasOwn(given, name)));
  const reading = await readInputs(state, asked);
  if (reading.ok) return { ...inputValues(reading.inputs), ...given };
  const details = reading.missing.map(({ input, ref }) => `${input}: ${ref}; give it: --input ${input}=VALUE`);
  throw new CliError("state does not have all inputs", { details });
}

function tellDone(ui: Ui, { outputs, tags }: Extract<WorkOutcome, { kind: "done" }>): number {
  if (ui.options.json) ui.outJson({ outputs: outputs as JsonValue, tags: [...tags] });
  else {
    ui.note(`${ui.messageColors.green("✓")} done; nothing was recorded`);
    for (const [name, value] of Object.entries(outputs)) {
      ui.out(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    }
  }
  return 0;
}

function tellFailure(
  context: CliContext,
  { root }: Repository,
  { problem, reason }: Extract<WorkOutcome, { kind: "failed" }>,
  mask: (text: string) => string,
): number {
  if (context.isStopped || reason === "interrupted") throw new CliError("interrupted", { exitCode: 130 });
  const { ui } = context;
  ui.complain(...problemLines(problem, ui.places(root), ui.messageColors).map(mask));
  return 1;
}
