import { type StarlarkFunction, type Thread, textOf, type Value } from "@ocuroot/starlark";
import type { SourcePosition } from "../model/package.ts";
import { defaultStorePath, type RepositoryStores, type StoreDescription } from "../model/repository.ts";
import { describeType } from "../sdk/describeType.ts";
import type { SdkSession, Settings } from "../sdk/session.ts";
import { elementsOf, isOfType } from "../sdk/types.ts";
import { StoreValue } from "../sdk/values.ts";

/** A setting and where it was made. */
interface Setting<T> {
  readonly value: T;
  readonly position: SourcePosition | undefined;
}

/** A setting that cannot be used; becomes a problem at `position`. */
export class SettingError extends Error {
  override readonly name = "SettingError";
  constructor(
    readonly code: string,
    message: string,
    readonly position?: SourcePosition,
    readonly related?: readonly { readonly message: string; readonly position: SourcePosition }[],
  ) {
    super(message);
  }
}

/** What `repo.ocu.star` sets, in each of the three ways (spec 1.4): the variable wins, then the global, then the call. */
export class RepositorySettings implements Settings {
  readonly #session: SdkSession;
  #alias: Setting<string> | undefined;
  #stores: Setting<{ state: StoreDescription; intent: StoreDescription | undefined }> | undefined;
  #remotes: Setting<readonly string[]> | undefined;
  #releaseIgnore: Setting<readonly string[]> | undefined;
  #trigger: Setting<StarlarkFunction> | undefined;

  constructor(session: SdkSession) {
    this.#session = session;
  }

  setAlias(thread: Thread, name: string): void {
    this.#alias = this.#replace(thread, "repo_alias", this.#alias, name);
  }

  setStores(thread: Thread, state: StoreDescription, intent: StoreDescription | undefined): void {
    if (!this.#stores) {
      this.#stores = { value: { state, intent }, position: this.#session.position(thread) };
      return;
    }
    this.#session.report(thread, {
      code: "repository/store-twice",
      severity: "error",
      message: "the store is set twice",
      related: this.#firstPlace(this.#stores),
    });
  }

  setRemotes(thread: Thread, remotes: readonly string[]): void {
    this.#remotes = this.#replace(thread, "remotes", this.#remotes, remotes);
  }

  setReleaseIgnore(thread: Thread, globs: readonly string[]): void {
    this.#releaseIgnore = this.#replace(thread, "release_ignore", this.#releaseIgnore, globs);
  }

  setTrigger(thread: Thread, fn: StarlarkFunction): void {
    this.#trigger = this.#replace(thread, "trigger", this.#trigger, fn);
  }

  alias(globals: ReadonlyMap<string, Value>, variables: Variables): string | undefined {
    const variable = variables.OCU_CFG_repo_alias;
    const alias = variable || this.#globalText(globals, "repo_alias") || this.#alias?.value;
    if (alias === undefined) return undefined;
    const problem = aliasProblem(alias);
    if (problem === undefined) return alias;
    const where = variable ? "OCU_CFG_repo_alias: " : "";
    throw new SettingError("repository/alias", where + problem, variable ? undefined : this.#alias?.position);
  }

  remotes(globals: ReadonlyMap<string, Value>, variables: Variables): readonly string[] {
    const variable = variableList(variables.OCU_CFG_repo_remotes, "OCU_CFG_repo_remotes");
    return (
      variable ?? globalList(globals, "repo_remotes") ?? globalList(globals, "remotes") ?? this.#remotes?.value ?? []
    );
  }

  releaseIgnore(globals: ReadonlyMap<string, Value>, variables: Variables): readonly string[] {
    const variable = variableList(variables.OCU_CFG_release_ignore, "OCU_CFG_release_ignore");
    return variable ?? globalList(globals, "release_ignore") ?? this.#releaseIgnore?.value ?? [];
  }

  trigger(globals: ReadonlyMap<string, Value>): StarlarkFunction | undefined {
    const global = globals.get("trigger");
    if (global === undefined) return this.#trigger?.value;
    if (isOfType(global, "function")) return global as StarlarkFunction;
    throw new SettingError("repository/setting", `\`trigger\` is ${describeType(global)}, want function`);
  }

  stores(globals: ReadonlyMap<string, Value>): RepositoryStores {
    const state = globalStore(globals, "state_store");
    const intent = globalStore(globals, "intent_store");
    const called = this.#stores;
    if (called && (state ?? intent)) {
      const name = state ? "state_store" : "intent_store";
      const message = `the store is set twice: by \`store.set(...)\` and by \`${name}\``;
      throw new SettingError("repository/store-twice", message, called.position);
    }
    const set = called?.value ?? { state, intent };
    if (!set.state && set.intent) {
      throw new SettingError("repository/store", "`intent_store` is set, but `state_store` is not");
    }
    if (!set.state) return { state: { kind: "fs", path: defaultStorePath }, isDefault: true };
    return { state: set.state, ...(set.intent && { intent: set.intent }), isDefault: false };
  }

  #globalText(globals: ReadonlyMap<string, Value>, name: string): string | undefined {
    const value = globals.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return textOf(value);
    throw new SettingError("repository/setting", `\`${name}\` is ${describeType(value)}, want string`);
  }

  /** The later call counts, but the user surely did not mean both. */
  #replace<T>(thread: Thread, name: string, earlier: Setting<T> | undefined, value: T): Setting<T> {
    if (earlier) {
      this.#session.report(thread, {
        code: "repository/set-twice",
        severity: "warning",
        message: `\`${name}\` is set twice; the last one counts`,
        related: this.#firstPlace(earlier),
      });
    }
    return { value, position: this.#session.position(thread) };
  }

  #firstPlace({ position }: Setting<unknown>) {
    return position ? [{ message: "it is set here first", position }] : [];
  }
}

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What keeps a name from being the repository part of a ref, or undefined. */
function aliasProblem(alias: string): string | undefined {
  const segments = alias.split("/");
  const isGood = segments.every(
    (segment) => /^[^\s#@=*?[\]{}\\]+$/.test(segment) && !["-", ".", ".."].includes(segment),
  );
  return isGood ? undefined : `the alias ${JSON.stringify(alias)} cannot be the repository part of a ref`;
}

function globalList(globals: ReadonlyMap<string, Value>, name: string): string[] | undefined {
  const value = globals.get(name);
  if (value === undefined || value === null) return undefined;
  if (!isOfType(value, "list of strings")) {
    throw new SettingError("repository/setting", `\`${name}\` is ${describeType(value)}, want list of strings`);
  }
  return elementsOf(value).map((element, i) => {
    if (typeof element === "string") return textOf(element);
    throw new SettingError("repository/setting", `\`${name}\`[${i}] is ${describeType(element)}, want string`);
  });
}

function globalStore(globals: ReadonlyMap<string, Value>, name: string): StoreDescription | undefined {
  const value = globals.get(name);
  if (value === undefined || value === null) return undefined;
  if (value instanceof StoreValue) return value.description;
  throw new SettingError(
    "repository/setting",
    `\`${name}\` is ${describeType(value)}, want store.fs(...) or store.git(...)`,
  );
}

/** A list in an environment variable: a JSON list, or entries between commas or line ends. */
function variableList(text: string | undefined, name: string): string[] | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  if (!text.trim().startsWith("[")) {
    return text
      .split(/[,\n]/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
  }
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((entry) => typeof entry === "string")) return list;
  } catch {
    // Reported below, like a list of something else.
  }
  // An exclude pattern such as `[ab]*.star` starts like a list, too.
  if (!text.includes('"')) return [text.trim()];
  throw new SettingError("repository/setting", `${name} is not a list of strings`);
}
