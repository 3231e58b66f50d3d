import type { Module, PlacedNode, SourceFile, Span, Statement } from "@ocuroot/starlark";
import { positionOf, spanOf, walk } from "../analysis/tree.ts";

/** A word, number, string, operator, bracket or comment, as written. */
export interface Token extends Span {
  readonly kind: "word" | "literal" | "operator" | "comment";
  readonly text: string;
  /** 0-based lines of its first and last character. */
  readonly line: number;
  readonly endLine: number;
}

const wordPattern = /[\p{L}_][\p{L}\p{N}_]*/uy;
const operatorPattern =
  /<<=|>>=|\/\/=|\*\*|\/\/|<<|>>|<=|>=|==|!=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|[-+*/%&|^~<>=()[\]{},:;.]/y;

/**
 * The tokens of the given statements and all comments outside of them, in order. What a string, a number and a comment
 * is the tree says; the rest is plain. Undefined when there is something that is none of it, or a bracket is missing.
 */
export function readTokens(source: SourceFile, module: Module, statements: readonly Statement[]): Token[] | undefined {
  const makeToken = (kind: Token["kind"], start: number, end: number): Token => {
    const text = source.text.slice(start, end);
    return { kind, start, end, text, line: source.lineAt(start), endLine: source.lineAt(end) };
  };
  const tokens: Token[] = [];
  const comments = module.comments.map(spanOf);
  let nextComment = 0;
  const readComments = (until: number): void => {
    for (; nextComment < comments.length; nextComment++) {
      const { start, end } = comments[nextComment] as Span;
      if (start >= until) return;
      tokens.push(makeToken("comment", start, start + source.text.slice(start, end).trimEnd().length));
    }
  };
  for (const statement of statements) {
    const { start, end } = spanOf(statement);
    readComments(start);
    const literals = literalsOf(statement);
    let depth = 0;
    for (let at = start; at < end; ) {
      const char = source.text.charCodeAt(at);
      if (char === 32 || (char >= 9 && char <= 13) || char === 92) {
        at++;
        continue;
      }
      const commentEnd = char === 35 ? comments[nextComment]?.end : undefined;
      const literalEnd = literals.get(at);
      if (literalEnd !== undefined) {
        tokens.push(makeToken("literal", at, literalEnd));
        at = literalEnd;
      } else if (commentEnd !== undefined) {
        readComments(at + 1);
        at = commentEnd;
      } else {
        const word = endOfMatch(wordPattern, source.text, at);
        const tokenEnd = word ?? endOfMatch(operatorPattern, source.text, at);
        if (tokenEnd === undefined) return undefined;
        const token = makeToken(word === undefined ? "operator" : "word", at, tokenEnd);
        if (token.kind === "operator") depth += bracketStep(token.text);
        tokens.push(token);
        at = tokenEnd;
      }
    }
    if (depth !== 0) return undefined;
  }
  readComments(source.text.length);
  return tokens;
}

function bracketStep(text: string): number {
  if (text === "(" || text === "[" || text === "{") return 1;
  return text === ")" || text === "]" || text === "}" ? -1 : 0;
}

function endOfMatch(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

const literalKinds = new Set(["StringLiteral", "BytesLiteral", "IntLiteral", "FloatLiteral"]);

function literalsOf(statement: Statement): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  walk(statement, (node) => {
    if (!literalKinds.has(node.kind)) return;
    const { start, end } = spanOf(node);
    found.set(start, end);
  });
  return found;
}

/** What stands between two brackets. */
export type GroupKind = "call" | "starCall" | "display" | "tuple" | "parameters" | "paren" | "index" | "comprehension";

/** What the tree says about single tokens, by their offset. */
export interface Roles {
  /** Opening brackets. */
  readonly groups: ReadonlyMap<number, GroupKind>;
  /** Opening brackets that follow what they belong to without a blank. */
  readonly suffixes: ReadonlySet<number>;
  /** Signs and stars that stand before their operand. */
  readonly prefixes: ReadonlySet<number>;
  /** Operators between two operands, and where the expression starts. */
  readonly operators: ReadonlyMap<number, number>;
  /** `for` and `if` of comprehensions. */
  readonly clauses: ReadonlySet<number>;
}

/** Looks the roles of a file's tokens up in its tree. */
export function readRoles(source: SourceFile, statements: readonly Statement[]): Roles {
  const groups = new Map<number, GroupKind>();
  const suffixes = new Set<number>();
  const prefixes = new Set<number>();
  const operators = new Map<number, number>();
  const clauses = new Set<number>();
  const visit = (node: PlacedNode): void => {
    const { start } = spanOf(node);
    switch (node.kind) {
      case "CallExpression": {
        const at = positionOf(node, node.at);
        suffixes.add(at);
        groups.set(at, (node.arguments.at(-1)?.star ?? "") === "" ? "call" : "starCall");
        return;
      }
      case "LoadStatement":
      case "DefStatement": {
        const at = source.text.indexOf("(", node.kind === "DefStatement" ? spanOf(node.name).end : start);
        suffixes.add(at);
        groups.set(at, node.kind === "DefStatement" ? "parameters" : "call");
        return;
      }
      case "ListExpression":
      case "DictExpression":
        groups.set(start, "display");
        return;
      case "TupleExpression":
        if (node.hasParens) groups.set(start, "tuple");
        return;
      case "ParenExpression":
        groups.set(start, "paren");
        return;
      case "Comprehension":
        groups.set(start, "comprehension");
        for (const clause of node.clauses) clauses.add(spanOf(clause).start);
        return;
      case "IndexExpression":
      case "SliceExpression":
        suffixes.add(positionOf(node, node.at));
        groups.set(positionOf(node, node.at), "index");
        return;
      case "Argument":
      case "Parameter":
        if (node.star !== "") prefixes.add(start);
        return;
      case "UnaryExpression":
        if (node.operator !== "not") prefixes.add(positionOf(node, node.at));
        return;
      case "BinaryExpression":
        operators.set(positionOf(node, node.at), start);
        return;
      default:
    }
  };
  for (const statement of statements) walk(statement, visit);
  return { groups, suffixes, prefixes, operators, clauses };
}
