/**
 * The typed syntax tree of Starlark. The tree-sitter tree is lowered to it (lower*.ts); resolver, evaluator and every
 * editor feature use this tree and nothing else.
 *
 * Offsets are 0-based UTF-16 code units. A node's `start`, `end` and `at` are relative to its chunk, the piece of the
 * file that one top-level statement covers: when text before a chunk changes, only `chunk.offset` moves and the nodes
 * stay as they are. Use {@link spanOf} and {@link positionOf} to get offsets in the file.
 */
import type { Span } from "../source.ts";

export type { Span };

/** One top-level statement's place in the file. `offset` is updated in place when earlier text changes. */
export interface Chunk {
  offset: number;
}

interface NodeBase {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
}

/** A whole file. `statements` are in file order; each belongs to a chunk of its own. */
export interface Module {
  readonly kind: "Module";
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
}

/** A comment, `#` included, end of line excluded. */
export interface Comment extends NodeBase {
  readonly kind: "Comment";
  readonly text: string;
}

export type Statement =
  | DefStatement
  | IfStatement
  | ForStatement
  | WhileStatement
  | ReturnStatement
  | BreakStatement
  | ContinueStatement
  | PassStatement
  | LoadStatement
  | AssignStatement
  | ExpressionStatement
  | ErrorStatement;

export interface DefStatement extends NodeBase {
  readonly kind: "DefStatement";
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  /** Where the parameter list's `)` ends, for inserting parameters and for folding. */
  readonly parametersEnd: number;
}

/**
 * A parameter. `star` is `""` for `x` and `x=1`, `"*"` for `*args` (and for the bare `*`, whose `name` is missing),
 * `"**"` for `**kwargs`.
 */
export interface Parameter extends NodeBase {
  readonly kind: "Parameter";
  readonly star: "" | "*" | "**";
  readonly name: Identifier | undefined;
  readonly default: Expression | undefined;
}

/** `elif` is an `orElse` of one IfStatement with `isElif`. `orElse` is undefined when there is no else. */
export interface IfStatement extends NodeBase {
  readonly kind: "IfStatement";
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orElse: readonly Statement[] | undefined;
  readonly isElif: boolean;
}

/** `at` is the word `for`. */
export interface ForStatement extends NodeBase {
  readonly kind: "ForStatement";
  readonly at: number;
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
}

export interface WhileStatement extends NodeBase {
  readonly kind: "WhileStatement";
  readonly test: Expression;
  readonly body: readonly Statement[];
}

export interface ReturnStatement extends NodeBase {
  readonly kind: "ReturnStatement";
  readonly value: Expression | undefined;
}

export interface BreakStatement extends NodeBase {
  readonly kind: "BreakStatement";
}

export interface ContinueStatement extends NodeBase {
  readonly kind: "ContinueStatement";
}

export interface PassStatement extends NodeBase {
  readonly kind: "PassStatement";
}

/** `load("path", "name", alias="name")`. `module` is undefined only in damaged text. */
export interface LoadStatement extends NodeBase {
  readonly kind: "LoadStatement";
  readonly module: StringLiteral | undefined;
  readonly symbols: readonly LoadSymbol[];
  /** Where the closing `)` stands (or the statement ends, in damaged text). */
  readonly rparen: number;
}

/**
 * One loaded name: `local` is what this file calls it, `remote` what the module calls it. For `load(m, "x")` both have
 * the span of the text between the quotes.
 */
export interface LoadSymbol extends NodeBase {
  readonly kind: "LoadSymbol";
  readonly local: Identifier;
  readonly remote: StringLiteral;
}

export type AssignOperator = "=" | "+=" | "-=" | "*=" | "/=" | "//=" | "%=" | "&=" | "|=" | "^=" | "<<=" | ">>=";

/** `at` is the operator. */
export interface AssignStatement extends NodeBase {
  readonly kind: "AssignStatement";
  readonly operator: AssignOperator;
  readonly at: number;
  readonly target: Expression;
  readonly value: Expression;
}

export interface ExpressionStatement extends NodeBase {
  readonly kind: "ExpressionStatement";
  readonly expression: Expression;
}

/** Damaged text. `parts` holds what could be read in it (statements and expressions), so that features still work. */
export interface ErrorStatement extends NodeBase {
  readonly kind: "ErrorStatement";
  readonly parts: readonly (Statement | Expression)[];
}

export type Expression =
  | Identifier
  | IntLiteral
  | FloatLiteral
  | StringLiteral
  | BytesLiteral
  | ListExpression
  | TupleExpression
  | ParenExpression
  | DictExpression
  | Comprehension
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | DotExpression
  | IndexExpression
  | SliceExpression
  | CallExpression
  | LambdaExpression
  | ErrorExpression;

export interface Identifier extends NodeBase {
  readonly kind: "Identifier";
  readonly name: string;
}

/** `value` is a bigint beyond the safe integers. */
export interface IntLiteral extends NodeBase {
  readonly kind: "IntLiteral";
  readonly value: number | bigint;
}

export interface FloatLiteral extends NodeBase {
  readonly kind: "FloatLiteral";
  readonly value: number;
}

/**
 * A string. `value` is the Starlark value: one JavaScript char (0 to 255) for each byte of its UTF-8 form.
 * The text between the quotes is [`contentStart`, `contentEnd`) relative to the chunk; `contentEnd` equals `end` when
 * the closing quote is missing.
 */
export interface StringLiteral extends NodeBase {
  readonly kind: "StringLiteral";
  readonly value: string;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly isRaw: boolean;
  readonly quote: "'" | '"' | "'''" | '"""';
  /** False when source text and value are the same characters, so that an offset in one is an offset in the other. */
  readonly hasEscapes: boolean;
}

/** `b"…"`; `value` has one char for each byte. */
export interface BytesLiteral extends NodeBase {
  readonly kind: "BytesLiteral";
  readonly value: string;
}

export interface ListExpression extends NodeBase {
  readonly kind: "ListExpression";
  readonly elements: readonly Expression[];
}

/** A tuple, its parentheses (if any) included in the span. */
export interface TupleExpression extends NodeBase {
  readonly kind: "TupleExpression";
  readonly elements: readonly Expression[];
  readonly hasParens: boolean;
}

export interface ParenExpression extends NodeBase {
  readonly kind: "ParenExpression";
  readonly expression: Expression;
}

export interface DictExpression extends NodeBase {
  readonly kind: "DictExpression";
  readonly entries: readonly DictEntry[];
}

/** `at` is the `:`. */
export interface DictEntry extends NodeBase {
  readonly kind: "DictEntry";
  readonly at: number;
  readonly key: Expression;
  readonly value: Expression;
}

/** `[body for …]` or `{key: value for …}`. */
export interface Comprehension extends NodeBase {
  readonly kind: "Comprehension";
  readonly body: Expression | DictEntry;
  readonly clauses: readonly (ForClause | IfClause)[];
}

/** `at` is the word `for`. */
export interface ForClause extends NodeBase {
  readonly kind: "ForClause";
  readonly at: number;
  readonly target: Expression;
  readonly iterable: Expression;
}

export interface IfClause extends NodeBase {
  readonly kind: "IfClause";
  readonly test: Expression;
}

/** `at` is the operator. */
export interface UnaryExpression extends NodeBase {
  readonly kind: "UnaryExpression";
  readonly operator: "+" | "-" | "~" | "not";
  readonly at: number;
  readonly operand: Expression;
}

export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | ">"
  | "<="
  | ">="
  | "in"
  | "not in"
  | "|"
  | "^"
  | "&"
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "//"
  | "%";

/** `at` is the operator (of `not in`: the `not`), `errorAt` where its errors are reported (of `not in`: the `in`). */
export interface BinaryExpression extends NodeBase {
  readonly kind: "BinaryExpression";
  readonly operator: BinaryOperator;
  readonly at: number;
  readonly errorAt: number;
  readonly left: Expression;
  readonly right: Expression;
}

/** `thenValue if test else elseValue`. */
export interface ConditionalExpression extends NodeBase {
  readonly kind: "ConditionalExpression";
  readonly test: Expression;
  readonly thenValue: Expression;
  readonly elseValue: Expression;
}

/** `at` is the `.`. `name` is empty (zero width, after the dot) while it is still to be typed. */
export interface DotExpression extends NodeBase {
  readonly kind: "DotExpression";
  readonly at: number;
  readonly object: Expression;
  readonly name: Identifier;
}

/** `at` is the `[`. */
export interface IndexExpression extends NodeBase {
  readonly kind: "IndexExpression";
  readonly at: number;
  readonly object: Expression;
  readonly index: Expression;
}

/** `at` is the `[`. */
export interface SliceExpression extends NodeBase {
  readonly kind: "SliceExpression";
  readonly at: number;
  readonly object: Expression;
  readonly low: Expression | undefined;
  readonly high: Expression | undefined;
  readonly step: Expression | undefined;
}

/** `at` is the `(`; `rparen` the offset of the `)`, or `end` when it is missing. */
export interface CallExpression extends NodeBase {
  readonly kind: "CallExpression";
  readonly at: number;
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  readonly rparen: number;
}

/** `name` is set for `name=value`. */
export interface Argument extends NodeBase {
  readonly kind: "Argument";
  readonly star: "" | "*" | "**";
  readonly name: Identifier | undefined;
  readonly value: Expression;
}

export interface LambdaExpression extends NodeBase {
  readonly kind: "LambdaExpression";
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}

/** Damaged or missing text where an expression belongs (zero width when nothing is there). */
export interface ErrorExpression extends NodeBase {
  readonly kind: "ErrorExpression";
  readonly parts: readonly (Statement | Expression)[];
}

/** Every kind of node. */
export type Node =
  | Module
  | Comment
  | Statement
  | Expression
  | Parameter
  | LoadSymbol
  | DictEntry
  | ForClause
  | IfClause
  | Argument;

/** Every kind that has a place (all but the module). */
export type PlacedNode = Exclude<Node, Module>;

/** Where the node stands in the file. */
export function spanOf(node: PlacedNode): Span {
  return { start: node.chunk.offset + node.start, end: node.chunk.offset + node.end };
}

/** The offset in the file of a place given relative to the node's chunk, such as `node.at`. */
export function positionOf(node: PlacedNode, relative: number): number {
  return node.chunk.offset + relative;
}
