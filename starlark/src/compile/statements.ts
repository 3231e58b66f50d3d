import type { Binding } from "../resolve/resolution.ts";
import { type LoadStatement, positionOf, type Statement } from "../syntax/ast.ts";
import { assignName, compileAssignment } from "./assignments.ts";
import { type Emitter, stable } from "./emitter.ts";
import { compileCondition, compileExpression } from "./expressions.ts";
import { compileFunction, emitReturn } from "./functions.ts";
import { compileLoop, spendFuel } from "./loops.ts";

export function compileStatements(statements: readonly Statement[], emitter: Emitter): void {
  for (const statement of statements) emitter.scoped(() => compileStatement(statement, emitter));
}

function compileStatement(statement: Statement, emitter: Emitter): void {
  switch (statement.kind) {
    case "ExpressionStatement":
      if (statement.expression.kind.endsWith("Literal")) return;
      emitter.emit(`${compileExpression(statement.expression, emitter).js};`);
      break;
    case "AssignStatement":
      compileAssignment(statement, emitter);
      break;
    case "DefStatement":
      assignName(statement.name, compileFunction(statement, emitter), emitter);
      break;
    case "IfStatement": {
      emitter.emit(`if (${compileCondition(statement.test, emitter)}) {`);
      const whenTrue = emitter.branch(() => compileStatements(statement.body, emitter));
      emitter.emit("} else {");
      const whenFalse = new Set<Binding>(emitter.branch(() => compileStatements(statement.orElse ?? [], emitter)));
      emitter.emit("}");
      for (const binding of whenTrue) if (whenFalse.has(binding)) emitter.markAssigned(binding);
      break;
    }
    case "ForStatement": {
      const { target, iterable, body } = statement;
      const loop = { at: positionOf(statement, statement.at), target, iterable };
      compileLoop(loop, emitter, () => compileStatements(body, emitter));
      break;
    }
    case "WhileStatement":
      emitter.emit(`for (;;) { ${spendFuel(emitter.unit.place(positionOf(statement, statement.start)))}`);
      emitter.branch(() => {
        emitter.scoped(() => emitter.emit(`if (!(${compileCondition(statement.test, emitter)})) break;`));
        compileStatements(statement.body, emitter);
      });
      emitter.emit("}");
      break;
    case "ReturnStatement":
      emitReturn(statement.value ? compileExpression(statement.value, emitter) : stable("null"), emitter);
      break;
    case "BreakStatement":
      emitter.emit("break;");
      break;
    case "ContinueStatement":
      emitter.emit("continue;");
      break;
    case "LoadStatement":
      compileLoad(statement, emitter);
      break;
    case "PassStatement":
      break;
    case "ErrorStatement":
      throw new Error("a file with syntax errors cannot be compiled");
  }
}

function compileLoad(statement: LoadStatement, emitter: Emitter): void {
  const { module, symbols } = statement;
  if (!module) throw new Error("a file with syntax errors cannot be compiled");
  const { unit } = emitter;
  const { line, column } = unit.file.positionAt(positionOf(module, module.start));
  unit.loads.push({ module: module.value, line, column });
  const place = unit.place(positionOf(statement, statement.start));
  const names = symbols.map((symbol) => JSON.stringify(symbol.remote.value)).join(", ");
  const values = emitter.takeTemporary();
  emitter.emit(`${values} = loadModule(fr, ${place}, ${JSON.stringify(module.value)}, [${names}]);`);
  for (const [i, symbol] of symbols.entries()) assignName(symbol.local, stable(`${values}[${i}]`), emitter);
}
