import { StarlarkFunction, type Value } from "@ocuroot/starlark";
import { functionRefOf } from "./contract.ts";
import type { FunctionRef } from "./model.ts";

/** A function that state or a release refers to and that is not in the evaluated files. */
export class UnknownFunctionError extends Error {
  override readonly name = "UnknownFunctionError";
}

/** The functions of an evaluation, to be found again by name and place. */
export class FunctionTable {
  readonly #byRef = new Map<string, Set<StarlarkFunction>>();
  readonly #byName = new Map<string, Set<StarlarkFunction>>();
  /** Functions as a piece of work declared them: closures made by one `def` have the same place. */
  readonly #byWork = new Map<string, StarlarkFunction>();

  add(fn: StarlarkFunction, work?: string): void {
    const ref = functionRefOf(fn);
    addTo(this.#byRef, keyOf(ref), fn);
    addTo(this.#byName, `${fn.position.file}/${ref.name}`, fn);
    if (work !== undefined) this.#byWork.set(`${work}/${keyOf(ref)}`, fn);
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
    for (const candidate of readings(ref, main, this.#files())) {
      const declared = work === undefined ? undefined : this.#byWork.get(`${work}/${keyOf(candidate)}`);
      if (declared) return declared;
      const found = this.#byRef.get(keyOf(candidate));
      if (found?.size === 1) return [...found][0] as StarlarkFunction;
      if (found) {
        throw new UnknownFunctionError(
          `there are several functions \`${ref.name}\` at ${ref.pos}; define it at top level`,
        );
      }
    }
    for (const candidate of readings(ref, main, this.#files())) {
      const named = this.#byName.get(`${fileOf(candidate)}/${ref.name}`);
      if (named?.size === 1) return [...named][0] as StarlarkFunction;
    }
    throw new UnknownFunctionError(`the function \`${ref.name}\` (${ref.pos}) is not in the file`);
  }

  #files(): Set<string> {
    return new Set([...this.#byRef.values()].flatMap((functions) => [...functions].map((fn) => fn.position.file)));
  }
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
