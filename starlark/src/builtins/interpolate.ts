import { Float, floatToInt, intToFloat } from "../values/float.ts";
import { type FloatVerb, formatFloat } from "../values/floatFormat.ts";
import { intText } from "../values/hugeInts.ts";
import { type Conversion, type PercentFormat, parsePercentFormat } from "../values/percentFormat.ts";
import { repr } from "../values/print.ts";
import { pulse } from "../values/pulse.ts";
import { decodeAt, encodeCodePoint } from "../values/text.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, type Int, isInt, StarlarkValue, typeOf, type Value } from "../values/value.ts";

/** `format % operand`: the operand is a tuple of values, a mapping, or one value. */
export function interpolate(format: string, operand: Value): string {
  const args: readonly Value[] | undefined = operand instanceof Tuple ? operand.elements : undefined;
  const count = args === undefined ? 1 : args.length;
  const { conversions, end } = templateOf(format);
  let result = "";
  for (let i = 0; i < conversions.length; i++) {
    pulse();
    const { before, key, verb } = conversions[i] as Conversion;
    let arg: Value;
    if (key === undefined) {
      if (i >= count) throw new Failure("not enough arguments for format string");
      arg = args === undefined ? operand : (args[i] as Value);
    } else {
      if (key === null) throw new Failure("incomplete format key");
      arg = lookUp(operand, key);
    }
    if (verb === "") throw new Failure("incomplete format");
    result += before;
    result += verb === "s" && typeof arg === "string" ? arg : convert(verb, arg);
  }
  if (conversions.length < count && !isMapping(operand)) throw new Failure("too many arguments for format string");
  return result + end;
}

/** Formats that were read already. Programs have few, and use them again and again. */
const templates = new Map<string, PercentFormat>();
const maxTemplates = 200;
const maxTemplateLength = 1000;

function templateOf(format: string): PercentFormat {
  let template = templates.get(format);
  if (template === undefined) {
    template = parsePercentFormat(format);
    if (format.length <= maxTemplateLength) {
      if (templates.size >= maxTemplates) templates.clear();
      templates.set(format, template);
    }
  }
  return template;
}

function isMapping(value: Value): value is StarlarkValue & { get(key: Value): Value | undefined } {
  return value instanceof StarlarkValue && value.get !== undefined;
}

function lookUp(operand: Value, key: string): Value {
  if (!isMapping(operand)) throw new Failure("format requires a mapping");
  const value = operand.get(key);
  if (value === undefined) throw new Failure(`key not found: ${key}`);
  return value;
}

function convert(verb: string, arg: Value): string {
  switch (verb) {
    case "s":
      return typeof arg === "string" ? arg : repr(arg);
    case "r":
      return repr(arg);
    case "d":
    case "i":
      return intText(toInt(verb, arg));
    case "o":
      return toInt(verb, arg).toString(8);
    case "x":
      return toInt(verb, arg).toString(16);
    case "X":
      return toInt(verb, arg).toString(16).toUpperCase();
    case "e":
    case "f":
    case "g":
    case "E":
    case "F":
    case "G":
      return formatFloat(toFloat(verb, arg), verb);
    case "c":
      return toChar(arg);
    case "%":
      return "%";
    default:
      throw new Failure(`unknown conversion %${encodeCodePoint(verb.charCodeAt(0))}`);
  }
}

function toInt(verb: string, arg: Value): Int {
  if (isInt(arg)) return arg;
  try {
    return numberToInt(arg);
  } catch (error) {
    throw new Failure(`%${verb} format requires integer: ${(error as Failure).message}`);
  }
}

/** An int or a float as an int, without its fraction. */
export function numberToInt(value: Value): Int {
  if (isInt(value)) return value;
  if (!(value instanceof Float)) throw new Failure(`cannot convert ${typeOf(value)} to int`);
  if (Number.isNaN(value.value)) throw new Failure("cannot convert float NaN to integer");
  if (!Number.isFinite(value.value)) throw new Failure("cannot convert float infinity to integer");
  return floatToInt(value.value);
}

function toFloat(verb: FloatVerb, arg: Value): number {
  if (arg instanceof Float) return arg.value;
  if (isInt(arg)) return intToFloat(arg);
  throw new Failure(`%${verb} format requires float, not ${typeOf(arg)}`);
}

function toChar(arg: Value): string {
  if (isInt(arg)) {
    if (arg >= 0 && arg <= 0x10ffff) return encodeCodePoint(Number(arg));
    throw new Failure(`%c format requires a valid Unicode code point, got ${arg}`);
  }
  if (typeof arg === "string") {
    const decoded = arg === "" ? 0 : decodeAt(arg, 0);
    if (arg === "" || (decoded & 7) !== arg.length) throw new Failure("%c format requires a single-character string");
    return encodeCodePoint(decoded >> 3);
  }
  throw new Failure(`%c format requires int or single-character string, not ${typeOf(arg)}`);
}
