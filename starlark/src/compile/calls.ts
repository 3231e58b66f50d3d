import { type Argument, type CallExpression, type DefStatement, type Expression, positionOf } from "../syntax/ast.ts";
import { bindSlots, defOf } from "./directCalls.ts";
import { type Code, type Emitter, unstable } from "./emitter.ts";
import { compileExpression, compileInOrder, hold, protect, text } from "./expressions.ts";

/** Arguments sorted by how they are passed. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly Argument[];
  readonly rest: Expression | undefined;
  readonly more: Expression | undefined;
  /** All of them in the order of evaluation. */
  readonly values: readonly Expression[];
}

export function sortArguments(call: CallExpression): Arguments {
  const plain = call.arguments.filter((argument) => argument.star === "");
  const positional = plain.filter((argument) => !argument.name).map((argument) => argument.value);
  const named = plain.filter((argument) => argument.name);
  const rest = call.arguments.find((argument) => argument.star === "*")?.value;
  const more = call.arguments.find((argument) => argument.star === "**")?.value;
  const stars = [rest, more].filter((each) => each !== undefined);
  return { positional, named, rest, more, values: [...positional, ...named.map((each) => each.value), ...stars] };
}

/** The JavaScript of the arguments, evaluated in order. */
export class ArgumentCodes {
  readonly positional: string;
  readonly named: string;
  readonly rest: string;
  readonly more: string;

  constructor(args: Arguments, emitter: Emitter) {
    const codes = compileInOrder(args.values, emitter).map((code) => code.js);
    this.positional = `[${codes.splice(0, args.positional.length).join(", ")}]`;
    const named = args.named.map((each) => `[${text(each.name?.name ?? "")}, ${codes.shift()}]`);
    this.named = `[${named.join(", ")}]`;
    this.rest = args.rest ? (codes.shift() as string) : "undefined";
    this.more = args.more ? (codes.shift() as string) : "undefined";
  }
}

/** `callee(…)`. */
export function compileCall(call: CallExpression, calleeCode: Code, emitter: Emitter): Code {
  const place = emitter.unit.place(positionOf(call, call.at));
  const args = sortArguments(call);
  const callee = protect(calleeCode, args.values, emitter);
  if (args.rest || args.more) {
    const codes = new ArgumentCodes(args, emitter);
    const { positional, named, rest, more } = codes;
    return unstable(`callSpread(fr, ${place}, ${callee.js}, ${positional}, ${named}, ${rest}, ${more})`);
  }
  const def = defOf(call.callee, emitter.unit);
  if (def) return compilePlainCall(call, place, callee, args, def, emitter);
  if (args.named.length > 0) {
    const { positional, named } = new ArgumentCodes(args, emitter);
    return unstable(`callWithKeywords(fr, ${place}, ${callee.js}, ${positional}, ${named})`);
  }
  const builtin = universalName(call.callee, emitter);
  if ((builtin === "len" || builtin === "str") && args.positional.length === 1) {
    const [value] = compileInOrder(args.positional, emitter) as [Code];
    return unstable(`${builtin}(fr, ${place}, ${callee.js}, ${value.js})`);
  }
  if (builtin !== undefined) {
    return unstable(`call(fr, ${place}, ${callee.js}, ${new ArgumentCodes(args, emitter).positional})`);
  }
  if (callee.type !== undefined) {
    // A literal cannot be called, and some have no properties that JavaScript could look at.
    return unstable(`call(fr, ${place}, ${callee.js}, ${new ArgumentCodes(args, emitter).positional})`);
  }
  return compilePlainCall(call, place, callee, args, undefined, emitter);
}

/** The name of the universal function that an expression names. */
export function universalName(callee: Expression, emitter: Emitter): string | undefined {
  if (callee.kind !== "Identifier") return undefined;
  return emitter.unit.resolution.bindingOf(callee)?.scope === "universal" ? callee.name : undefined;
}

/** A function that takes just these arguments, or the one that is most likely called, is called on the spot. */
function compilePlainCall(
  call: CallExpression,
  place: number,
  callee: Code,
  args: Arguments,
  def: DefStatement | undefined,
  emitter: Emitter,
): Code {
  const fn = hold(callee, emitter);
  let { prefix } = fn;
  const { unit } = emitter;
  let last = args.values.length - 1;
  while (last >= 0 && !unit.shapes.needsStatements(args.values[last] as Expression)) last--;
  const codes = args.values.map((arg, i) => {
    const code = compileExpression(arg, emitter);
    if (i < last) return emitter.spill(code);
    const held = hold(code, emitter);
    prefix += held.prefix;
    return held.code;
  });
  const { js } = fn.code;
  const values = codes.map((code) => code.js);
  const positional = `[${values.slice(0, args.positional.length).join(", ")}]`;
  const named = args.named.map((each, i) => `[${text(each.name?.name ?? "")}, ${values[args.positional.length + i]}]`);
  const other =
    named.length > 0
      ? `callWithKeywords(fr, ${place}, ${js}, ${positional}, [${named.join(", ")}])`
      : `call(fr, ${place}, ${js}, ${positional})`;
  const slots = def && bindSlots(call, def, codes, unit);
  if (def && slots) {
    const { instance, implementation } = unit.directNames(def);
    const direct = `${implementation}(${["th", ...slots].join(", ")})`;
    return unstable(`(${prefix}fr.place = ${place}, ${js} === ${instance} ? ${direct} : ${other})`);
  }
  if (named.length > 0) return unstable(prefix === "" ? other : `(${prefix}${other})`);
  const direct = `${js}.implementation(${["th", ...values].join(", ")})`;
  const test = `${js} instanceof StarlarkFunction && ${js}.arity === ${values.length}`;
  return unstable(`(${prefix}fr.place = ${place}, ${test} ? ${direct} : ${other})`);
}
