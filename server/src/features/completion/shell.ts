import { posix } from "node:path";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { joinPath } from "../../analysis/loads.ts";
import { findShellTextAt } from "../../analysis/shellText.ts";
import { findShellVariable } from "../../analysis/shellVariables.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import { makeItem } from "./items.ts";
import { entriesIn } from "./paths.ts";

/** Inside shell text: variables that `env=` gives, and paths of the repository. */
export function completeShell(snapshot: Snapshot, offset: number): CompletionItem[] {
  const { file } = snapshot;
  const variable = findShellVariable(file, offset);
  if (variable === undefined) return completePaths(snapshot, offset);
  return [...variable.shell.env.entries].map(([name, { view, value }]) => {
    const { start, end } = spanOf(value);
    const detail = view.source.text.slice(start, end).replace(/\s+/g, " ").slice(0, 60);
    return makeItem(file, variable.span, name, { kind: CompletionItemKind.Variable, detail });
  });
}

/** `./…` and `../…`: what lies in the folder so far. */
function completePaths({ file }: Snapshot, offset: number): CompletionItem[] {
  const { repository, path, role } = file;
  const shell = findShellTextAt(file, offset);
  const index = shell?.indexOf(offset);
  if (shell?.folder === undefined || index === undefined || repository === undefined || path === undefined) return [];
  const written = /(?:^|[\s;&|("'=])(\.{1,2}\/[\w./-]*)$/.exec(shell.text.slice(0, index))?.[1];
  if (written === undefined || role !== "package") return [];
  const folder = written.slice(0, written.lastIndexOf("/") + 1);
  const inside = joinPath(path, posix.join(shell.folder === "" ? "." : shell.folder, folder));
  if (inside === undefined) return [];
  const bare = inside.replace(/\/$/, "");
  const prefix = bare === "." || bare === "" ? "" : `${bare}/`;
  const rest = written.length - folder.length;
  const start = rest === 0 ? offset : shell.spanOf(index - rest, index).start;
  return entriesIn(repository.paths(), prefix).map((name) => {
    const isFolder = name.endsWith("/");
    const kind = isFolder ? CompletionItemKind.Folder : CompletionItemKind.File;
    return makeItem(file, { start, end: offset }, name, { kind, ...(isFolder ? { goesOn: true } : {}) });
  });
}
