import { createTreeParser, type TreeNode, type TreeParser } from "@ocuroot/starlark";
import type { SemanticTokenType } from "../protocol/tokenLegend.ts";

/** A piece of shell text and what it is. Offsets count UTF-16 units. */
export interface ShellToken {
  readonly start: number;
  readonly end: number;
  readonly type: SemanticTokenType;
}

/** Texts whose tokens are kept: the same commands are highlighted after every edit. */
const kept = 1_000;

/** Reads shell text with tree-sitter-bash, which is loaded when there is some. */
export class ShellHighlighter {
  #parser: TreeParser | undefined;
  readonly #known = new Map<string, readonly ShellToken[]>();

  constructor(private readonly readGrammar: () => Uint8Array) {}

  /** The tokens of a text, in its order. What the grammar cannot read keeps what can be told. */
  tokens(text: string): readonly ShellToken[] {
    let tokens = this.#known.get(text);
    if (tokens === undefined) {
      tokens = this.#read(text);
      if (this.#known.size >= kept) this.#known.clear();
      this.#known.set(text, tokens);
    }
    return tokens;
  }

  #read(text: string): readonly ShellToken[] {
    this.#parser ??= createTreeParser(this.readGrammar());
    const tree = this.#parser.parse(text);
    if (tree === null) return [];
    const tokens: ShellToken[] = [];
    collect(tree.rootNode, tokens);
    tree.delete();
    return tokens;
  }
}

/** Nodes that are one token, whatever is inside of them. */
const whole: ReadonlyMap<string, SemanticTokenType> = new Map([
  ["comment", "comment"],
  ["raw_string", "string"],
  ["ansi_c_string", "string"],
  ["string_content", "string"],
  ["heredoc_start", "string"],
  ["heredoc_content", "string"],
  ["heredoc_end", "string"],
  ["regex", "string"],
  ['"', "string"],
  ["variable_name", "variable"],
  ["special_variable_name", "variable"],
  ["number", "number"],
  ["file_descriptor", "number"],
  ["test_operator", "operator"],
]);

const keywords = new Set(
  "if then elif else fi for in do done while until case esac function select declare local export readonly unset typeset".split(
    " ",
  ),
);
const operators = new Set([
  "|",
  "|&",
  "&&",
  "||",
  "&",
  ";;",
  ">",
  ">>",
  "<",
  "<<",
  "<<-",
  "<<<",
  ">&",
  "<&",
  "&>",
  "&>>",
  ">|",
  "!",
]);

function collect(node: TreeNode, tokens: ShellToken[]): void {
  const type = typeOf(node);
  if (type !== undefined) {
    tokens.push({ start: node.startIndex, end: node.endIndex, type });
    return;
  }
  for (const child of node.children) if (child !== null) collect(child, tokens);
}

function typeOf(node: TreeNode): SemanticTokenType | undefined {
  const { type } = node;
  const known = whole.get(type);
  if (known !== undefined) return known;
  if (!node.isNamed) return keywords.has(type) ? "keyword" : operators.has(type) ? "operator" : undefined;
  if (type === "word" && node.childCount === 0) {
    if (node.parent?.type === "command_name" || node.parent?.type === "function_definition") return "function";
    return node.text.startsWith("-") ? "parameter" : undefined;
  }
  // `heredoc_body` without expansions has no parts.
  return type === "heredoc_body" && node.childCount === 0 ? "string" : undefined;
}
