import { type CallExpression, type DotExpression, type Expression, positionOf } from "../syntax/ast.ts";
import { bytesOf } from "../values/text.ts";
import { ArgumentCodes, type Arguments, sortArguments } from "./calls.ts";
import { type Code, type Emitter, unstable } from "./emitter.ts";
import { compileExpression, compileInOrder, hold, protect, text } from "./expressions.ts";
import { compileFormatCall } from "./formats.ts";

/** A type that has methods whose frequent calls are short, and the JavaScript that tells whether a value is of it. */
const isOfType = {
  string: (value: string) => `typeof ${value} === "string"`,
  list: (value: string) => `${value} instanceof List`,
  dict: (value: string) => `${value} instanceof Dict`,
};

interface ShortMethod {
  /** The one type that has it. */
  readonly type: keyof typeof isOfType;
  /** The short way can fail: who fails must then be known. */
  readonly canFail?: boolean;
}

/** Methods with a short way (builtins/shortcuts.ts) that only one type has. */
export const shortMethods: ReadonlyMap<string, ShortMethod> = new Map<string, ShortMethod>([
  ["append", { type: "list" }],
  ["count", { type: "string" }],
  ["endswith", { type: "string" }],
  ["find", { type: "string" }],
  ["get", { type: "dict" }],
  ["join", { type: "string", canFail: true }],
  ["lower", { type: "string" }],
  ["replace", { type: "string", canFail: true }],
  ["rfind", { type: "string" }],
  ["setdefault", { type: "dict", canFail: true }],
  ["split", { type: "string", canFail: true }],
  ["startswith", { type: "string" }],
  ["strip", { type: "string" }],
  ["upper", { type: "string" }],
]);

/** `object.name(…)`: a method of a built-in type is called without making a bound function first. */
export function compileMethodCall(call: CallExpression, dot: DotExpression, object: Code, emitter: Emitter): Code {
  const { unit } = emitter;
  const place = unit.place(positionOf(call, call.at));
  const dotPlace = unit.place(positionOf(dot, dot.at));
  const args = sortArguments(call);
  const name = text(dot.name.name);
  if (args.rest || args.more) {
    const callee = protect(unstable(`attribute(fr, ${dotPlace}, ${object.js}, ${name})`), args.values, emitter);
    const { positional, named, rest, more } = new ArgumentCodes(args, emitter);
    return unstable(`callSpread(fr, ${place}, ${callee.js}, ${positional}, ${named}, ${rest}, ${more})`);
  }
  const methods = unit.methods(bytesOf(dot.name.name));
  const formatted = compileFormatCall(call, dot, { place, dotPlace, methods }, emitter);
  if (formatted) return formatted;
  const isBrief = args.named.length === 0 && args.positional.length <= 2;
  const short = isBrief ? shortMethods.get(dot.name.name) : undefined;
  if (short && !args.positional.some((value) => unit.shapes.needsStatements(value))) {
    return compileShort({ short, name, place, dotPlace, methods }, object, args.positional, emitter);
  }
  const receiver = receiverCode(object, dotPlace, methods, args, emitter);
  if (isBrief) {
    const codes = compileInOrder(args.positional, emitter).map((code) => code.js);
    return unstable(`callBriefly(${[`fr, ${place}, ${receiver}`, ...codes].join(", ")})`);
  }
  const { positional, named } = new ArgumentCodes(args, emitter);
  if (args.named.length > 0) {
    return unstable(`callMethodWithKeywords(fr, ${place}, ${receiver}, ${positional}, ${named})`);
  }
  return unstable(`callMethod(fr, ${place}, ${receiver}, ${positional})`);
}

/** The object and the method found on it, as two arguments. */
function receiverCode(object: Code, dotPlace: number, methods: string, args: Arguments, emitter: Emitter): string {
  const { shapes } = emitter.unit;
  if (args.values.some((value) => shapes.needsStatements(value))) {
    const held = emitter.spill(object).js;
    const method = emitter.spill(unstable(`method(fr, ${dotPlace}, ${held}, ${methods})`)).js;
    return `${held}, ${method}`;
  }
  if (object.isStable) return `${object.js}, method(fr, ${dotPlace}, ${object.js}, ${methods})`;
  const held = emitter.takeTemporary();
  return `(${held} = ${object.js}), method(fr, ${dotPlace}, ${held}, ${methods})`;
}

interface ShortCall {
  readonly short: ShortMethod;
  /** A JavaScript literal. */
  readonly name: string;
  readonly place: number;
  readonly dotPlace: number;
  readonly methods: string;
}

/**
 * Calls the short way on the spot if the object is of the type that has it. Each call has its own site for that, at which
 * V8 then always sees the same function; shared by all methods, it would see many, and inline none.
 */
function compileShort(call: ShortCall, object: Code, args: readonly Expression[], emitter: Emitter): Code {
  const { short, name, place, dotPlace, methods } = call;
  const shortcut = emitter.unit.shortcut(methods, short.type);
  const held = hold(object, emitter);
  const { js } = held.code;
  const steps = [held.prefix.replace(/, $/, "")];
  const isFitting = object.type === short.type ? "true" : isOfType[short.type](js);
  const find = `method(fr, ${dotPlace}, ${js}, ${methods})`;
  const found = emitter.takeTemporary();
  const values = args.map((arg) => hold(compileExpression(arg, emitter), emitter));
  let [test, callee] = [isFitting, find];
  if (values.some((value) => value.prefix !== "")) {
    // That there is no such method is found before the arguments are evaluated.
    [test, callee] = [`${found} === ${shortcut.method}`, found];
    steps.push(`${found} = ${isFitting} ? ${shortcut.method} : ${find}`);
  }
  steps.push(...values.map((value) => value.prefix.replace(/, $/, "")), `fr.place = ${place}`);
  const codes = values.map((value) => value.code.js);
  const result = emitter.takeTemporary();
  const run = `${result} = ${shortcut.run}(${[js, ...codes].join(", ")})`;
  const attempt = short.canFail ? `(fr.builtin = ${name}, ${run}, fr.builtin = null, ${result})` : `(${run})`;
  const other = `callBriefly(${["fr", place, js, callee, ...codes].join(", ")})`;
  steps.push(`${test} && ${attempt} !== undefined ? ${result} : ${other}`);
  return unstable(`(${steps.filter((step) => step !== "").join(", ")})`);
}
