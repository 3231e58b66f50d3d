/** Explains what is wrong inside a token, or between tokens: strings, numbers, characters, indentation. */
import type { Explanation } from "./explain.ts";
import type { Fault } from "./fault.ts";

export function explainToken(fault: Fault, text: string): Explanation {
  const source = text.slice(fault.start, fault.end);
  const span = { start: fault.start, end: fault.end };
  switch (fault.rule) {
    case "unclosed-string":
      return explainUnclosedString(fault, text);
    case "escape":
      return explainEscape(fault, source);
    case "octal": {
      const digits = source.replace(/^0+/, "");
      return {
        code: "syntax/octal-literal",
        message: `Octal numbers start with \`0o\`: \`0o${digits}\`.`,
        fixes: [
          { title: `Replace by \`0o${digits}\``, edits: [{ span, text: `0o${digits}` }] },
          { title: `Replace by \`${digits}\``, edits: [{ span, text: digits }] },
        ],
      };
    }
    case "number":
      return { code: "syntax/invalid-number", message: `\`${source}\` is no valid number.` };
    case "character":
      if (source === "\ufeff") {
        return {
          code: "syntax/unexpected-character",
          message:
            "The file starts with a byte order mark, which Starlark does not allow: save it as UTF-8 without one.",
          fixes: [{ title: "Remove the byte order mark", edits: [{ span, text: "" }] }],
        };
      }
      return explainCharacter(fault, text);
    case "unexpected-closer":
      return {
        code: "syntax/unexpected-bracket",
        message: `No bracket is open that this \`${source}\` could close.`,
        fixes: [{ title: `Remove \`${source}\``, edits: [{ span, text: "" }] }],
      };
    case "inconsistent-dedent":
      return {
        code: "syntax/inconsistent-dedent",
        message: "The indentation of this line is that of no block around it.",
      };
    case "too-deep":
      return { code: "syntax/too-deep", message: "The expression or block is nested too deeply." };
    default:
      return {
        code: "syntax/stray-backslash",
        message: "A `\\` outside of a string can only stand at the end of a line.",
      };
  }
}

function explainEscape(fault: Fault, source: string): Explanation {
  const { start, end } = fault;
  const code = /\(use (\\u[0-9A-F]{4})/.exec(fault.message)?.[1];
  const written = source.split(/[\r\n]/)[0];
  if (code !== undefined) {
    const message = `\`${written}\` is not ASCII, and in a string stands for no character; write \`${code}\`.`;
    const fixes = [{ title: `Replace by \`${code}\``, edits: [{ span: { start, end }, text: code }] }];
    return { code: "syntax/invalid-escape", message, fixes };
  }
  return {
    code: "syntax/invalid-escape",
    message: `\`${written}\` is no escape sequence; a backslash is written \`\\\\\`.`,
    fixes: [{ title: "Write the backslash as `\\\\`", edits: [{ span: { start, end: start }, text: "\\" }] }],
  };
}

function explainUnclosedString(fault: Fault, text: string): Explanation {
  const quote = /^(?:rb|r|b)?("""|'''|"|')/.exec(text.slice(fault.start, fault.start + 5))?.[1] ?? '"';
  const rest = text.slice(fault.start);
  const lineEnd = fault.start + (/[\r\n]|$/.exec(rest)?.index ?? rest.length);
  const at = endOfContent(text, fault.start, lineEnd);
  return {
    code: "syntax/unclosed-string",
    message: `This string has no closing \`${quote}\`.`,
    span: { start: fault.start, end: lineEnd },
    fixes: [{ title: `Insert \`${quote}\``, edits: [{ span: { start: at, end: at }, text: quote }] }],
  };
}

/** Where the quote most likely belongs: before the closers of brackets that were opened on the line, and a last comma. */
function endOfContent(text: string, start: number, lineEnd: number): number {
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  let opened = before.replace(/[^([{]/g, "").length - before.replace(/[^)\]}]/g, "").length;
  let at = lineEnd;
  while (/[ \t]/.test(text[at - 1] ?? "")) at--;
  if (text[at - 1] === ",") at--;
  while (opened > 0 && /[)\]}]/.test(text[at - 1] ?? "")) {
    at--;
    opened--;
  }
  return Math.max(at, start + 1);
}

function explainCharacter(fault: Fault, text: string): Explanation {
  const code = text.codePointAt(fault.start) ?? 0;
  const char = String.fromCodePoint(code);
  const span = { start: fault.start, end: fault.start + char.length };
  if (char === "@" && !isLineStart(text, fault.start)) {
    return { code: "syntax/unexpected-character", message: "`@` is no operator.", span };
  }
  if (char === "`") {
    const message = "A backtick cannot stand here; strings are written in `'` or `\"`.";
    return { code: "syntax/unexpected-character", message, span };
  }
  if (char === "@") {
    const message = "Starlark has no decorators; call the function on the other one instead.";
    return { code: "syntax/python-decorator", message, span };
  }
  if (char === "!") {
    const fixes = [{ title: "Replace by `not`", edits: [{ span, text: "not " }] }];
    return { code: "syntax/logical-operator", message: "Negation is written `not`.", span, fixes };
  }
  if (char === "?") {
    const message = "`?` is no operator; a choice is written `a if test else b`.";
    return { code: "syntax/unexpected-character", message, span };
  }
  const shown = code < 32 || code === 127 || /\s/.test(char) || code === 0xfeff ? hexadecimal(code) : `\`${char}\``;
  return { code: "syntax/unexpected-character", message: `The character ${shown} cannot stand here.`, span };
}

function hexadecimal(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function isLineStart(text: string, offset: number): boolean {
  return /(?:^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, offset - 100), offset));
}
