import { posix } from "node:path";
import type { FileView } from "./snapshot.ts";

/**
 * Cheap looks at a file's text, so that what cannot matter is not even parsed: a workspace may have thousands of files, and
 * most of them are never asked for.
 */

/** Whether a string of the text may hold this: as it is, or with some of it written as an escape or over a line's end. */
export function mayHold(text: string, part: string): boolean {
  return text.includes(part) || /\\[xuU0-7\r\n]/.test(text);
}

/** Whether a `load` of the text may name a file of this path: its name stands before the closing quote. */
export function mayLoad(text: string, path: string): boolean {
  const base = path.slice(path.lastIndexOf("/") + 1);
  return mayHold(text, `${base}"`) || text.includes(`${base}'`);
}

/** Whether a ref in one file may lead to another one: with its name, and from elsewhere with the folder that it lies in. */
export function mayLeadTo(from: FileView, to: FileView): boolean {
  const { text } = from.source;
  if (from === to || to.path === undefined) return true;
  const base = to.path.slice(to.path.lastIndexOf("/") + 1);
  const folder = posix.dirname(to.path);
  const isBelow = folder === "." || from.path === undefined || from.path.startsWith(`${folder}/`);
  if (from.repository === to.repository && isBelow) return mayHold(text, base);
  const parent = folder === "." ? base : `${posix.basename(folder)}/${base}`;
  // Paths need not be written in their shortest form.
  return mayHold(text, parent) || ["//", "/./", "/../"].some((each) => text.includes(each + base));
}
