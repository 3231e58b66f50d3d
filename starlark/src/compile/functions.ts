import type { FunctionScope } from "../resolve/resolution.ts";
import {
  type DefStatement,
  type Expression,
  type LambdaExpression,
  type Parameter,
  positionOf,
  type Statement,
} from "../syntax/ast.ts";
import { bytesOf } from "../values/text.ts";
import { type Slots, sortParameters } from "./directCalls.ts";
import { type Code, Emitter, unstable } from "./emitter.ts";
import { compileExpression, compileInOrder } from "./expressions.ts";
import type { FunctionInfo } from "./program.ts";
import { compileStatements } from "./statements.ts";
import type { Unit } from "./unit.ts";

export function compileLambda(node: LambdaExpression, emitter: Emitter): Code {
  return compileFunction(node, emitter);
}

/** JavaScript that makes a function value. */
export function compileFunction(node: DefStatement | LambdaExpression, outer: Emitter): Code {
  const { unit } = outer;
  const scope = unit.resolution.functionOf(node);
  const slots = sortParameters(node.parameters);
  const number = unit.functionNumber(node);
  unit.functions[number] = describe(node, scope, slots, unit);

  const captured = scope.freeVariables.map((binding) => unit.nameOf(binding));
  const defaults = compileDefaults(slots, outer);
  const implementation = compileImplementation(node, scope, slots, `c${number}`, outer);
  const capture = captured.length === 0 ? [] : [`() => [${captured.join(", ")}]`];
  const direct = unit.isTopLevelDef(node) ? unit.directNames(node) : undefined;
  const [setInstance, setFunction] = direct ? [`${direct.instance} = `, `${direct.implementation} = `] : ["", ""];
  const parts = [`c${number}`, `${setFunction}${implementation}`, `[${defaults.join(", ")}]`, ...capture];
  return unstable(`${setInstance}new StarlarkFunction(${parts.join(", ")})`);
}

function nameOf(parameter: Parameter): string {
  return bytesOf(parameter.name?.name ?? "");
}

function describe(node: DefStatement | LambdaExpression, scope: FunctionScope, slots: Slots, unit: Unit): FunctionInfo {
  const { line, column } = unit.file.positionAt(positionOf(node, node.start));
  const isLambda = node.kind === "LambdaExpression";
  const named = node.parameters.filter((parameter) => parameter.name);
  return {
    name: isLambda ? "lambda" : bytesOf(node.name.name),
    line,
    column,
    parameters: named.map((parameter) => ({
      name: nameOf(parameter),
      kind:
        parameter.star === "*"
          ? "args"
          : parameter.star === "**"
            ? "kwargs"
            : slots.keywordOnly.includes(parameter)
              ? "keywordOnly"
              : "positional",
      hasDefault: parameter.default !== undefined,
    })),
    slotNames: [...slots.positional, ...slots.keywordOnly].map(nameOf),
    positionalCount: slots.positional.length,
    hasArgs: slots.rest !== undefined,
    hasKwargs: slots.more !== undefined,
    isLambda,
    isTopLevel: !isLambda && scope.parent?.node === undefined,
    doc: isLambda ? "" : docOf(node.body),
  };
}

function docOf(body: readonly Statement[]): string {
  const first = body[0];
  return first?.kind === "ExpressionStatement" && first.expression.kind === "StringLiteral"
    ? first.expression.value
    : "";
}

/** Defaults of the last slots; `undefined` for keyword-only parameters without one. */
function compileDefaults(slots: Slots, emitter: Emitter): string[] {
  const optional = slots.positional.filter((parameter) => parameter.default);
  const all = [...optional, ...slots.keywordOnly];
  const given = all.map((parameter) => parameter.default).filter((each): each is Expression => each !== undefined);
  const codes = compileInOrder(given, emitter);
  return all.map((parameter) => (parameter.default ? (codes.shift() as Code).js : "undefined"));
}

function compileImplementation(
  node: DefStatement | LambdaExpression,
  scope: FunctionScope,
  slots: Slots,
  code: string,
  outer: Emitter,
): string {
  const { unit } = outer;
  const emitter = new Emitter(unit, code, outer);
  const parameters = [...slots.positional, ...slots.keywordOnly, slots.rest, slots.more].flatMap((parameter) => {
    const binding = parameter?.name && unit.resolution.bindingOf(parameter.name);
    return binding ? [binding] : [];
  });
  for (const binding of parameters) emitter.markAssigned(binding);
  const variables = scope.locals.filter((binding) => !parameters.includes(binding)).map((each) => unit.nameOf(each));

  if (node.kind === "DefStatement") {
    compileStatements(node.body, emitter);
    emitter.emit(leave(emitter, "null"));
  } else {
    emitReturn(compileExpression(node.body, emitter), emitter);
  }
  const declaration = variables.length === 0 ? "" : `let ${variables.join(", ")};`;
  const names = ["th", ...parameters.map((binding) => unit.nameOf(binding))];
  return `(${names.join(", ")}) => { ${prologue(emitter)} ${declaration}\n${emitter.lines.join("\n")}\n}`;
}

/** Takes a frame for the function, checks that it may be called, and declares its temporaries. */
export function prologue(emitter: Emitter): string {
  const { code, unit } = emitter;
  const isActive = unit.allowsRecursion ? "" : ` || ${code}.active !== 0`;
  const enter = `if (--th.fuel < 0 || fr === null${isActive}) fr = th.enter(${code}); else th.top = fr;`;
  const mark = unit.allowsRecursion ? "" : ` ${code}.active = 1;`;
  return `let fr = th.top.next; ${enter} fr.code = ${code};${mark} ${emitter.temporaryDeclaration}`;
}

/** Gives the frame back and returns something that can no longer fail. */
export function leave(emitter: Emitter, js: string): string {
  const mark = emitter.unit.allowsRecursion ? "" : `${emitter.code}.active = 0; `;
  return `${mark}th.top = fr.previous; return ${js};`;
}

export function emitReturn(value: Code, emitter: Emitter): void {
  if (value.isStable) emitter.emit(`{ ${leave(emitter, value.js)} }`);
  else emitter.emit(`{ const result = ${value.js}; ${leave(emitter, "result")} }`);
}
