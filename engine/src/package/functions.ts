import { StarlarkFunction, type Value } from "@ocuroot/starlark";
import type { FunctionRef } from "../model/package.ts";
import { functionRefOf } from "./contract.ts";

/** A function that state or a release refers to and that is not in the evaluated files. */
export class UnknownFunctionError extends Error {
  override readonly name = "UnknownFunctionError";

  constructor(
    message: string,
    /** There are functions at the place, but more than one. */
    readonly isAmbiguous = false,
  ) {
    super(message);
  }
}

/** The functions of an evaluation, to be found again by name and place. */
export class FunctionTable {
  readonly #byRef = new Map<string, Set<StarlarkFunction>>();
  readonly #byName = new Map<string, Set<StarlarkFunction>>();
  /** Functions as a piece of work declared them: closures made by one `def` have the same place. */
  readonly #byWork = new Map<string, Set<StarlarkFunction>>();

  add(fn: StarlarkFunction, work?: string): void {
    const ref = functionRefOf(fn);
    addTo(this.#byRef, keyOf(ref), fn);
    addTo(this.#byName, `${fn.position.file}/${ref.name}`, fn);
    if (work !== undefined) addTo(this.#byWork, work, fn);
  }

  /** Whether the function can be found again by its place alone, also in another process. */
  canFind(fn: StarlarkFunction): boolean {
    const same = this.#byRef.get(keyOf(functionRefOf(fn)));
    return same?.size === 1 && same.has(fn);
  }

  /** The functions among a module's globals. */
  addGlobals(globals: ReadonlyMap<string, Value>): void {
    for (const value of globals.values()) if (value instanceof StarlarkFunction) this.add(value);
  }

  /**
   * The function at the place; or, since lines move when a file is edited, the only one of that name in the file.
   * `main` is the package file: a place without a folder may come from a tool that records base names only.
   * `work` (`task/build`) tells closures apart that one `def` or `lambda` made.
   */
  find(ref: FunctionRef, main: string, work?: string): StarlarkFunction {
    const declared = [...(this.#byWork.get(work ?? "") ?? [])];
    const candidates = readings(ref, main, this.#files());
    for (const candidate of candidates) {
      const own = declared.find((fn) => keyOf(functionRefOf(fn)) === keyOf(candidate));
      const found = own ?? onlyOne(this.#byRef.get(keyOf(candidate)), ref);
      if (found) return found;
    }
    return this.#findMoved(ref, candidates, declared);
  }

  #findMoved(
    ref: FunctionRef,
    candidates: readonly FunctionRef[],
    declared: readonly StarlarkFunction[],
  ): StarlarkFunction {
    const own = declared.filter((fn) => functionRefOf(fn).name === ref.name);
    if (own.length === 1) return own[0] as StarlarkFunction;
    // All lambdas have the same name: the only one that is left need not be the one that was meant.
    for (const candidate of ref.name === "lambda" ? [] : candidates) {
      const named = this.#byName.get(`${fileOf(candidate)}/${ref.name}`);
      if (named?.size === 1) return [...named][0] as StarlarkFunction;
    }
    throw new UnknownFunctionError(`the function \`${ref.name}\` (${ref.pos}) is not in the file`);
  }

  #files(): Set<string> {
    return new Set([...this.#byRef.values()].flatMap((functions) => [...functions].map((fn) => fn.position.file)));
  }
}

function onlyOne(functions: ReadonlySet<StarlarkFunction> | undefined, ref: FunctionRef): StarlarkFunction | undefined {
  if (functions === undefined || functions.size === 1) return functions && [...functions][0];
  const message = `there are several functions \`${ref.name}\` at ${ref.pos}; define it at top level`;
  throw new UnknownFunctionError(message, true);
}

/** What a ref can mean: as it stands; with the package file's folder; as the only file of that base name. */
function readings(ref: FunctionRef, main: string, files: ReadonlySet<string>): FunctionRef[] {
  const file = fileOf(ref);
  const rest = ref.pos.slice(file.length);
  if (file.includes("/")) return [ref];
  const beside = main.slice(0, main.lastIndexOf("/") + 1) + file;
  const sameBase = [...files].filter((each) => each.endsWith(`/${file}`));
  const paths = [file, beside, ...(sameBase.length === 1 ? sameBase : [])];
  return [...new Set(paths)].map((path) => ({ name: ref.name, pos: path + rest }));
}

function fileOf({ pos }: FunctionRef): string {
  return pos.replace(/:\d+(:\d+)?$/, "");
}

function keyOf({ name, pos }: FunctionRef): string {
  return `${name}/${pos}`;
}

function addTo(map: Map<string, Set<StarlarkFunction>>, key: string, fn: StarlarkFunction): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(fn));
}
