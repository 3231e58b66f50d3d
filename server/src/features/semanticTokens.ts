import type { Span } from "@ocuroot/starlark";
import type { SemanticTokens } from "vscode-languageserver-types";
import { findShellTexts, type ShellBody, type ShellText } from "../analysis/shellText.ts";
import { spanOf, walk } from "../analysis/tree.ts";
import { positionAt } from "../convert.ts";
import {
  type SemanticTokenModifier,
  type SemanticTokenType,
  semanticTokenModifiers,
  semanticTokenTypes,
} from "../semanticTokenLegend.ts";
import { SemanticTokensBuilder } from "../semanticTokensBuilder.ts";
import type { FileView, Snapshot } from "../snapshot.ts";

interface Token {
  readonly span: Span;
  readonly type: SemanticTokenType;
  readonly modifiers: readonly SemanticTokenModifier[];
}

/**
 * What names mean (SDK, parameter, function, variable), the pieces of refs and the shell text inside strings: of the whole file, or of
 * what lies within a span.
 */
export function getSemanticTokens(snapshot: Snapshot, within?: Span): SemanticTokens {
  const { file } = snapshot;
  const tokens = [...findNameTokens(file), ...findRefTokens(file), ...findShellTokens(snapshot)].sort(
    (a, b) => a.span.start - b.span.start,
  );
  const builder = new SemanticTokensBuilder();
  let done = -1;
  for (const { span, type, modifiers } of tokens) {
    const { line, character } = positionAt(file.source, span.start);
    const end = positionAt(file.source, span.end);
    if (within !== undefined && (span.end <= within.start || span.start >= within.end)) continue;
    if (span.start < done || end.line !== line || span.end === span.start) continue;
    done = span.end;
    const bits = modifiers.reduce((all, each) => all | (1 << semanticTokenModifiers.indexOf(each)), 0);
    builder.push(line, character, end.character - character, semanticTokenTypes.indexOf(type), bits);
  }
  return { data: builder.build() };
}

function findNameTokens(view: FileView): Token[] {
  const tokens: Token[] = [];
  for (const statement of view.module.statements) {
    walk(statement, (node) => {
      if (node.kind === "Argument" && node.name !== undefined) {
        tokens.push({ span: spanOf(node.name), type: "parameter", modifiers: [] });
        return;
      }
      if (node.kind !== "Identifier" || node.name === "") return;
      const binding = view.resolution.bindingOf(node);
      if (binding === undefined) return;
      const isDefinition = binding.definitions.includes(node);
      const modifiers: SemanticTokenModifier[] = isDefinition ? ["definition"] : [];
      if (binding.scope === "predeclared" || binding.scope === "universal") {
        const isNamespace = view.sdk.entries.get(node.name)?.kind === "namespace";
        const isConstant = node.name === "None" || node.name === "True" || node.name === "False";
        if (!isConstant)
          tokens.push({
            span: spanOf(node),
            type: isNamespace ? "namespace" : "function",
            modifiers: ["defaultLibrary"],
          });
      } else if (binding.role === "parameter") tokens.push({ span: spanOf(node), type: "parameter", modifiers });
      else if (binding.role === "function") tokens.push({ span: spanOf(node), type: "function", modifiers });
      else tokens.push({ span: spanOf(node), type: "variable", modifiers });
    });
  }
  return tokens;
}

const roleTypes = {
  repo: "namespace",
  separator: undefined,
  path: "string",
  release: "enumMember",
  kind: "keyword",
  name: "function",
  fragment: "property",
} as const;

function findRefTokens(view: FileView): Token[] {
  return view.facts.refs.flatMap((ref) =>
    ref.parsed.segments.flatMap((segment): Token[] => {
      const type = roleTypes[segment.role];
      if (type === undefined || segment.start === segment.end || segment.hasHole || segment.role === "path") return [];
      return [{ span: ref.spanOf(segment.start, segment.end), type, modifiers: [] }];
    }),
  );
}

/** Tokens of shell text, at the places that they had when it was read. */
const shellTokens = new WeakMap<ShellBody, readonly Token[]>();

function findShellTokens({ file, shell }: Snapshot): Token[] {
  if (shell === undefined) return [];
  return findShellTexts(file).flatMap((text) => {
    let tokens = shellTokens.get(text.body);
    if (tokens === undefined) {
      tokens = shell
        .tokens(text.text)
        .flatMap(({ start, end, type }) => piecesOf(text, start, end).map((span) => ({ span, type, modifiers: [] })));
      shellTokens.set(text.body, tokens);
    }
    const { moved } = text;
    return tokens.map(({ span, type, modifiers }) => {
      return { span: { start: span.start + moved, end: span.end + moved }, type, modifiers };
    });
  });
}

/**
 * The places of a piece of shell text when it was read: one for each line, without what is filled in.
 */
function piecesOf({ view, body, moved }: ShellText, start: number, end: number): Span[] {
  const { source } = view;
  const { starts, ends, holes } = body;
  const lineAt = (offset: number): number => source.lineAt(offset + moved);
  const pieces: { start: number; end: number }[] = [];
  for (let index = start; index < end; index++) {
    if (holes.some((hole) => hole.start <= index && index < hole.end)) continue;
    const span = { start: starts[index] as number, end: ends[index] as number };
    const last = pieces.at(-1);
    // A line's end belongs to no piece.
    if (lineAt(span.start) !== lineAt(span.end)) continue;
    if (last?.end === span.start && lineAt(last.start) === lineAt(span.start)) last.end = span.end;
    else pieces.push({ ...span });
  }
  return pieces;
}
