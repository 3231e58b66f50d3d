/**
 * What the client reads off an absolute ref that the server gave it. This is not a parser of refs (the engine has it): refs
 * that come here are already valid and absolute, `repo/-/path/@release/kind/name…[/K]#fragment`.
 */
export interface RefParts {
  /** "" for a ref without repository. */
  readonly repository: string;
  /** "" for a global ref. */
  readonly file: string;
  /** Undefined without `@`; "" for "the most recent". */
  readonly release?: string;
  readonly kind?: string;
  /** Name segments after the kind. */
  readonly name: readonly string[];
}

/** The parts of an absolute ref, without its fragment. */
export function refParts(ref: string): RefParts {
  const path = ref.split("#", 1)[0]!.replace(/\/+$/, "");
  const separator = path.startsWith("-/") ? 0 : path.indexOf("/-/");
  const repository = separator > 0 ? path.slice(0, separator) : "";
  const local = separator >= 0 ? path.slice(separator + (separator === 0 ? 2 : 3)) : path;
  const at = local.startsWith("@") ? 0 : local.indexOf("/@");
  if (at < 0) return { repository, file: local, name: [] };
  const file = at === 0 ? "" : local.slice(0, at);
  const [release, kind, ...name] = local.slice(at === 0 ? 1 : at + 2).split("/");
  return { repository, file, release: release ?? "", ...(kind ? { kind } : {}), name };
}

/** `frontend/release.ocu.star/@r8`: a release as the command line takes it. */
export function releaseArgument(ref: string): string {
  const { file, release } = refParts(ref);
  return release ? `${file}/@${release}` : file;
}

/** `frontend/release.ocu.star/@r8/deploy/us`: a ref without its repository, from the root. */
export function localRef(ref: string): string {
  const separator = ref.indexOf("/-/");
  return separator >= 0 ? ref.slice(separator + 3) : ref;
}

/** True for the ref of a run of work: a task or a deploy of a release. */
export function isRunRef(ref: string): boolean {
  const { kind, release, name } = refParts(ref);
  return Boolean(release) && (kind === "task" || kind === "call" || kind === "deploy") && name.length > 0;
}

/** What a missing value is called, as in the terminal: custom state by its own name, anything else by that of the input. */
export function missingName({ name, ref }: { readonly name: string; readonly ref: string }): string {
  const { kind, name: path } = refParts(ref);
  return kind === "custom" && path.length > 0 ? path.join("/") : name;
}
