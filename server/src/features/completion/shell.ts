import { posix } from "node:path";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { joinPath } from "../../analysis/loads.ts";
import { findShellTextAt, type ShellText } from "../../analysis/shellText.ts";
import { findShellVariable } from "../../analysis/shellVariables.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import type { ShellName } from "../../shell/reading.ts";
import { makeItem } from "./items.ts";
import { entriesIn } from "./paths.ts";

/** Inside shell text: what `env=` gives, what the text itself defines, and paths of the repository. */
export function completeShell(snapshot: Snapshot, offset: number): CompletionItem[] {
  const { file } = snapshot;
  const variable = findShellVariable(file, offset);
  if (variable === undefined) return [...completeFunctions(snapshot, offset), ...completePaths(snapshot, offset)];
  const { shell, span } = variable;
  const given = [...shell.env.entries].map(([name, { view, value }]) => {
    const { start, end } = spanOf(value);
    return makeItem(file, span, name, {
      kind: CompletionItemKind.Variable,
      detail: oneLine(view.source.text, start, end),
    });
  });
  const own = [...ownNames(shell, "variable")].flatMap(([name, line]) =>
    shell.env.entries.has(name)
      ? []
      : [makeItem(file, span, name, { kind: CompletionItemKind.Variable, detail: line })],
  );
  return [...given, ...own];
}

/** Functions that the text defines, where a command begins. */
function completeFunctions({ file }: Snapshot, offset: number): CompletionItem[] {
  const shell = findShellTextAt(file, offset);
  const index = shell?.indexOf(offset);
  if (shell === undefined || index === undefined) return [];
  const written = /(?:^|[\n;&|({`!]|(?:^|\s)(?:then|do|else|elif|if|while|until|time))\s*([\w.-]*)$/.exec(
    shell.text.slice(0, index),
  )?.[1];
  if (written === undefined) return [];
  let end = index;
  while (/[\w.-]/.test(shell.text[end] ?? "")) end++;
  const start = index - written.length;
  const span = start === end ? { start: offset, end: offset } : shell.spanOf(start, end);
  return [...ownNames(shell, "function")].map(([name, line]) =>
    makeItem(file, span, name, { kind: CompletionItemKind.Function, detail: line }),
  );
}

/** Names that the text defines, each with the line that does first. */
function ownNames({ text, reading, holes }: ShellText, kind: ShellName["kind"]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { start, end, ...each } of reading.names) {
    const name = text.slice(start, end);
    const isFilledIn = holes.some((hole) => hole.start < end && start < hole.end);
    if (each.kind !== kind || isFilledIn || found.has(name)) continue;
    const lineEnd = text.indexOf("\n", start);
    found.set(name, oneLine(text, text.lastIndexOf("\n", start) + 1, lineEnd < 0 ? text.length : lineEnd));
  }
  return found;
}

function oneLine(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\s+/g, " ").trim().slice(0, 60);
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
