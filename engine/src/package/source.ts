import { readFileSync, statSync } from "node:fs";

/** Text that an editor holds for a file (by absolute path), in place of what is on disk; undefined: read the disk. */
export type ReadText = (path: string) => string | undefined;

export type SourceText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The text of a source file. `shown` is how messages call it. */
export function readSource(path: string, shown: string, readText: ReadText | undefined): SourceText {
  const held = readText?.(path);
  if (held !== undefined) return { ok: true, text: held };
  try {
    if (statSync(path).isDirectory()) return failed("package/is-folder", `${shown} is a folder, not a file`);
    const bytes = readFileSync(path);
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return failed("package/missing-file", `there is no file ${shown}`);
    if (code === "EACCES" || code === "EPERM")
      return failed("package/unreadable", `${shown} cannot be read: no permission`);
    if (error instanceof TypeError) return failed("package/not-utf8", `${shown} is not UTF-8 text`);
    return failed("package/unreadable", `${shown} cannot be read: ${message}`);
  }
}

function failed(code: string, message: string): SourceText {
  return { ok: false, code, message };
}
