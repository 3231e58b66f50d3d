import { nearestName } from "../spell.ts";
import { bytesOf, textOf } from "../values/text.ts";
import { Failure, type Value } from "../values/value.ts";

import { EvalError, Stop } from "./errors.ts";
import type { CallFrame } from "./thread.ts";

/** Executes `load(module, names…)`: the values of the names, which the module calls so. All texts are byte strings. */
export function loadModule(frame: CallFrame, place: number, module: string, names: readonly string[]): Value[] {
  frame.place = place;
  const { thread } = frame;
  const { load } = thread.options;
  if (!load) throw new Failure("load not implemented by this application");
  const globals = attempt(module, () => load(thread, textOf(module)));
  return names.map((name) => {
    const value = globals.get(textOf(name));
    if (value !== undefined) return value;
    const nearest = nearestName(textOf(name), [...globals.keys()].sort());
    const hint = nearest === undefined ? "" : ` (did you mean ${bytesOf(nearest)}?)`;
    throw new Failure(`load: name ${name} not found in module ${module}${hint}`);
  });
}

function attempt<Result>(module: string, load: () => Result): Result {
  try {
    return load();
  } catch (error) {
    // What ends the whole evaluation, and what is no error of the program, is not to be reworded.
    if (error instanceof Stop || (error instanceof EvalError && (error.reason || error.isInternal))) throw error;
    if (error instanceof RangeError || !(error instanceof Error)) throw error;
    const message = error instanceof Failure ? error.message : bytesOf(error.message);
    throw new Failure(`cannot load ${module}: ${message}`, { cause: error });
  }
}
