/** Paths of files as addresses and terminals write them, on any system. */

/** Path of `path` below `root` (paths of URIs, so with `/`); undefined when it is not below it. Drives have no case. */
export function pathBelow(root: string, path: string): string | undefined {
  const prefix = withLowerDrive(root.endsWith("/") ? root : `${root}/`);
  const whole = withLowerDrive(path);
  return whole.startsWith(prefix) ? whole.slice(prefix.length) : undefined;
}

function withLowerDrive(path: string): string {
  return path.replace(/^\/[A-Z]:/, (drive) => drive.toLowerCase());
}

/** True for a path that needs no folder: `/x`, `C:\\x`, `C:/x`, `\\\\server\\share\\x`. */
export function isAbsolutePath(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path);
}

/** A relative path with `/`; on Linux and macOS a `\\` is a letter like others, but none that package files are named with. */
export function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
