import type { BinaryExpression, Expression } from "../syntax/ast.ts";
import { type Conversion, parsePercentFormat } from "../values/percentFormat.ts";
import { type Code, type Emitter, unstable } from "./emitter.ts";
import { compileExpression, hold, placeOf } from "./expressions.ts";

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
  const tests = codes.flatMap((code, i) => testOf(conversions[i] as Conversion, code));
  const parts = codes.map(({ js }, i) => `${templateText((conversions[i] as Conversion).before)}\${${js}}`);
  const fast = `\`${parts.join("")}${templateText(end)}\``;
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
function testOf({ verb }: Conversion, { js, type }: Code): string[] {
  if (type === "int" || (type === "string" && verb === "s")) return [];
  const isNumber = `typeof ${js} === "number"`;
  return [verb === "d" ? isNumber : `(typeof ${js} === "string" || ${isNumber})`];
}

/** A text within a template literal. */
function templateText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`").replaceAll("$", "\\$");
}
