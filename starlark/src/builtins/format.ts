import { type BraceFormat, parseBraceFormat } from "../values/braceFormat.ts";
import type { KeywordArguments } from "../values/functions.ts";
import { repr } from "../values/print.ts";
import { pulse } from "../values/pulse.ts";
import { quote } from "../values/quote.ts";
import { Failure, type Value } from "../values/value.ts";

/** `text.format(*args, **kwargs)`. */
export function format(text: string, args: readonly Value[], kwargs: KeywordArguments): string {
  const template = templateOf(text);
  if (template === undefined) return formatFields(text, args, kwargs);
  const { texts, fields } = template;
  let result = texts[0] as string;
  for (let i = 0; i < fields.length; i++) {
    pulse();
    const field = fields[i] as number | string;
    const arg = typeof field === "number" ? args[field] : kwargs.find(([name]) => name === field)?.[1];
    if (arg === undefined) return formatFields(text, args, kwargs);
    result += typeof arg === "string" ? arg : repr(arg);
    result += texts[i + 1];
  }
  return result;
}

/** What was found out about formats. Programs have few, and use them again and again. */
const templates = new Map<string, BraceFormat | undefined>();
const maxTemplates = 200;
const maxTemplateLength = 1000;

function templateOf(text: string): BraceFormat | undefined {
  if (templates.has(text)) return templates.get(text);
  const template = parseBraceFormat(text);
  if (text.length <= maxTemplateLength) {
    if (templates.size >= maxTemplates) templates.clear();
    templates.set(text, template);
  }
  return template;
}

function formatFields(text: string, args: readonly Value[], kwargs: KeywordArguments): string {
  const fields = new FieldFinder(args, kwargs);
  let result = "";
  let rest = text;
  for (;;) {
    pulse();
    const open = rest.indexOf("{");
    result += literal(open < 0 ? rest : rest.slice(0, open));
    if (open < 0) return result;
    if (rest[open + 1] === "{") {
      result += "{";
      rest = rest.slice(open + 2);
      continue;
    }
    const close = rest.indexOf("}", open + 1);
    if (close < 0) throw new Failure("format: unmatched '{' in format");
    result += replace(rest.slice(open + 1, close), fields);
    rest = rest.slice(close + 1);
  }
}

/** Text between fields, in which `}}` stands for `}`. */
function literal(text: string): string {
  if (!text.includes("}")) return text;
  if (text.replaceAll("}}", "").includes("}")) throw new Failure("format: single '}' in format");
  return text.replaceAll("}}", "}");
}

/** One replacement field: `name`, `name!conversion` or `name:spec`. */
function replace(field: string, fields: FieldFinder): string {
  let name = field;
  let conversion = "s";
  let spec = "";
  const mark = field.indexOf("!");
  if (mark >= 0) {
    name = field.slice(0, mark);
    [conversion, spec] = cut(field.slice(mark + 1));
  } else {
    [name, spec] = cut(field);
  }
  const value = fields.find(name);
  if (spec !== "") throw new Failure(`format spec features not supported in replacement fields: ${spec}`);
  if (conversion === "s") return typeof value === "string" ? value : repr(value);
  if (conversion === "r") return repr(value);
  throw new Failure(`format: unknown conversion ${quote(conversion)}`);
}

function cut(text: string): [string, string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Beyond it, digits are the name of a keyword. */
const largestIndex = 2n ** 63n - 1n;

/** Finds the arguments that fields name; automatic and manual numbering cannot be mixed. */
class FieldFinder {
  private isAutomatic = false;
  private isManual = false;
  private next = 0;

  constructor(
    private readonly args: readonly Value[],
    private readonly kwargs: KeywordArguments,
  ) {}

  find(name: string): Value {
    if (name === "") {
      if (this.isManual) {
        throw new Failure("format: cannot switch from manual field specification to automatic field numbering");
      }
      this.isAutomatic = true;
      return this.positional(this.next++);
    }
    if (isIndex(name)) {
      if (this.isAutomatic) {
        throw new Failure("format: cannot switch from automatic field numbering to manual field specification");
      }
      this.isManual = true;
      return this.positional(Number(name));
    }
    const keyword = this.kwargs.find(([each]) => each === name);
    if (keyword) return keyword[1];
    throw notFound(name);
  }

  private positional(index: number): Value {
    const value = this.args[index];
    if (value === undefined) throw new Failure("format: tuple index out of range");
    return value;
  }
}

function isIndex(name: string): boolean {
  if (!/^[0-9]+$/.test(name)) return false;
  const digits = name.replace(/^0+/, "");
  return digits.length < 20 && BigInt(digits) <= largestIndex;
}

function notFound(name: string): Failure {
  if (name.includes(".")) {
    return new Failure(`format: attribute syntax x.y is not supported in replacement fields: ${name}`);
  }
  if (name.includes("[")) {
    return new Failure(`format: element syntax a[i] is not supported in replacement fields: ${name}`);
  }
  if (name.includes("{")) return new Failure("format: nested replacement fields not supported");
  return new Failure(`format: keyword ${name} not found`);
}
