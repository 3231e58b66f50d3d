import type { Span } from "@ocuroot/starlark";
import type { KnownEntry } from "./dicts.ts";
import { findShellTextAt, type ShellText } from "./shellText.ts";
import type { FileView } from "./snapshot.ts";

/** A `$NAME` in shell text, at or right before an offset. */
export interface ShellVariable {
  readonly shell: ShellText;
  /** As far as it is written. */
  readonly name: string;
  /** The name, without `$` and braces. */
  readonly span: Span;
  /** Where `env=` gives it. */
  readonly entry: KnownEntry | undefined;
}

/** The variable that shell text has at an offset of the file. */
export function findShellVariable(view: FileView, offset: number): ShellVariable | undefined {
  const shell = findShellTextAt(view, offset);
  const index = shell?.indexOf(offset);
  if (shell === undefined || index === undefined) return undefined;
  const { text } = shell;
  let start = index;
  while (start > 0 && /\w/.test(text[start - 1] as string)) start--;
  let end = index;
  while (end < text.length && /\w/.test(text[end] as string)) end++;
  const before = text.slice(Math.max(0, start - 2), start);
  if (!before.endsWith("$") && before !== "${") return undefined;
  const name = text.slice(start, end);
  const span = name === "" ? { start: offset, end: offset } : shell.spanOf(start, end);
  return { shell, name, span, entry: shell.env.entries.get(name) };
}
