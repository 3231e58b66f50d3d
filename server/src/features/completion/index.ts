import type { Expression, LoadStatement, PlacedNode, Span, StringLiteral } from "@ocuroot/starlark";
import type { CompletionItem } from "vscode-languageserver-types";
import { findRefAt } from "../../analysis/refStrings.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { isClosed } from "../../analysis/strings.ts";
import { contentSpan, findPath, spanOf } from "../../analysis/tree.ts";
import { completeArguments } from "./arguments.ts";
import { completeAttributes } from "./attributes.ts";
import { completeLoadArguments, completeLoads } from "./loads.ts";
import { completeNames } from "./names.ts";
import { completeNewName } from "./newNames.ts";
import { completeRefs } from "./refs.ts";
import { completeShell } from "./shell.ts";
import { completeStrings } from "./strings.ts";

/** What may be written at the cursor, by what stands around it. */
export function doComplete(snapshot: Snapshot, offset: number): CompletionItem[] {
  const { file } = snapshot;
  if (isInComment(file, offset)) return [];
  const path = findPath(file.module, offset);
  const literal = findLiteral(path, offset);
  if (literal !== undefined) return completeInString(snapshot, literal, path, offset);
  const opened = findOpenKey(path, offset);
  if (opened !== undefined) return completeInString(snapshot, opened.key, opened.path, offset);
  const span = wordAt(file, offset);
  const dot = findDot(file, span);
  if (dot !== undefined) {
    const object = findObject(file, dot);
    return object === undefined ? [] : completeAttributes(snapshot, object, span);
  }
  // A number being written is no name.
  if (/^\d/.test(file.source.text.slice(span.start, span.end))) return [];
  const load = findLoad(path, file, span);
  if (load !== undefined) return completeLoadArguments(snapshot, load, span);
  return (
    completeNewName(snapshot, span) ?? [
      ...completeArguments(snapshot, offset, span),
      ...completeNames(snapshot, path, offset, span),
    ]
  );
}

/** `{"`: a key that is not closed yet, behind which nothing is read; with the path that leads to it. */
function findOpenKey(
  path: readonly PlacedNode[],
  offset: number,
): { readonly key: StringLiteral; readonly path: readonly PlacedNode[] } | undefined {
  const at = path.findLastIndex((each) => each.kind === "DictEntry");
  const entry = path[at];
  if (entry?.kind !== "DictEntry" || entry.key.kind !== "StringLiteral" || isClosed(entry.key)) return undefined;
  if (contentSpan(entry.key).start > offset) return undefined;
  return { key: entry.key, path: [...path.slice(0, at + 1), entry.key] };
}

/** The `load` between whose parentheses a new argument begins. */
function findLoad(path: readonly PlacedNode[], view: FileView, span: Span): LoadStatement | undefined {
  const statement = path.find((each): each is LoadStatement => each.kind === "LoadStatement");
  if (statement === undefined || !/[(,=]\s*$/.test(view.source.text.slice(spanOf(statement).start, span.start)))
    return undefined;
  return statement;
}

function completeInString(
  snapshot: Snapshot,
  literal: StringLiteral,
  path: readonly PlacedNode[],
  offset: number,
): CompletionItem[] {
  const parent = path.at(path.lastIndexOf(literal) - 1);
  if (parent?.kind === "LoadStatement" || parent?.kind === "LoadSymbol") return completeLoads(snapshot, literal, path);
  const ref = findRefAt(snapshot.file, offset);
  if (ref?.literal === literal) return completeRefs(snapshot, ref, offset);
  const inShell = completeShell(snapshot, offset);
  return inShell.length > 0 ? inShell : completeStrings(snapshot, literal, path, offset);
}

/** The string whose text the cursor is in (not behind its closing quote). */
function findLiteral(path: readonly PlacedNode[], offset: number): StringLiteral | undefined {
  const node = path.findLast((each): each is StringLiteral => each.kind === "StringLiteral");
  if (node === undefined) return undefined;
  const { start, end } = contentSpan(node);
  return start <= offset && (offset <= end || !isClosed(node)) ? node : undefined;
}

function isInComment(view: FileView, offset: number): boolean {
  return view.module.comments.some((each) => {
    const { start, end } = spanOf(each);
    return start < offset && offset <= end;
  });
}

/** The dot that a word is written behind. */
function findDot(view: FileView, word: Span): number | undefined {
  const { text } = view.source;
  let at = word.start - 1;
  while (text[at] === " " || text[at] === "\t") at--;
  return text[at] === "." ? at : undefined;
}

/** What stands before a dot; also where the text behind it does not read as an attribute (`[e. for e in y]`). */
function findObject(view: FileView, dot: number): Expression | undefined {
  const around = findPath(view.module, dot + 1).findLast(
    (each) => each.kind === "DotExpression" && each.chunk.offset + each.at === dot,
  );
  if (around?.kind === "DotExpression") return around.object;
  const before = findPath(view.module, dot).find((each) => spanOf(each).end === dot && isExpression(each));
  return before !== undefined && isExpression(before) ? before : undefined;
}

const valueKinds = new Set([
  "Identifier",
  "DotExpression",
  "CallExpression",
  "IndexExpression",
  "StringLiteral",
  "ParenExpression",
  "ListExpression",
  "DictExpression",
]);

function isExpression(node: PlacedNode): node is PlacedNode & Expression {
  return valueKinds.has(node.kind);
}

/** The letters of a name around the cursor; replacing all of it is right in the middle of a word as well. */
function wordAt(view: FileView, offset: number): Span {
  const { text } = view.source;
  let start = offset;
  let end = offset;
  while (start > 0 && isNameChar(text.charCodeAt(start - 1))) start--;
  while (end < text.length && isNameChar(text.charCodeAt(end))) end++;
  return { start, end };
}

function isNameChar(char: number): boolean {
  return (
    (char >= 48 && char <= 57) || (char >= 65 && char <= 90) || (char >= 97 && char <= 122) || char === 95 || char > 127
  );
}
