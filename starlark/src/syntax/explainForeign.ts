/** Recognises what people bring along from Python and other languages, and says how Starlark does it. */
import type { TextFix } from "../diagnostics.ts";
import type { Span } from "./ast.ts";
import type { Explanation } from "./explain.ts";
import { explainHabit } from "./explainHabits.ts";
import type { Fault, FaultContext } from "./fault.ts";

/** Statements of Python that Starlark lacks, by their first word. */
const statements: Readonly<Record<string, Omit<Explanation, "span">>> = {
  class: { code: "syntax/python-class", message: "Starlark has no classes; use functions, and `struct` for data." },
  import: { code: "syntax/python-import", message: 'Starlark has no imports; use `load("file.star", "name")`.' },
  from: { code: "syntax/python-import", message: 'Starlark has no imports; use `load("file.star", "name")`.' },
  try: { code: "syntax/python-try", message: "Starlark has no exceptions to catch; an error ends the run." },
  except: { code: "syntax/python-try", message: "Starlark has no exceptions to catch; an error ends the run." },
  finally: { code: "syntax/python-try", message: "Starlark has no exceptions to catch; an error ends the run." },
  with: {
    code: "syntax/python-with",
    message: "Starlark has no `with` statement; functions that open something close it.",
  },
  raise: { code: "syntax/python-raise", message: 'Starlark has no exceptions; end with `fail("message")`.' },
  del: { code: "syntax/python-del", message: "Starlark has no `del`; use `pop` to remove an element." },
  global: {
    code: "syntax/python-global",
    message: "Functions cannot rebind variables outside of them; return the value.",
  },
  nonlocal: {
    code: "syntax/python-global",
    message: "Functions cannot rebind variables outside of them; return the value.",
  },
  yield: { code: "syntax/python-yield", message: "Starlark has no generators; return a list." },
  async: { code: "syntax/python-async", message: "Starlark has no `async`; everything runs in order." },
  await: { code: "syntax/python-async", message: "Starlark has no `await`; everything runs in order." },
  assert: { code: "syntax/python-assert", message: 'Starlark has no `assert`; write `if not test: fail("message")`.' },
  print: { code: "syntax/print-statement", message: "`print` is a function: `print(value)`." },
};

/** An explanation if the fault is a foreign habit. */
export function explainForeign(context: FaultContext, fault: Fault, text: string): Explanation | undefined {
  return (
    explainStatement(context, text) ??
    explainHabit(context, fault, text) ??
    explainWord(context, fault, text) ??
    explainString(context, text) ??
    explainColon(context, text) ??
    explainOperator(context, fault, text) ??
    explainElement(context, fault)
  );
}

function explainStatement({ got, previous, first }: FaultContext, text: string): Explanation | undefined {
  const word = text.slice(first.start, first.end);
  const known = Object.hasOwn(statements, word) ? statements[word] : undefined;
  if (known === undefined) return undefined;
  const { start, end } = first;
  // `assert` and `print` are names: only a value right behind makes a statement of them.
  if (first.kind === "identifier" && !(previous === first && isOperand(got.kind))) return undefined;
  if (word === "print") return { ...known, span: { start, end }, fixes: callFix(first.end, text) };
  return { ...known, span: { start, end } };
}

function isOperand(kind: string): boolean {
  return kind === "identifier" || kind.endsWith(" literal") || kind === "not" || kind === "lambda" || kind === "{";
}

/** Puts the rest of the line in parentheses. */
function callFix(from: number, text: string): TextFix[] {
  const rest = /^[ \t]*([^\r\n#;]*[^\r\n#; \t])/.exec(text.slice(from));
  if (rest === null) return [];
  const span = { start: from, end: from + rest[0].length };
  return [{ title: "Put the values in parentheses", edits: [{ span, text: `(${rest[1]})` }] }];
}

function explainWord({ got, previous, want }: FaultContext, fault: Fault, text: string): Explanation | undefined {
  switch (got.kind) {
    case "is": {
      const not = /^is\s+not\b/.exec(text.slice(got.start));
      const span = { start: got.start, end: got.start + (not?.[0].length ?? 2) };
      const operator = not ? "!=" : "==";
      return {
        code: "syntax/python-is",
        message: `Starlark has no \`is\`; compare with \`${operator}\`.`,
        span,
        fixes: [replacement(span, operator)],
      };
    }
    case "for":
      if (want !== ")" && want !== ",") return undefined;
      return {
        code: "syntax/python-generator",
        message: "Starlark has no generator expressions; write a list, `[x for x in values]`.",
        span: got,
      };
    case "if":
      if (previous.kind !== "else" || want !== ":") return undefined;
      return {
        code: "syntax/else-if",
        message: "`else if` is written `elif`.",
        span: { start: previous.start, end: got.end },
        fixes: [replacement({ start: previous.start, end: got.end }, "elif")],
      };
    case "yield":
    case "await":
      return { ...(statements[got.kind] as Explanation), span: got };
  }
  if (fault.rule !== "chained-comparison") return undefined;
  return {
    code: "syntax/python-chained-comparison",
    message: "Comparisons do not chain; write `a < b and b < c`.",
    span: got,
  };
}

function explainString({ got, previous }: FaultContext, text: string): Explanation | undefined {
  if (got.kind !== "string literal" && got.kind !== "bytes") return undefined;
  if (previous.kind !== "identifier" || previous.end !== got.start) return undefined;
  const prefix = text.slice(previous.start, previous.end);
  const span = { start: previous.start, end: got.end };
  const fixes = [{ title: `Remove the prefix \`${prefix}\``, edits: [{ span: previous, text: "" }] }];
  if (/^(?:f|F|fr|rf|Rf|fR|FR)$/.test(prefix)) {
    const message = 'Starlark has no f-strings; use `"…{}…".format(value)` or `"…%s…" % value`.';
    return { code: "syntax/python-fstring", message, span };
  }
  const message = `Strings have no prefix \`${prefix}\`; only \`r\` and \`b\` exist.`;
  return { code: "syntax/string-prefix", message, span, fixes };
}

function explainColon({ got, previous, want, open, first }: FaultContext, text: string): Explanation | undefined {
  const isWalrus =
    text.startsWith(":=", got.start) || (got.kind === "=" && previous.kind === ":" && previous.end === got.start);
  if (isWalrus) {
    const start = got.kind === "=" ? previous.start : got.start;
    const message = "Starlark has no `:=`; assign in a statement of its own.";
    return { code: "syntax/python-walrus", message, span: { start, end: start + 2 } };
  }
  const message = "Starlark has no type annotations.";
  const isParameter = got.kind === ":" && first.kind === "def" && (want === "," || want === ")") && open.length === 1;
  if (isParameter && !/^:[ \t]*(?:#.*)?(?:[\r\n]|$)/.test(text.slice(got.start))) {
    const annotation = /^:[^,=()[\]{}\r\n]*(?:\[[^\]\r\n]*\])?[ \t]*/.exec(text.slice(got.start))?.[0] ?? ":";
    const span = { start: got.start, end: got.start + annotation.trimEnd().length };
    const fixes = [{ title: "Remove the annotation", edits: [{ span, text: "" }] }];
    return { code: "syntax/python-annotation", message, span, fixes };
  }
  if (want === ":" && first.kind === "def" && text.startsWith("->", got.start)) {
    const annotation = /^->[^:\r\n]*/.exec(text.slice(got.start))?.[0] ?? "->";
    const span = { start: got.start, end: got.start + annotation.trimEnd().length };
    const fixes = [
      { title: "Remove the annotation", edits: [{ span: { start: previous.end, end: span.end }, text: "" }] },
    ];
    return { code: "syntax/python-annotation", message, span, fixes };
  }
  if (got.kind === ":" && want === "newline" && first.kind === "identifier" && open.length === 0) {
    return { code: "syntax/python-annotation", message, span: got };
  }
  return undefined;
}

function explainOperator(
  { got, previous, want, first }: FaultContext,
  fault: Fault,
  text: string,
): Explanation | undefined {
  const pair = text.slice(got.start - 1, got.end);
  const isAdjacent = previous.end === got.start;
  const both: Span = { start: previous.start, end: got.end };
  if (got.kind === "**" && fault.rule !== "operand") {
    const message = "Starlark has no power operator `**`; multiply, or use `math.pow` for floats.";
    return { code: "syntax/power-operator", message, span: got };
  }
  if (isAdjacent && pair === "<>") {
    const message = "Inequality is written `!=`.";
    return { code: "syntax/not-equal", message, span: both, fixes: [replacement(both, "!=")] };
  }
  if (isAdjacent && (pair === "&&" || pair === "||")) {
    const word = pair === "&&" ? "and" : "or";
    const message = `\`${pair}\` is written \`${word}\`.`;
    return { code: "syntax/logical-operator", message, span: both, fixes: [replacement(both, word)] };
  }
  const sign = text.slice(previous.end - 2, previous.end);
  if (fault.rule === "operand" && (sign === "++" || sign === "--")) {
    const span = { start: previous.end - 2, end: previous.end };
    const operator = sign === "++" ? "+=" : "-=";
    const message = `Starlark has no \`${sign}\`; write \`${operator} 1\`.`;
    return { code: "syntax/increment", message, span, fixes: [replacement(span, ` ${operator} 1`)] };
  }
  if (got.kind === "=" && want === ":") {
    const message = "An assignment is no condition; use `==` to compare.";
    return { code: "syntax/assignment-in-condition", message, span: got, fixes: [replacement(got, "==")] };
  }
  if (got.kind === "=" && want === "newline" && /[^=!<>]=[^=]/.test(text.slice(first.start, got.start))) {
    const message = "Assignments do not chain; write one statement for each.";
    return { code: "syntax/chained-assignment", message, span: got };
  }
  return undefined;
}

function explainElement({ got, want, open }: FaultContext, fault: Fault): Explanation | undefined {
  const bracket = open.at(-1)?.kind;
  const isEntry = want === ":" && (got.kind === "}" || (bracket === "{" && (got.kind === "," || got.kind === "for")));
  if (isEntry) {
    const message = "Braces make a dict, which needs `key: value`; a set is made by `set([…])`.";
    return { code: "syntax/set-display", message, span: got };
  }
  if (fault.rule !== "operand" || (got.kind !== "*" && got.kind !== "**")) return undefined;
  const message = `\`${got.kind}\` spreads values only in the arguments of a call and in parameters.`;
  return { code: "syntax/python-star-target", message, span: got };
}

function replacement(span: Span, text: string): TextFix {
  return { title: `Replace by \`${text.trim()}\``, edits: [{ span: { start: span.start, end: span.end }, text }] };
}
