import { type Comprehension, type Expression, positionOf } from "../syntax/ast.ts";
import { type Code, type Emitter, unstable } from "./emitter.ts";
import { compileCondition, compileExpression, compileInOrder } from "./expressions.ts";
import { compileLoop, type Loop, type Rounds } from "./loops.ts";

/** A comprehension becomes loops that fill a temporary. */
export function compileComprehension(comprehension: Comprehension, emitter: Emitter): Code {
  const isDict = comprehension.body.kind === "DictEntry";
  const result = emitter.takeTemporary();
  emitter.emit(`${result} = ${isDict ? "new Dict()" : "[]"};`);
  compileClauses(comprehension, 0, result, emitter);
  return unstable(isDict ? result : `new List(${result})`);
}

function compileClauses(comprehension: Comprehension, i: number, result: string, emitter: Emitter): void {
  const clause = comprehension.clauses[i];
  if (!clause) {
    emitter.scoped(() => compileBody(comprehension, result, emitter));
  } else if (clause.kind === "IfClause") {
    emitter.scoped(() => emitter.emit(`if (${compileCondition(clause.test, emitter)}) {`));
    emitter.branch(() => compileClauses(comprehension, i + 1, result, emitter));
    emitter.emit("}");
  } else {
    const { target, iterable } = clause;
    const loop = { at: positionOf(clause, clause.at), target, iterable };
    if (comprehension.clauses.length === 1 && comprehension.body.kind !== "DictEntry") {
      compileMapping(comprehension.body, loop, result, emitter);
    } else {
      compileLoop(loop, emitter, () => compileClauses(comprehension, i + 1, result, emitter));
    }
  }
}

/** One element for each round: of a range, it is known how many there will be. */
function compileMapping(body: Expression, loop: Loop, result: string, emitter: Emitter): void {
  const add = (rounds?: Rounds) =>
    emitter.scoped(() => {
      const { js } = compileExpression(body, emitter);
      emitter.emit(rounds ? `${result}[${rounds.current}] = ${js};` : `${result}.push(${js});`);
    });
  compileLoop(loop, emitter, add, (rounds) => emitter.emit(`${result} = makeRoom(${rounds.count});`));
}

function compileBody(comprehension: Comprehension, result: string, emitter: Emitter): void {
  const { body } = comprehension;
  if (body.kind !== "DictEntry") {
    emitter.emit(`${result}.push(${compileExpression(body, emitter).js});`);
    return;
  }
  const place = emitter.unit.place(positionOf(body, body.at));
  const [key, value] = compileInOrder([body.key, body.value], emitter) as [Code, Code];
  emitter.emit(`setEntry(fr, ${place}, ${result}, ${key.js}, ${value.js});`);
}
