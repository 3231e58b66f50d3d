import {
  type AssignStatement,
  type BinaryOperator,
  type Expression,
  type Identifier,
  positionOf,
} from "../syntax/ast.ts";
import { type Code, type Emitter, stable } from "./emitter.ts";
import { compileExpression, compileInOrder, compileName, placeOf, protect, text } from "./expressions.ts";
import { inplaceCode } from "./operators.ts";

/** `target = value`, `target += value` … */
export function compileAssignment(statement: AssignStatement, emitter: Emitter): void {
  const { target, value, operator } = statement;
  const place = emitter.unit.place(positionOf(statement, statement.at));
  if (operator !== "=") {
    const binaryOperator = operator.slice(0, -1) as Exclude<BinaryOperator, "and" | "or">;
    compileAugmented(unparenthesized(target), binaryOperator, value, place, emitter);
  } else if (!compileParallel(unparenthesized(target), unparenthesized(value), place, emitter)) {
    assign(target, compileExpression(value, emitter), place, emitter);
  }
}

function unparenthesized(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === "ParenExpression") inner = inner.expression;
  return inner;
}

/** `a, b = b, a`: no tuple is made. */
function compileParallel(target: Expression, value: Expression, place: number, emitter: Emitter): boolean {
  if (target.kind !== "TupleExpression" || value.kind !== "TupleExpression") return false;
  if (target.elements.length !== value.elements.length) return false;
  const codes: Code[] = [];
  for (const [i, element] of value.elements.entries()) {
    const code = protect(compileExpression(element, emitter), value.elements.slice(i + 1), emitter);
    // A variable may be assigned to before its turn comes.
    const temporary = emitter.takeTemporary();
    emitter.emit(`${temporary} = ${code.js};`);
    codes.push(stable(temporary, code.type));
  }
  for (const [i, element] of target.elements.entries()) assign(element, codes[i] as Code, place, emitter);
  return true;
}

/** Assigns a value. `place` is where a failure to unpack it is reported. */
export function assign(target: Expression, value: Code, place: number, emitter: Emitter): void {
  switch (target.kind) {
    case "ParenExpression":
      assign(target.expression, value, place, emitter);
      break;
    case "Identifier":
      assignName(target, value, emitter);
      break;
    case "TupleExpression":
    case "ListExpression":
      emitter.scoped(() => {
        const parts = emitter.takeTemporary();
        emitter.emit(`${parts} = unpack(fr, ${place}, ${value.js}, ${target.elements.length});`);
        for (const [i, element] of target.elements.entries()) {
          assign(element, { js: `${parts}[${i}]`, isStable: false }, place, emitter);
        }
      });
      break;
    case "IndexExpression":
      emitter.scoped(() => {
        const held = emitter.spill(value);
        const [object, index] = compileInOrder([target.object, target.index], emitter) as [Code, Code];
        emitter.emit(`setIndex(fr, ${placeOf(target, emitter)}, ${object.js}, ${index.js}, ${held.js});`);
      });
      break;
    case "DotExpression":
      emitter.scoped(() => {
        const held = emitter.spill(value);
        const object = compileExpression(target.object, emitter);
        const name = text(target.name.name);
        emitter.emit(`setAttribute(fr, ${placeOf(target, emitter)}, ${object.js}, ${name}, ${held.js});`);
      });
      break;
    default:
      throw new Error(`a file with static errors cannot be compiled (assignment to ${target.kind})`);
  }
}

export function assignName(id: Identifier, value: Code, emitter: Emitter): void {
  const binding = emitter.unit.resolution.bindingOf(id);
  if (!binding) throw new Error(`a file with static errors cannot be compiled (${id.name} is not bound)`);
  emitter.emit(`${emitter.unit.nameOf(binding)} = ${value.js};`);
  emitter.markAssigned(binding);
}

type Operator = Exclude<BinaryOperator, "and" | "or">;

function compileAugmented(
  target: Expression,
  operator: Operator,
  value: Expression,
  place: number,
  emitter: Emitter,
): void {
  switch (target.kind) {
    case "Identifier": {
      const old = compileName(target, emitter);
      // The variable itself can be used: nothing in the value can assign to it.
      const left = old.isStable ? old : emitter.spill(old);
      const right = emitter.spill(compileExpression(value, emitter));
      assignName(target, inplaceCode(operator, left, right, place, emitter), emitter);
      break;
    }
    case "IndexExpression": {
      const [objectCode, indexCode] = compileInOrder([target.object, target.index], emitter) as [Code, Code];
      const object = emitter.spill(objectCode);
      const index = emitter.spill(indexCode);
      const at = placeOf(target, emitter);
      const old = emitter.spill({ js: `index(fr, ${at}, ${object.js}, ${index.js})`, isStable: false });
      const right = emitter.spill(compileExpression(value, emitter));
      const result = inplaceCode(operator, old, right, place, emitter);
      emitter.emit(`setIndex(fr, ${at}, ${object.js}, ${index.js}, ${result.js});`);
      break;
    }
    case "DotExpression": {
      const object = emitter.spill(compileExpression(target.object, emitter));
      const at = placeOf(target, emitter);
      const name = text(target.name.name);
      const old = emitter.spill({ js: `attribute(fr, ${at}, ${object.js}, ${name})`, isStable: false });
      const right = emitter.spill(compileExpression(value, emitter));
      const result = inplaceCode(operator, old, right, place, emitter);
      emitter.emit(`setAttribute(fr, ${at}, ${object.js}, ${name}, ${result.js});`);
      break;
    }
    default:
      throw new Error(`a file with static errors cannot be compiled (assignment to ${target.kind})`);
  }
}
