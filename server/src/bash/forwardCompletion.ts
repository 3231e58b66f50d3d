import type { CancellationToken, CompletionItem } from "vscode-languageserver-protocol";
import { findShellTextAt } from "../analysis/shellText.ts";
import type { Snapshot } from "../analysis/snapshot.ts";
import { contentSpan } from "../analysis/tree.ts";
import { rangeOf } from "../text/convert.ts";
import type { BashServer } from "./bashServer.ts";

/** What a bash language server knows to follow at an offset of the file that is in shell text; nothing elsewhere. */
export async function forwardCompletion(
  snapshot: Snapshot,
  offset: number,
  server: BashServer,
  token: CancellationToken,
): Promise<CompletionItem[]> {
  const { file } = snapshot;
  const shell = findShellTextAt(file, offset);
  // Where nothing stands yet the string's own end is the place.
  const index = shell?.indexOf(offset);
  if (shell === undefined || index === undefined) return [];
  if (shell.holes.some((hole) => hole.start < index && index < hole.end)) return [];
  const { text } = shell;
  let start = index;
  let end = index;
  while (start > 0 && isWordChar(text[start - 1])) start--;
  while (end < text.length && isWordChar(text[end])) end++;
  const literal = shell.literals.find((each) => contentSpan(each).start <= offset && offset <= contentSpan(each).end);
  const span =
    start === end
      ? { start: offset, end: offset }
      : { start: shell.spanOf(start, start + 1).start, end: shell.spanOf(end - 1, end).end };
  // A word that goes over the end of a string cannot be replaced.
  if (literal === undefined || span.start < contentSpan(literal).start || span.end > contentSpan(literal).end)
    return [];
  const range = rangeOf(file.source, span);
  const items = await server.complete(text, index, token);
  return items.flatMap((item) => {
    const newText = item.textEdit?.newText ?? item.insertText ?? item.label;
    // What would have to be written otherwise in a string, or is a snippet, is left out.
    if (!/^[\w./:@%+=-]+$/.test(newText)) return [];
    const { label, kind, detail, documentation } = item;
    return [
      {
        label,
        ...(kind === undefined ? {} : { kind }),
        ...(detail === undefined ? {} : { detail }),
        ...(documentation === undefined ? {} : { documentation }),
        filterText: newText,
        sortText: `zz${label}`,
        textEdit: { range, newText },
      },
    ];
  });
}

function isWordChar(char: string | undefined): boolean {
  return char !== undefined && /[\w./:@%+-]/.test(char);
}
