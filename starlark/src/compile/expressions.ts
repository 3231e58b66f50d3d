import {
  type BinaryExpression,
  type ConditionalExpression,
  type DictExpression,
  type Expression,
  type Identifier,
  type IndexExpression,
  type PlacedNode,
  positionOf,
  type SliceExpression,
  type UnaryExpression,
} from "../syntax/ast.ts";
import { pulse } from "../values/pulse.ts";
import { maxKeys } from "../values/shape.ts";
import { bytesOf } from "../values/text.ts";
import { leftOf } from "./analysis.ts";
import { compileCall } from "./calls.ts";
import { compileComprehension } from "./comprehensions.ts";
import { type Code, type Emitter, stable, unstable } from "./emitter.ts";
import { compileFormat } from "./formats.ts";
import { compileLambda } from "./functions.ts";
import { compileMethodCall } from "./methodCalls.ts";
import { binaryCode } from "./operators.ts";
import { moduloOfProduct, productOf } from "./products.ts";

/** Compiles an expression; what has to be executed before it is emitted. */
export function compileExpression(expression: Expression, emitter: Emitter): Code {
  pulse();
  return emitter.scoped(() => compileSpine(expression, emitter));
}

/** Goes up from the leftmost part, so that long chains need no recursion. */
function compileSpine(expression: Expression, emitter: Emitter): Code {
  const spine: Expression[] = [];
  let leftmost = expression;
  for (let next = leftOf(leftmost); next; next = leftOf(leftmost)) {
    spine.push(leftmost);
    leftmost = next;
  }
  let code = compileLeaf(leftmost, emitter);
  const held = spine.some((node) => emitter.unit.shapes.isChainEnd(node)) ? emitter.takeTemporary() : "";
  for (let i = spine.length - 1; i >= 0; i--) {
    const node = spine[i] as Expression;
    const outer = spine[i - 1];
    let end = node;
    if (node.kind === "DotExpression" && outer?.kind === "CallExpression") {
      const object = code;
      code = emitter.scoped(() => compileMethodCall(outer, node, object, emitter));
      end = outer;
      i--;
    } else {
      const left = code;
      code = emitter.scoped(() => compileNode(node, left, emitter));
    }
    if (held !== "" && (emitter.unit.shapes.isChainEnd(node) || emitter.unit.shapes.isChainEnd(end))) {
      emitter.emit(`${held} = ${code.js};`);
      code = stable(held, code.type);
    }
  }
  return code;
}

/** Compiles an expression whose left part is compiled already. */
function compileNode(node: Expression, left: Code, emitter: Emitter): Code {
  switch (node.kind) {
    case "ParenExpression":
      return left;
    case "BinaryExpression":
      return compileBinary(node, left, emitter);
    case "DotExpression":
      return unstable(`attribute(fr, ${placeOf(node, emitter)}, ${left.js}, ${text(node.name.name)})`);
    case "IndexExpression":
      return compileIndex(node, left, emitter);
    case "SliceExpression":
      return compileSlice(node, left, emitter);
    case "CallExpression":
      return compileCall(node, left, emitter);
    default:
      throw new Error(`${node.kind} has no left part`);
  }
}

function compileLeaf(expression: Expression, emitter: Emitter): Code {
  switch (expression.kind) {
    case "Identifier":
      return compileName(expression, emitter);
    case "IntLiteral":
      return intCode(expression.value);
    case "FloatLiteral":
      return stable(emitter.unit.constant({ kind: "float", value: expression.value }));
    case "StringLiteral":
      return stable(JSON.stringify(expression.value), "string");
    case "BytesLiteral":
      return stable(emitter.unit.constant({ kind: "bytes", value: expression.value }));
    case "ListExpression":
      return unstable(`new List([${compileAll(expression.elements, emitter)}])`);
    case "TupleExpression":
      return unstable(`new Tuple([${compileAll(expression.elements, emitter)}])`);
    case "DictExpression":
      return compileDict(expression, emitter);
    case "Comprehension":
      return compileComprehension(expression, emitter);
    case "UnaryExpression":
      return compileUnary(expression, emitter);
    case "ConditionalExpression":
      return compileConditional(expression, emitter);
    case "LambdaExpression":
      return compileLambda(expression, emitter);
    default:
      throw new Error(`a file with syntax errors cannot be compiled (${expression.kind})`);
  }
}

export function placeOf(node: PlacedNode & { readonly at: number }, emitter: Emitter): number {
  return emitter.unit.place(positionOf(node, node.at));
}

/** A name as a JavaScript string literal; names in programs are byte strings. */
export function text(name: string): string {
  return JSON.stringify(bytesOf(name));
}

function intCode(value: number | bigint): Code {
  return typeof value === "number"
    ? { js: `${value}`, isStable: true, type: "int", int: value }
    : { js: `${value}n`, isStable: true };
}

export function compileName(id: Identifier, emitter: Emitter): Code {
  const { unit } = emitter;
  const binding = unit.resolution.bindingOf(id);
  if (!binding) throw new Error(`a file with undefined names cannot be compiled (${id.name})`);
  const { scope } = binding;
  if (scope === "universal") {
    if (id.name === "None") return stable("null", "none");
    if (id.name === "True" || id.name === "False") return stable(id.name === "True" ? "true" : "false", "bool");
  }
  const name = unit.nameOf(binding);
  if (scope === "universal" || scope === "predeclared" || emitter.isAssigned(binding)) return stable(name);
  const place = unit.place(positionOf(id, id.start));
  const fail = scope === "global" ? "unboundGlobal" : "unboundLocal";
  return unstable(`(${name} === undefined ? ${fail}(fr, ${place}, ${text(id.name)}) : ${name})`);
}

/**
 * Compiles expressions that are evaluated one after the other, to be used in that order. One that is followed by
 * something with statements of its own is put into a temporary, which is held until the caller's scope ends.
 */
export function compileInOrder(expressions: readonly Expression[], emitter: Emitter): Code[] {
  const { shapes } = emitter.unit;
  let last = expressions.length - 1;
  while (last >= 0 && !shapes.needsStatements(expressions[last] as Expression)) last--;
  return expressions.map((expression, i) => {
    const code = compileExpression(expression, emitter);
    return i < last ? emitter.spill(code) : code;
  });
}

function compileAll(expressions: readonly Expression[], emitter: Emitter): string {
  return compileInOrder(expressions, emitter)
    .map((code) => code.js)
    .join(", ");
}

/** The left part, safe from what evaluating the others may emit. */
export function protect(left: Code, others: readonly Expression[], emitter: Emitter): Code {
  return others.some((other) => emitter.unit.shapes.needsStatements(other)) ? emitter.spill(left) : left;
}

/**
 * Lets a value be used several times: the prefix, to be evaluated before, puts it into a temporary. The caller holds
 * the temporary.
 */
export function hold(code: Code, emitter: Emitter): { prefix: string; code: Code } {
  if (code.isStable) return { prefix: "", code };
  const temporary = emitter.takeTemporary();
  return { prefix: `${temporary} = ${code.js}, `, code: stable(temporary, code.type) };
}

function compileBinary(node: BinaryExpression, left: Code, emitter: Emitter): Code {
  const { operator, right } = node;
  const formatted = compileFormat(node, emitter);
  if (formatted) return formatted;
  if (operator === "and" || operator === "or") return compileLogical(node, left, emitter);
  const place = emitter.unit.place(positionOf(node, node.errorAt));
  const first = hold(protect(left, [right], emitter), emitter);
  const second = hold(compileExpression(right, emitter), emitter);
  const result = binaryCode(operator, first.code, second.code, place, emitter);
  const prefix = first.prefix + second.prefix;
  const complete = prefix === "" ? result : { ...result, js: `(${prefix}${result.js})`, isStable: false };
  if (operator === "%") return moduloOfProduct(left, second.code, complete, emitter);
  const product = productOf(operator, left, second.code, prefix === "");
  return product ? { ...complete, product } : complete;
}

/** `and` and `or` give one of their operands. */
function compileLogical(node: BinaryExpression, left: Code, emitter: Emitter): Code {
  const isAnd = node.operator === "and";
  if (emitter.unit.shapes.needsStatements(node.right)) {
    const result = emitter.takeTemporary();
    emitter.emit(`${result} = ${left.js};`);
    emitter.emit(`if (${isAnd ? "" : "!"}(${truthOf(stable(result, left.type), emitter)})) {`);
    emitter.branch(() => emitter.emit(`${result} = ${compileExpression(node.right, emitter).js};`));
    emitter.emit("}");
    return unstable(result);
  }
  const first = hold(left, emitter);
  const right = compileExpression(node.right, emitter);
  const test = `${first.prefix}${truthOf(first.code, emitter)}`;
  const [whenTrue, whenFalse] = isAnd ? [right, first.code] : [first.code, right];
  const type = left.type === "bool" && right.type === "bool" ? "bool" : undefined;
  return unstable(`((${test}) ? ${whenTrue.js} : ${whenFalse.js})`, type);
}

/** JavaScript that is true when the value counts as true. */
export function truthOf(code: Code, emitter: Emitter): string {
  if (code.type === "bool") return code.js;
  if (code.type === "none") return "false";
  return emitter.scoped(() => {
    const { prefix, code: held } = hold(code, emitter);
    return `(${prefix}${held.js} === true || (${held.js} !== false && truth(${held.js})))`;
  });
}

/** Compiles an expression of which only its truth counts. */
export function compileCondition(expression: Expression, emitter: Emitter): string {
  const { shapes } = emitter.unit;
  switch (expression.kind) {
    case "ParenExpression":
      return compileCondition(expression.expression, emitter);
    case "UnaryExpression":
      if (expression.operator === "not") return `!(${compileCondition(expression.operand, emitter)})`;
      break;
    case "BinaryExpression":
      if ((expression.operator === "and" || expression.operator === "or") && !shapes.needsStatements(expression)) {
        const [left, right] = [expression.left, expression.right].map((each) => compileCondition(each, emitter));
        return `(${left} ${expression.operator === "and" ? "&&" : "||"} ${right})`;
      }
      break;
    default:
      break;
  }
  return truthOf(compileExpression(expression, emitter), emitter);
}

function compileUnary(node: UnaryExpression, emitter: Emitter): Code {
  const { operator, operand } = node;
  if (operator === "not") return unstable(`!(${compileCondition(operand, emitter)})`, "bool");
  const place = placeOf(node, emitter);
  const code = compileExpression(operand, emitter);
  if (operator === "-" && code.int !== undefined && code.int > 0) return intCode(-code.int);
  if (operator !== "-") return unstable(`unary(fr, ${place}, "${operator}", ${code.js})`);
  return emitter.scoped(() => {
    const { prefix, code: held } = hold(code, emitter);
    const { js } = held;
    // Taken from zero, zero does not become the other zero that JavaScript has.
    return unstable(`(${prefix}typeof ${js} === "number" ? 0 - ${js} : unary(fr, ${place}, "-", ${js}))`);
  });
}

function compileConditional(node: ConditionalExpression, emitter: Emitter): Code {
  const { shapes } = emitter.unit;
  const test = compileCondition(node.test, emitter);
  if (!shapes.needsStatements(node.thenValue) && !shapes.needsStatements(node.elseValue)) {
    const thenCode = compileExpression(node.thenValue, emitter);
    const elseCode = compileExpression(node.elseValue, emitter);
    const type = thenCode.type === elseCode.type ? thenCode.type : undefined;
    return unstable(`(${test} ? ${thenCode.js} : ${elseCode.js})`, type);
  }
  const result = emitter.takeTemporary();
  emitter.emit(`if (${test}) {`);
  emitter.branch(() => emitter.emit(`${result} = ${compileExpression(node.thenValue, emitter).js};`));
  emitter.emit("} else {");
  emitter.branch(() => emitter.emit(`${result} = ${compileExpression(node.elseValue, emitter).js};`));
  emitter.emit("}");
  return unstable(result);
}

function compileIndex(node: IndexExpression, left: Code, emitter: Emitter): Code {
  const place = placeOf(node, emitter);
  const object = protect(left, [node.index], emitter);
  const index = compileExpression(node.index, emitter);
  return unstable(`index(fr, ${place}, ${object.js}, ${index.js})`);
}

function compileSlice(node: SliceExpression, left: Code, emitter: Emitter): Code {
  const place = placeOf(node, emitter);
  const parts = [node.low, node.high, node.step];
  const given = parts.filter((part) => part !== undefined);
  const object = protect(left, given, emitter);
  const codes = compileInOrder(given, emitter);
  const js = parts.map((part) => (part ? (codes.shift() as Code).js : "null"));
  return unstable(`slice(fr, ${place}, ${object.js}, ${js.join(", ")})`);
}

function compileDict(node: DictExpression, emitter: Emitter): Code {
  if (node.entries.length === 0) return unstable("new Dict()");
  const { shapes } = emitter.unit;
  const keys = plainKeys(node);
  if (keys) {
    const values = node.entries.map((entry) => entry.value);
    return unstable(`new Dict(${emitter.unit.shape(keys)}, [${compileAll(values, emitter)}])`);
  }
  const hasStatements = shapes.needsStatements(node);
  const dict = emitter.takeTemporary();
  const steps: string[] = [`${dict} = new Dict()`];
  for (const entry of node.entries) {
    const place = emitter.unit.place(positionOf(entry, entry.at));
    emitter.scoped(() => {
      if (hasStatements) for (const step of steps.splice(0)) emitter.emit(`${step};`);
      const [key, value] = compileInOrder([entry.key, entry.value], emitter) as [Code, Code];
      steps.push(`setUnique(fr, ${place}, ${dict}, ${key.js}, ${value.js})`);
    });
  }
  return unstable(`(${steps.join(", ")}, ${dict})`);
}

/** The keys of a small dict display, if they are literal strings that differ. */
function plainKeys(node: DictExpression): string[] | undefined {
  const keys = node.entries.flatMap(({ key }) => (key.kind === "StringLiteral" ? [key.value] : []));
  const isPlain = keys.length === node.entries.length && keys.length <= maxKeys && new Set(keys).size === keys.length;
  return isPlain ? keys : undefined;
}
