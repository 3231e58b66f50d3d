/** Making refs absolute (spec 2.3), and absolute refs short again for people. */
import { isAbsolute, isUnset, type Ref, RefError } from "./ref.ts";

/** What a ref is relative to: a file and, when there is one, its release. */
export interface RefBase {
  readonly repo: string;
  /** The file, from the repository's root; "" when there is none (command line). */
  readonly path: string;
  /** `r5`; absent before there is a release. */
  readonly release?: string;
  /** Folder that paths start from on the command line, from the repository's root; the file's folder if absent. */
  readonly folder?: string;
}

export interface AbsoluteOptions {
  /** Paths are joined to the current folder (`base.folder`), as a shell user means them. */
  readonly commandLine?: boolean;
}

/**
 * The ref with everything filled in that the base can say. Global refs and those with repository and path of their own
 * stay as they are. Throws RefError for a path that leaves the repository.
 */
export function makeAbsolute(ref: Ref, base: RefBase, options: AbsoluteOptions = {}): Ref {
  if (isAbsolute(ref)) return ref;
  const saysRelease = ref.hasRelease || base.release === undefined;
  return {
    ...ref,
    repo: isUnset(ref.repo) ? base.repo : ref.repo,
    path: absolutePath(ref, base, options),
    hasRelease: ref.hasRelease || base.release !== undefined,
    release: saysRelease ? ref.release : base.release!,
  };
}

function absolutePath(ref: Ref, base: RefBase, options: AbsoluteOptions): string {
  if (isUnset(ref.path)) return base.path;
  if (ref.repo !== undefined) return joinPath("", ref.path);
  const folder = options.commandLine && base.folder !== undefined ? base.folder : folderOf(base.path);
  return joinPath(folder, ref.path);
}

function folderOf(path: string): string {
  if (!path.endsWith(".star")) return path;
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** Joins slash-separated paths and takes out `.` and `..`. */
function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw new RefError(`${path} leads out of the repository.`);
  }
  return parts.join("/");
}
