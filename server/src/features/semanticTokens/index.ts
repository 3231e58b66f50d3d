import type { Chunk, SourceFile, Span, Statement } from "@ocuroot/starlark";
import type { SemanticTokens } from "vscode-languageserver-types";
import { type Meaning, meaningsOf } from "../../analysis/meaning.ts";
import { findShellTexts, type ShellBody, type ShellText } from "../../analysis/shellText.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { walk } from "../../analysis/tree.ts";
import {
  type SemanticTokenModifier,
  type SemanticTokenType,
  semanticTokenModifiers,
  semanticTokenTypes,
} from "../../protocol/tokenLegend.ts";
import { lineEnd } from "../../text/convert.ts";
import { TextSource } from "../../text/textSource.ts";
import { SemanticTokensBuilder } from "./builder.ts";

/** A token of the file, or of a statement whose place is 0. */
interface Token {
  readonly start: number;
  readonly end: number;
  readonly type: number;
  /** A bit for each modifier. */
  readonly modifiers: number;
}

/**
 * What names mean (SDK, parameter, function, variable), the pieces of refs and the shell text inside strings: of the whole file, or of
 * what lies within a span.
 */
export function getSemanticTokens(snapshot: Snapshot, within?: Span): SemanticTokens {
  const { file } = snapshot;
  const inStrings = sorted([...findRefTokens(file), ...findShellTokens(snapshot)]);
  const writer = new Writer(file, within);
  let next = 0;
  for (const { chunk, tokens } of findNameTokens(file)) {
    for (const token of tokens) {
      const start = chunk.offset + token.start;
      for (let other = inStrings[next]; other !== undefined && other.start < start; other = inStrings[++next]) {
        writer.write(other, 0);
      }
      writer.write(token, chunk.offset);
    }
  }
  for (const token of inStrings.slice(next)) writer.write(token, 0);
  return { data: writer.build() };
}

/** Writes tokens in the order of the text; what spans lines, or begins in the one before, is left out. */
class Writer {
  readonly #builder = new SemanticTokensBuilder();
  #done = -1;
  #line = 0;

  constructor(
    private readonly file: FileView,
    private readonly within: Span | undefined,
  ) {}

  write(token: Token, base: number): void {
    const { source } = this.file;
    const start = base + token.start;
    const end = base + token.end;
    if (this.within !== undefined && (end <= this.within.start || start >= this.within.end)) return;
    if (start < this.#done || end === start) return;
    const starts = source.lineStarts;
    while (this.#line + 1 < starts.length && (starts[this.#line + 1] as number) <= start) this.#line++;
    const line = this.#line;
    if (end >= (starts[line + 1] ?? Number.POSITIVE_INFINITY)) return;
    this.#done = end;
    const character = columnOf(source, line, start);
    this.#builder.push(line, character, columnOf(source, line, end) - character, token.type, token.modifiers);
  }

  build(): number[] {
    return this.#builder.build();
  }
}

function columnOf(source: SourceFile, line: number, offset: number): number {
  const at = Math.min(offset, lineEnd(source, line));
  return source instanceof TextSource ? source.columnAt(line, at) : at - (source.lineStarts[line] ?? 0);
}

/** By their starts; what was first stays first where two begin together. */
function sorted(tokens: Token[]): Token[] {
  const isSorted = tokens.every((each, index) => index === 0 || (tokens[index - 1] as Token).start <= each.start);
  return isSorted ? tokens : tokens.sort((a, b) => a.start - b.start);
}

function makeToken(
  { start, end }: Span,
  type: SemanticTokenType,
  modifiers: readonly SemanticTokenModifier[] = [],
): Token {
  const bits = modifiers.reduce((all, each) => all | (1 << semanticTokenModifiers.indexOf(each)), 0);
  return { start, end, type: semanticTokenTypes.indexOf(type), modifiers: bits };
}

const nameTokens = new WeakMap<Meaning, readonly Token[]>();

/** The tokens of names, statement by statement; those of statements that say what they said are kept. */
function findNameTokens(view: FileView): { readonly chunk: Chunk; readonly tokens: readonly Token[] }[] {
  const meanings = meaningsOf(view);
  return view.module.statements.map((statement) => {
    const meaning = meanings?.get(statement);
    let tokens = meaning === undefined ? undefined : nameTokens.get(meaning);
    if (tokens === undefined) {
      tokens = sorted(nameTokensIn(view, statement));
      if (meaning !== undefined) nameTokens.set(meaning, tokens);
    }
    return { chunk: statement.chunk, tokens };
  });
}

/** Tokens of the names in a statement, at their places in it. */
function nameTokensIn(view: FileView, statement: Statement): Token[] {
  const tokens: Token[] = [];
  walk(statement, (node) => {
    if (node.kind === "Argument" && node.name !== undefined) {
      tokens.push(makeToken(node.name, "parameter"));
      return;
    }
    if (node.kind !== "Identifier" || node.name === "") return;
    const binding = view.resolution.bindingOf(node);
    if (binding === undefined) return;
    if (binding.scope === "predeclared" || binding.scope === "universal") {
      const isNamespace = view.sdk.entries.get(node.name)?.kind === "namespace";
      const isConstant = node.name === "None" || node.name === "True" || node.name === "False";
      if (!isConstant) tokens.push(makeToken(node, isNamespace ? "namespace" : "function", ["defaultLibrary"]));
      return;
    }
    const isNamed = binding.role === "parameter" || binding.role === "function";
    const type = isNamed ? (binding.role as SemanticTokenType) : "variable";
    tokens.push(makeToken(node, type, binding.definitions.includes(node) ? ["definition"] : []));
  });
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
      return [makeToken(ref.spanOf(segment.start, segment.end), type)];
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
        .flatMap(({ start, end, type }) => piecesOf(text, start, end).map((span) => makeToken(span, type)));
      shellTokens.set(text.body, tokens);
    }
    const { moved } = text;
    return tokens.map(({ start, end, type, modifiers }) => {
      return { start: start + moved, end: end + moved, type, modifiers };
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
