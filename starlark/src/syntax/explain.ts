/** Turns a fault of the recogniser into words for people: what is wrong, where to look, and how to mend it. */
import type { Diagnostic, RelatedPlace, TextFix } from "../diagnostics.ts";
import type { Span } from "./ast.ts";
import type { SyntaxCode } from "./codes.ts";
import { explainForeign } from "./explainForeign.ts";
import { explainToken } from "./explainToken.ts";
import { closerOf, type Fault, type FaultContext } from "./fault.ts";
import { lineStartBefore, matchAt } from "./scanText.ts";
import { isReservedWord } from "./words.ts";

/** An explanation; without `span` the fault's own place is meant. */
export interface Explanation {
  readonly code: SyntaxCode;
  readonly message: string;
  readonly span?: Span;
  readonly fixes?: readonly TextFix[];
  readonly related?: readonly RelatedPlace[];
}

export function explain(fault: Fault, text: string): Diagnostic {
  const explanation = find(fault, text);
  const { code, message, fixes, related } = explanation;
  return {
    code,
    severity: "error",
    span: visible(explanation.span ?? fault, text),
    message,
    reference: { message: fault.message, offset: fault.offset },
    ...(fixes === undefined ? {} : { fixes }),
    ...(related === undefined ? {} : { related }),
  };
}

function find(fault: Fault, text: string): Explanation {
  if (fault.context === undefined) return explainToken(fault, text);
  return explainForeign(fault.context, fault, text) ?? explainStructure(fault.context, fault, text);
}

/** A span that can be seen: at least one character wide if there is one, and on one line. */
function visible(span: Span, text: string): Span {
  const start = Math.min(span.start, text.length);
  let end = Math.max(start, Math.min(span.end, text.length));
  const lineEnd = /[\r\n]/.exec(text.slice(start, end))?.index;
  if (lineEnd !== undefined) end = start + lineEnd;
  if (end > start) return { start, end };
  return start > 0 && !/[\r\n]/.test(text[start - 1] as string)
    ? { start: start - 1, end: start }
    : { start, end: start };
}

/** The last character of the token before the fault: there something is missing. */
function behind(context: FaultContext): Span {
  const { end } = context.previous;
  return { start: Math.max(0, end - 1), end };
}

function insertion(offset: number, text: string, title = `Insert \`${text.trim()}\``): TextFix {
  return { title, edits: [{ span: { start: offset, end: offset }, text }] };
}

function explainStructure(context: FaultContext, fault: Fault, text: string): Explanation {
  const { got, previous, want } = context;
  const word = text.slice(got.start, got.end);
  switch (fault.rule) {
    case "comma":
      return {
        code: "syntax/missing-comma",
        message: "A comma is missing here.",
        span: behind(context),
        fixes: [insertion(previous.end, ",")],
      };
    case "closer":
      return explainCloser(context, word);
    case "unexpected-indent":
      return explainIndent(got.start, text);
    case "missing-block":
      return explainMissingBlock(context, text);
    case "trailing-comma":
      return {
        code: "syntax/trailing-comma",
        message: "A tuple without parentheses cannot end in a comma.",
        fixes: [{ title: "Remove the comma", edits: [{ span: { start: fault.start, end: fault.end }, text: "" }] }],
      };
    case "keyword-form":
      return {
        code: "syntax/keyword-argument",
        message: "Before the `=` of an argument there must be a name; use `==` to compare.",
        fixes: [{ title: "Compare with `==`", edits: [{ span: got, text: "==" }] }],
      };
    case "missing-else":
      return { code: "syntax/missing-else", message: "A conditional expression needs an `else`: `a if test else b`." };
    case "load-module":
      return {
        code: "syntax/load-arguments",
        message: "The first argument of `load` must be a string literal: the module's path.",
      };
    case "load-unquoted":
    case "load-operand":
      return explainLoad(context, fault, text);
    case "load-empty":
      return { code: "syntax/load-empty", message: "`load` must name at least one symbol to load." };
    case "name":
      return explainName(context, word);
    case "operand":
      return explainOperand(context, word, text);
  }
  if (want === ":") {
    return {
      code: "syntax/missing-colon",
      message: "A `:` is missing here.",
      span: behind(context),
      fixes: [insertion(previous.end, ":")],
    };
  }
  if (got.kind === ":" && want === ")" && context.open.length > 0)
    return explainCloser({ ...context, got: lineEndOf(got) }, "");
  if (want === "in")
    return { code: "syntax/missing-in", message: "`for` needs `in`: `for name in values`.", span: behind(context) };
  return unexpected(context, word, text);
}

function explainCloser(context: FaultContext, word: string): Explanation {
  const { got, previous, want = ")", open } = context;
  if (word !== "" && ")]}".includes(word)) {
    const opener = [...open].reverse().find(({ kind }) => closerOf(kind) === want);
    return {
      code: "syntax/mismatched-bracket",
      message: `\`${word}\` does not close the bracket that is open here; \`${want}\` would.`,
      span: got,
      fixes: [
        { title: `Replace by \`${want}\``, edits: [{ span: got, text: want }] },
        // What stands there may close a bracket further out.
        ...(open.some(({ kind }) => closerOf(kind) === word) ? [insertion(previous.end, want)] : []),
      ],
      ...(opener === undefined ? {} : { related: [openedAt(opener.kind, opener.start)] }),
    };
  }
  const opener = open.at(-1);
  const missing =
    open.length === 0
      ? want
      : [...open]
          .reverse()
          .map(({ kind }) => closerOf(kind))
          .join("");
  return {
    code: "syntax/unclosed-bracket",
    message: opener === undefined ? `A \`${want}\` is missing here.` : `This \`${opener.kind}\` is never closed.`,
    span: opener === undefined ? behind(context) : { start: opener.start, end: opener.start + 1 },
    fixes: [insertion(previous.end, missing)],
    related: [
      ...(opener === undefined ? [] : [openedAt(opener.kind, opener.start)]),
      { span: behind(context), message: `\`${missing}\` could stand here` },
    ],
  };
}

/** Stands for the end of the line when a `:` shows that the brackets before it should be closed. */
function lineEndOf({ start }: Span): FaultContext["got"] {
  return { kind: "newline", start, end: start };
}

function openedAt(kind: string, start: number): RelatedPlace {
  return { span: { start, end: start + 1 }, message: `\`${kind}\` opened here` };
}

function explainIndent(start: number, text: string): Explanation {
  const lineStart = lineStartBefore(text, start);
  const before = text.slice(0, lineStart).trimEnd();
  const indentation = indentationAt(text, lineStartBefore(text, before.length));
  return {
    code: "syntax/unexpected-indent",
    message: "This line is indented, but no block starts before it.",
    span: { start: lineStart, end: start },
    fixes: [
      { title: "Remove the indentation", edits: [{ span: { start: lineStart, end: start }, text: indentation }] },
    ],
  };
}

/** The blanks at the start of the line that starts at `lineStart`; none at the start of the file. */
function indentationAt(text: string, lineStart: number): string {
  return lineStart === 0 && /^[ \t]/.test(text) ? "" : matchAt(/[ \t]*/y, text, lineStart);
}

function explainMissingBlock(context: FaultContext, text: string): Explanation {
  const lineEnd = context.previous.start;
  const lineStart = lineStartBefore(text, lineEnd);
  const indentation = matchAt(/[ \t]*/y, text, lineStart);
  return {
    code: "syntax/missing-block",
    message: "Indented statements must follow this line; `pass` does nothing.",
    span: { start: lineStart + indentation.length, end: lineEnd },
    fixes: [insertion(lineEnd, `\n${indentation}    pass`, "Insert `pass`")],
  };
}

function explainLoad(context: FaultContext, fault: Fault, text: string): Explanation {
  const token = fault.rule === "load-unquoted" ? { start: fault.start, end: fault.end } : context.got;
  const name = text.slice(token.start, token.end);
  const isName = /^[\p{L}_][\p{L}_0-9]*$/u.test(name);
  return {
    code: "syntax/load-arguments",
    message: 'Names to load are string literals, `"name"` or `alias = "name"`.',
    span: token,
    ...(isName ? { fixes: [{ title: "Put it in quotes", edits: [{ span: token, text: `"${name}"` }] }] } : {}),
  };
}

function explainName(context: FaultContext, word: string): Explanation {
  const { got, previous } = context;
  if (isReservedWord(word)) {
    return { code: "syntax/reserved-word", message: `\`${word}\` is a reserved word and cannot be a name.`, span: got };
  }
  const after = previous.kind === "." ? "after the `.`" : "here";
  return { code: "syntax/missing-name", message: `A name is missing ${after}.`, span: behind(context) };
}

function explainOperand(context: FaultContext, word: string, text: string): Explanation {
  const { got, previous, first } = context;
  if (got === first && (word === "else" || word === "elif")) {
    return {
      code: "syntax/else-without-if",
      message: `This \`${word}\` belongs to no \`if\`; loops have none.`,
      span: got,
    };
  }
  if (isReservedWord(word) && previous.end === got.start) return unexpected(context, word, text);
  if (isReservedWord(word) && got !== first && word !== "if" && word !== "for" && word !== "else" && word !== "in") {
    return {
      code: "syntax/reserved-word",
      message: `\`${word}\` is a reserved word and cannot be a value.`,
      span: got,
    };
  }
  if (got === first) return unexpected(context, word, text);
  const isEnd = got.kind === "newline" || got.kind === "end of file";
  if (isEnd && context.open.length > 0) return explainCloser(context, "");
  return {
    code: "syntax/missing-expression",
    message: `A value is missing ${where(previous.kind)}.`,
    span: behind(context),
  };
}

function where(previous: string): string {
  return previous === "newline" ? "here" : `after \`${previous}\``;
}

function isOperandEnd(kind: string): boolean {
  return kind === "identifier" || kind.endsWith(" literal") || kind === ")" || kind === "]" || kind === "}";
}

function isOperandStart(kind: string): boolean {
  return kind === "identifier" || kind.endsWith(" literal") || kind === "{" || kind === "lambda";
}

function unexpected(context: FaultContext, word: string, text: string): Explanation {
  const { got, previous } = context;
  if (got.kind === "newline" || got.kind === "end of file") {
    const message =
      context.want === undefined ? "This statement is not complete." : `\`${context.want}\` is missing here.`;
    return { code: "syntax/unexpected-token", message, span: behind(context) };
  }
  const shown = got.kind === "indent" || got.kind === "outdent" ? "A change of indentation" : `\`${shorten(word)}\``;
  if (context.want === "newline" && isOperandEnd(previous.kind) && isOperandStart(got.kind)) {
    const message = `Between \`${shorten(text.slice(previous.start, previous.end))}\` and ${shown} an operator or a line end is missing.`;
    return { code: "syntax/unexpected-token", message, span: got };
  }
  if (isReservedWord(word) && got.kind !== "indent") {
    return { code: "syntax/unexpected-token", message: `The word ${shown} cannot stand here.`, span: got };
  }
  const place = previous.kind === "newline" ? "at the start of a statement" : "here";
  return { code: "syntax/unexpected-token", message: `${shown} cannot stand ${place}.`, span: got };
}

function shorten(text: string): string {
  const line = text.split(/[\r\n]/)[0] as string;
  return line.length > 30 ? `${line.slice(0, 29)}…` : line;
}
