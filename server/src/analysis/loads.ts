import { posix } from "node:path";
import type { FileView } from "./snapshot.ts";
import { textOfLiteral } from "./strings.ts";

/** What a `load` path means. */
export type LoadTarget =
  | { readonly kind: "file"; readonly path: string; readonly view: FileView }
  /** No file of that name; `path` is where it would be. */
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "outside" }
  /** It is no path that can be loaded; `reason` says why. */
  | { readonly kind: "unloadable"; readonly reason: string }
  /** The repository is not listed, or the path is not one to judge. */
  | { readonly kind: "unknown" };

/** Finds the file that a `load` names: relative to the loading file, inside the repository (spec 1.2). */
export function resolveLoad(view: FileView, text: string): LoadTarget {
  const { repository, path } = view;
  if (repository === undefined || path === undefined || text === "") return { kind: "unknown" };
  const reason = reasonAgainst(text);
  if (reason !== undefined) return { kind: "unloadable", reason };
  const joined = joinPath(path, text);
  if (joined === undefined) return { kind: "outside" };
  repository.noteLoaded(joined);
  const target = repository.file(joined);
  if (target !== undefined) return { kind: "file", path: joined, view: target };
  // A file that is there but was not read (not `.star`, too large) is not for us to judge.
  if (!repository.isListed || repository.has(joined)) return { kind: "unknown" };
  return { kind: "missing", path: joined };
}

/** Why a text is no path to load, whatever files there are; the evaluator refuses the same. */
function reasonAgainst(text: string): string | undefined {
  if (text.startsWith("/") || /^[A-Za-z]:[\\/]/.test(text))
    return "Paths to load are relative to the file that loads them.";
  if (text.includes("\\")) return "Paths to load are written with `/`.";
  return text.endsWith(".star") ? undefined : "Only `.star` files can be loaded.";
}

/** A path relative to a file of the repository as a path of the repository; undefined when it leads out of it. */
export function joinPath(from: string, text: string): string | undefined {
  if (text.startsWith("/")) return text.startsWith("//") ? inside(posix.normalize(text.slice(2))) : undefined;
  return inside(posix.normalize(posix.join(posix.dirname(from), text)));
}

/** How a file at `from` writes the path of a file at `to`. */
export function relativePath(from: string, to: string): string {
  const relative = posix.relative(posix.dirname(from), to);
  return relative.startsWith("../") ? relative : `./${relative}`;
}

function inside(path: string): string | undefined {
  return path === ".." || path.startsWith("../") ? undefined : path;
}

/** Load paths of a file, in file order. */
export function findLoads(view: FileView): readonly string[] {
  return view.module.statements.flatMap((each) =>
    each.kind === "LoadStatement" && each.module !== undefined ? [textOfLiteral(view.source, each.module)] : [],
  );
}
