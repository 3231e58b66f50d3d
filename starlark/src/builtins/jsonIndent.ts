import { bytesOf } from "../values/text.ts";
import { Failure } from "../values/value.ts";
import { layOut } from "./jsonLayout.ts";

/** One token of JSON, with white space before it. */
const token =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))/y;

type State = "value" | "first value" | "first key" | "key" | "colon" | "after value" | "end";

/** Lays out a JSON text with one element on each line, as Go's json.Indent does. */
export function indent(text: string, prefix: string, step: string): string {
  return layOut(text, prefix, step) ?? indentWithErrors(text, prefix, step);
}

/** The same, slowly, with the messages that say what is wrong. */
function indentWithErrors(text: string, prefix: string, step: string): string {
  const open: string[] = [];
  let state: State = "value";
  let position = 0;
  let result = "";
  const newLine = () => {
    result += `\n${prefix}${step.repeat(open.length)}`;
  };
  while (state !== "end") {
    token.lastIndex = position;
    const match = token.exec(text);
    if (!match) throw syntaxError(text, position, state, open);
    const [whole, punctuation, string, literal] = match;
    const next = text[position + whole.length] ?? "";
    if (literal !== undefined && /^[-0-9]/.test(literal) && ".eE".includes(next) && next !== "") {
      throw syntaxError(text, position, state, open);
    }
    const start = position + whole.length - (punctuation ?? string ?? literal ?? "").length;
    if (punctuation === undefined) {
      if (state === "first value" || state === "first key") newLine();
      if (state === "value" || state === "first value") state = open.length > 0 ? "after value" : "end";
      else if (string !== undefined && (state === "key" || state === "first key")) state = "colon";
      else throw syntaxError(text, start, state, open);
      result += string ?? literal;
    } else if (punctuation === "{" || punctuation === "[") {
      if (state !== "value" && state !== "first value") throw syntaxError(text, start, state, open);
      if (state === "first value") newLine();
      open.push(punctuation);
      result += punctuation;
      state = punctuation === "{" ? "first key" : "first value";
    } else if (punctuation === "}" || punctuation === "]") {
      const opener = punctuation === "}" ? "{" : "[";
      const isEmpty = state === (punctuation === "}" ? "first key" : "first value");
      if (open.at(-1) !== opener || !(isEmpty || state === "after value")) throw syntaxError(text, start, state, open);
      open.pop();
      if (!isEmpty) newLine();
      result += punctuation;
      state = open.length > 0 ? "after value" : "end";
    } else if (punctuation === ":" && state === "colon") {
      result += ": ";
      state = "value";
    } else if (punctuation === "," && state === "after value") {
      result += ",";
      newLine();
      state = open.at(-1) === "{" ? "key" : "value";
    } else {
      throw syntaxError(text, start, state, open);
    }
    position += whole.length;
  }
  const rest = /[^ \t\n\r]/.exec(text.slice(position));
  if (rest) throw new Failure(`invalid character ${quoted(rest[0])} after top-level value`);
  return result + text.slice(position);
}

function syntaxError(text: string, from: number, state: State, open: readonly string[]): Failure {
  const at = from + (/^[ \t\n\r]*/.exec(text.slice(from))?.[0].length ?? 0);
  const char = text[at];
  if (char === undefined) return new Failure("unexpected end of JSON input");
  const isExpected = state === "value" || state === "first value" || (state.endsWith("key") && char === '"');
  const mistake = isExpected ? describeLiteral(text, at) : undefined;
  return mistake ?? unexpected(char, expectation(state, open));
}

/** Like Go, takes the end of the text for a blank where a literal is not complete. */
function unexpected(char: string | undefined, where: string): Failure {
  return new Failure(`invalid character ${quoted(char ?? " ")} ${where}`);
}

function expectation(state: State, open: readonly string[]): string {
  switch (state) {
    case "key":
    case "first key":
      return "looking for beginning of object key string";
    case "colon":
      return "after object key";
    case "after value":
      return open.at(-1) === "{" ? "after object key:value pair" : "after array element";
    default:
      return "looking for beginning of value";
  }
}

/** The mistake inside of a literal that starts well. */
function describeLiteral(text: string, at: number): Failure | undefined {
  const char = text[at] as string;
  for (const word of ["true", "false", "null"]) {
    if (word[0] !== char) continue;
    let i = 1;
    while (i < word.length && text[at + i] === word[i]) i++;
    if (i === word.length) return undefined;
    return unexpected(text[at + i], `in literal ${word} (expecting ${quoted(word[i] as string)})`);
  }
  if (char === '"') return describeString(text, at);
  return char === "-" || (char >= "0" && char <= "9") ? describeNumber(text, at) : undefined;
}

function describeNumber(text: string, at: number): Failure | undefined {
  const rest = text.slice(at);
  const whole = /^-?(0|[1-9][0-9]*)/.exec(rest)?.[0];
  if (whole === undefined) return unexpected(rest[1], "in numeric literal");
  let length = whole.length;
  if (rest[length] === ".") {
    const fraction = /^\.[0-9]+/.exec(rest.slice(length))?.[0];
    if (fraction === undefined) return unexpected(rest[length + 1], "after decimal point in numeric literal");
    length += fraction.length;
  }
  const exponent = /^[eE][+-]?/.exec(rest.slice(length))?.[0];
  if (exponent === undefined) return undefined;
  const next = rest[length + exponent.length];
  return next !== undefined && next >= "0" && next <= "9"
    ? undefined
    : unexpected(next, "in exponent of numeric literal");
}

function describeString(text: string, at: number): Failure | undefined {
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '"') return undefined;
    if (char < " ") return unexpected(char, "in string literal");
    if (char !== "\\") continue;
    const escaped = text[++i];
    if (escaped === undefined || !'"\\/bfnrtu'.includes(escaped)) return unexpected(escaped, "in string escape code");
    for (let digits = 0; escaped === "u" && digits < 4; digits++) {
      if (!/^[0-9a-fA-F]$/.test(text[++i] ?? "")) return unexpected(text[i], "in \\u hexadecimal character escape");
    }
  }
  return new Failure("unexpected end of JSON input");
}

function quoted(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  const escaped = JSON.stringify(char).slice(1, -1);
  // A byte beyond ASCII is shown as the code point of its number.
  return bytesOf(`'${/^\\u00/.test(escaped) ? escaped.replace("\\u00", "\\x") : escaped}'`);
}
