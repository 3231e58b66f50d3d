import { sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * The path on disk of a `file:` URI, or that a new file will have (`untitled:/folder/new.ocu.star`); undefined for other
 * URIs (`untitled:Untitled-1`, `vscode-notebook:…`).
 */
export function pathOfUri(uri: string): string | undefined {
  const isNew = uri.startsWith("untitled:/");
  if (!isNew && !uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(isNew ? `file://${uri.slice("untitled:".length).replace(/^\/{2,}/, "/")}` : uri);
  } catch {
    return undefined; // A `file:` URI with a host on a system that has none, or broken escapes.
  }
}

/** The `file:` URI of an absolute path, in the one spelling that is used as a key. */
export function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}

/**
 * The key of a URI: editors spell one file in several ways (`file:///c%3A/x`, `file:///C:/x`, `untitled:/c:/x` before it is
 * saved), so URIs that have a path are put through it. Others stay as they are.
 */
export function canonicalUri(uri: string): string {
  const path = pathOfUri(uri);
  return path === undefined ? uri : uriOfPath(lowerDrive(path));
}

/** `path` relative to `root` with `/`, or undefined when it is not inside. */
export function relativeTo(root: string, path: string): string | undefined {
  if (path === root) return "";
  const prefix = root.endsWith(sep) ? root : root + sep;
  if (!path.startsWith(prefix)) return undefined;
  return path.slice(prefix.length).split(sep).join("/");
}

function lowerDrive(path: string): string {
  return /^[A-Z]:/.test(path) ? path.charAt(0).toLowerCase() + path.slice(1) : path;
}
