import { posix } from "node:path";
import type { StringLiteral } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { joinPath } from "../../analysis/loads.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { textOfLiteral } from "../../analysis/strings.ts";
import { contentSpan } from "../../analysis/tree.ts";
import { makeItem } from "./items.ts";

/** Parameters of the SDK that take a path relative to the package file's folder. */
export const pathParameters: ReadonlySet<string> = new Set(["path", "dir", "watch"]);

/** In such an argument: what lies in the folder that is written so far. */
export function completePath(
  { file }: Snapshot,
  literal: StringLiteral,
  offset: number,
  parameter: string,
): CompletionItem[] {
  const { repository, path, role } = file;
  // In a module the folder is that of whoever loads it.
  if (repository === undefined || path === undefined || role === "module" || literal.hasEscapes) return [];
  const text = textOfLiteral(file.source, literal);
  const content = contentSpan(literal);
  const start = text.lastIndexOf("/", offset - content.start - 1) + 1;
  const written = text.slice(0, start);
  if (written.startsWith("/")) return [];
  const folder = joinPath(path, posix.join(".", written));
  if (folder === undefined) return [];
  const bare = folder.replace(/\/$/, "");
  const prefix = bare === "." || bare === "" ? "" : `${bare}/`;
  const rest = /^[^/]*/.exec(text.slice(offset - content.start))?.[0].length ?? 0;
  const span = { start: content.start + start, end: offset + rest };
  return entriesIn(repository.paths(), prefix)
    .filter((name) => parameter !== "dir" || name.endsWith("/"))
    .map((name) => {
      const isFolder = name.endsWith("/");
      const kind = isFolder ? CompletionItemKind.Folder : CompletionItemKind.File;
      return makeItem(file, span, name, { kind, text: isFolder ? name.slice(0, -1) : name });
    });
}

/** Names of what lies in a folder, given as a prefix of paths; folders end in a slash. */
export function entriesIn(paths: Iterable<string>, prefix: string): string[] {
  const names = new Set<string>();
  for (const each of paths) {
    if (!each.startsWith(prefix)) continue;
    const [name = "", ...deeper] = each.slice(prefix.length).split("/");
    names.add(deeper.length > 0 ? `${name}/` : name);
  }
  return [...names].sort();
}
