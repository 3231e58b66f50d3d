import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, join, posix, relative, sep } from "node:path";

/** Where files lie in a repository: paths from its root, with `/`. */

export type PathResult =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * The file that `load("text", …)` in `from` means, as a path from the repository root. It is the real path, so that every
 * spelling of a file (and every symbolic link to it) gives the same one. Files that are not on disk keep their spelling.
 */
export function resolveLoad(root: string, from: string, text: string): PathResult {
  const quoted = JSON.stringify(text);
  if (text === "") return failed("load/path", "the path to load is empty");
  if (isAbsolute(text) || /^[A-Za-z]:[\\/]/.test(text)) {
    return failed("load/path", `${quoted}: paths to load are relative to the file that loads them`);
  }
  if (text.includes("\\")) return failed("load/path", `${quoted}: paths to load are written with "/"`);
  if (!text.endsWith(".star")) return failed("load/path", `${quoted}: only .star files can be loaded`);
  const path = posix.normalize(posix.join(posix.dirname(from), text));
  if (leavesFolder(path)) return failed("load/outside-repository", `${quoted}: it leaves the repository`);
  const real = realPathInside(root, path);
  if (real === undefined)
    return failed("load/outside-repository", `${quoted}: it is a link that leaves the repository`);
  return { ok: true, path: real };
}

/** An absolute or root-relative path of a file as a path from the root, links resolved; undefined when it lies elsewhere. */
export function repositoryPath(root: string, file: string): string | undefined {
  const lexical = isAbsolute(file) ? toSlashes(relative(root, file)) : posix.normalize(toSlashes(file));
  if (!leavesFolder(lexical)) return realPathInside(root, lexical);
  // The root itself may have been reached through a link.
  const real =
    isAbsolute(file) && existsSync(file) ? toSlashes(relative(realpathSync(root), realpathSync(file))) : "..";
  return leavesFolder(real) ? undefined : real;
}

function realPathInside(root: string, path: string): string | undefined {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return path;
  const real = toSlashes(relative(realpathSync(root), realpathSync(absolute)));
  return leavesFolder(real) ? undefined : real;
}

function leavesFolder(path: string): boolean {
  return path === ".." || path.startsWith("../") || isAbsolute(path);
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

function failed(code: string, message: string): PathResult {
  return { ok: false, code, message };
}
