/** Smaller habits from other languages: what parses almost, or not at all, and is no statement that Starlark lacks. */
import type { TextFix } from "../diagnostics.ts";
import type { Span } from "./ast.ts";
import type { Explanation } from "./explain.ts";
import type { Fault, FaultContext } from "./fault.ts";

/** First words of statements in other languages that are mere names here. */
const firstWords: Readonly<Record<string, string>> = {
  match: "Starlark has no `match`; use `if` and `elif`.",
  switch: "Starlark has no `switch`; use `if` and `elif`.",
  let: "A variable needs no `let`: `name = value`.",
  var: "A variable needs no `var`: `name = value`.",
  const: "A variable needs no `const`: `name = value`.",
  function: "A function starts with `def`: `def name(parameters):`.",
  func: "A function starts with `def`: `def name(parameters):`.",
  fn: "A function starts with `def`: `def name(parameters):`.",
};

export function explainHabit(context: FaultContext, fault: Fault, text: string): Explanation | undefined {
  return (
    explainFirstWord(context, text) ??
    explainLambda(context, text) ??
    explainNeighbours(context, text) ??
    explainSeparator(context, text) ??
    explainElse(context) ??
    explainComment(context, fault, text)
  );
}

function token(explanation: string, span: Span, fixes?: readonly TextFix[]): Explanation {
  return { code: "syntax/unexpected-token", message: explanation, span, ...(fixes && { fixes }) };
}

function replace(span: Span, text: string, title: string): readonly TextFix[] {
  return [{ title, edits: [{ span: { start: span.start, end: span.end }, text }] }];
}

/** `match x:`, `let x = 1`: a name, and right behind it another one. */
function explainFirstWord({ got, previous, first, want }: FaultContext, text: string): Explanation | undefined {
  if (previous !== first || want !== "newline" || got.kind !== "identifier") return undefined;
  const word = text.slice(first.start, first.end);
  const message = Object.hasOwn(firstWords, word) ? firstWords[word] : undefined;
  return message === undefined ? undefined : token(message, first);
}

function explainLambda({ got, previous, want }: FaultContext, text: string): Explanation | undefined {
  if (got.kind === "(" && previous.kind === "lambda") {
    return token("The parameters of a `lambda` stand without parentheses: `lambda a, b: a`.", got);
  }
  const line = text.slice(text.lastIndexOf("\n", got.start) + 1, got.start);
  if (got.kind === "return" && /\blambda\b[^:()[\]{}]*:[ \t]*$/.test(line)) {
    const end = got.end + (/^[ \t]*/.exec(text.slice(got.end))?.[0].length ?? 0);
    const message = "The body of a `lambda` is an expression, and its value is the result: leave out the `return`.";
    return token(message, got, replace({ start: got.start, end }, "", "Remove the `return`"));
  }
  if (got.kind === "=" && want === "newline" && /\blambda\b[^:()[\]{}]*:[^=]*$/.test(line)) {
    return token("The body of a `lambda` is an expression; write a `def` for statements.", got);
  }
  return undefined;
}

/** Two operands side by side. */
function explainNeighbours({ got, previous, want }: FaultContext, text: string): Explanation | undefined {
  const isString = (kind: string) => kind === "string literal" || kind === "bytes literal";
  if (isString(got.kind) && isString(previous.kind)) {
    const fixes = replace({ start: previous.end, end: previous.end }, " +", "Insert `+`");
    return token("Strings side by side are not joined; write `+` between them.", got, fixes);
  }
  if (got.kind === "identifier" && previous.kind === "int literal" && previous.end === got.start) {
    const rest = text.slice(got.start, got.end);
    const isGrouping = /^_[0-9_]+$/.test(rest);
    const message = isGrouping
      ? "Numbers have no `_` between their digits."
      : `Numbers have no \`${rest}\` behind them.`;
    const digits = isGrouping ? rest.replaceAll("_", "") : "";
    const title = isGrouping ? "Remove the `_`" : `Remove the \`${rest}\``;
    return { code: "syntax/invalid-number", message, span: got, fixes: replace(got, digits, title) };
  }
  if (want === "in" && previous.kind === "not") {
    const fixes = replace({ start: previous.end, end: previous.end }, " in", "Insert `in`");
    return token("Behind a value, `not` must be followed by `in`: `a not in b`.", previous, fixes);
  }
  return undefined;
}

/** `:` for `=` and `=` for `:`; parameters that are missing. */
function explainSeparator({ got, previous, want, open, first }: FaultContext, text: string): Explanation | undefined {
  const bracket = open.at(-1);
  if (got.kind === "=" && want === ":" && bracket?.kind === "{") {
    return token("Between a key of a dict and its value stands a `:`.", got, replace(got, ":", "Replace by `:`"));
  }
  const isCall =
    bracket?.kind === "(" && first.kind !== "def" && /[\p{L}\p{N}_)\]]/u.test(text[bracket.start - 1] ?? "");
  if (got.kind === ":" && isCall && previous.kind === "identifier" && /^:[ \t]*[^\s#=]/.test(text.slice(got.start))) {
    const message = "An argument is named with a `=`: `name=value`.";
    const blank = /^:[ \t]*/.exec(text.slice(got.start))?.[0].length ?? 1;
    return token(message, got, replace({ start: got.start, end: got.start + blank }, "=", "Replace by `=`"));
  }
  if (got.kind === ":" && want === "(" && first.kind === "def") {
    const fixes = replace({ start: previous.end, end: previous.end }, "()", "Insert `()`");
    return token("Behind the name of a function stand its parameters, if only `()`.", got, fixes);
  }
  return undefined;
}

/** `[x for x in y if a else b]`. */
function explainElse({ got, want, open }: FaultContext): Explanation | undefined {
  if (got.kind !== "else" || open.length === 0 || want === "newline") return undefined;
  return token("The condition of a comprehension has no `else`; a choice stands before the `for`.", got);
}

/** `// text` and `/* text`, at the start of a statement. */
function explainComment({ got, first }: FaultContext, fault: Fault, text: string): Explanation | undefined {
  if (got !== first || fault.rule !== "operand") return undefined;
  if (got.kind === "//") {
    return token("A comment starts with `#`.", got, replace(got, "#", "Replace by `#`"));
  }
  return text.startsWith("/*", got.start) ? token("A comment starts with `#`, on each of its lines.", got) : undefined;
}
