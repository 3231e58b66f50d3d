import type { BinaryExpression, CallExpression, DotExpression, Expression } from "../syntax/ast.ts";
import { type BraceFormat, parseBraceFormat } from "../values/braceFormat.ts";
import { type Conversion, parsePercentFormat } from "../values/percentFormat.ts";
import { type Code, type Emitter, unstable } from "./emitter.ts";
import { compileExpression, hold, placeOf, text } from "./expressions.ts";

/**
 * `"…%s…%d…" % values`, whose format is known: where the values turn out to be strings and small ints, it is put together
 * on the spot. Undefined if the format or the values are not that simple.
 */
export function compileFormat(node: BinaryExpression, emitter: Emitter): Code | undefined {
  const { left, right } = node;
  if (node.operator !== "%" || left.kind !== "StringLiteral" || emitter.unit.shapes.needsStatements(right)) {
    return undefined;
  }
  const { conversions, end } = parsePercentFormat(left.value);
  const values = valuesOf(right);
  const isSimple = conversions.every(({ key, verb }) => key === undefined && (verb === "s" || verb === "d"));
  if (!isSimple || conversions.length === 0 || conversions.length !== values.length) return undefined;
  const place = placeOf(node, emitter);
  let prefix = "";
  const codes = values.map((value) => {
    const held = hold(compileExpression(value, emitter), emitter);
    prefix += held.prefix;
    return held.code;
  });
  const tests = codes.flatMap((code, i) => testOf((conversions[i] as Conversion).verb, code));
  const parts = codes.map(({ js }, i) => `${templateText((conversions[i] as Conversion).before)}\${${js}}`);
  const fast = `(fr.place = ${place}, \`${parts.join("")}${templateText(end)}\`)`;
  if (tests.length === 0) return unstable(`(${prefix}${fast})`, "string");
  const all = codes.map(({ js }) => js).join(", ");
  const operand = isTuple(right) ? `new Tuple([${all}])` : all;
  const slow = `binary(fr, ${place}, "%", ${JSON.stringify(left.value)}, ${operand})`;
  return unstable(`(${prefix}${tests.join(" && ")} ? ${fast} : ${slow})`, "string");
}

function inner(expression: Expression): Expression {
  return expression.kind === "ParenExpression" ? inner(expression.expression) : expression;
}

function isTuple(operand: Expression): boolean {
  return inner(operand).kind === "TupleExpression";
}

/** The values that are formatted, unless the operand turns out to be a tuple. */
function valuesOf(operand: Expression): readonly Expression[] {
  const values = inner(operand);
  return values.kind === "TupleExpression" ? values.elements : [operand];
}

/** JavaScript that tells whether a value is of the simple kinds; none if it is known to be. */
function testOf(verb: string, { js, type }: Code): string[] {
  if (type === "int" || (type === "string" && verb === "s")) return [];
  const isNumber = `typeof ${js} === "number"`;
  return [verb === "d" ? isNumber : `(typeof ${js} === "string" || ${isNumber})`];
}

/** Where a call of a method stands, and what finds the method. */
export interface MethodPlace {
  readonly place: number;
  readonly dotPlace: number;
  readonly methods: string;
}

/**
 * `"…{}…{name}…".format(…)`, likewise. Undefined if the format is not written out, or says more than which arguments it
 * shows, or there are other arguments than it can be seen to have.
 */
export function compileFormatCall(
  call: CallExpression,
  dot: DotExpression,
  at: MethodPlace,
  emitter: Emitter,
): Code | undefined {
  const { object, name } = dot;
  if (name.name !== "format" || object.kind !== "StringLiteral") return undefined;
  const args = call.arguments;
  if (args.some(({ star, value }) => star !== "" || emitter.unit.shapes.needsStatements(value))) return undefined;
  const format = parseBraceFormat(object.value);
  const shown =
    format &&
    shownArguments(
      format,
      args.map((arg) => arg.name?.name),
    );
  if (!format || !shown) return undefined;
  let prefix = "";
  const codes = args.map(({ value }) => {
    const held = hold(compileExpression(value, emitter), emitter);
    prefix += held.prefix;
    return held.code;
  });
  const used = [...new Set(shown)].map((index) => codes[index] as Code);
  const tests = used.flatMap((code) => testOf("s", code));
  const parts = shown.map((index, i) => `${templateText(format.texts[i] as string)}\${${(codes[index] as Code).js}}`);
  const fast = `(fr.place = ${at.place}, \`${parts.join("")}${templateText(format.texts.at(-1) as string)}\`)`;
  if (tests.length === 0) return unstable(`(${prefix}${fast})`, "string");
  const literal = JSON.stringify(object.value);
  const callee = `${literal}, method(fr, ${at.dotPlace}, ${literal}, ${at.methods})`;
  const positional = codes.filter((_, i) => !args[i]?.name).map(({ js }) => js);
  const named = args.flatMap((arg, i) => (arg.name ? [`[${text(arg.name.name)}, ${(codes[i] as Code).js}]`] : []));
  const slow = `callMethodWithKeywords(fr, ${at.place}, ${callee}, [${positional.join(", ")}], [${named.join(", ")}])`;
  return unstable(`(${prefix}${tests.join(" && ")} ? ${fast} : ${slow})`, "string");
}

/** For each field, the number of the argument it shows; undefined if there is none. `names` are those of the arguments. */
function shownArguments({ fields }: BraceFormat, names: readonly (string | undefined)[]): number[] | undefined {
  const positional = names.filter((name) => name === undefined).length;
  const indexes = fields.map((field) =>
    typeof field === "string" ? names.indexOf(field) : field < positional ? field : -1,
  );
  return indexes.includes(-1) ? undefined : indexes;
}

/** A text within a template literal. */
function templateText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`").replaceAll("$", "\\$");
}
