import type { Resolution } from "../resolve/resolution.ts";
import type { SourceFile } from "../source.ts";
import { positionOf } from "../syntax/ast.ts";
import { bytesOf } from "../values/text.ts";
import { Emitter } from "./emitter.ts";
import { leave, prologue } from "./functions.ts";
import { type Program, programVersion } from "./program.ts";
import { compileStatements } from "./statements.ts";
import { Unit } from "./unit.ts";

/** Names that compiled code takes from the runtime. */
const supportNames =
  "StarlarkFunction List Tuple Dict Shape truth binary add inplaceAdd inplaceOr unary contains compareValues equal attribute " +
  "setAttribute index setIndex slice unpack setUnique setEntry loop range makeRoom multiplyModulo len str call callWithKeywords callSpread method methodsNamed callBriefly " +
  "callMethod callMethodWithKeywords unboundLocal unboundGlobal loadModule";

/**
 * Compiles a file to JavaScript. It must have no syntax errors and no errors among its resolution's diagnostics.
 *
 * Each Starlark function becomes a JavaScript function nested as in the file, and each variable a JavaScript variable.
 * Expressions become JavaScript expressions; comprehensions become loops before the statement they stand in.
 */
export function compile(file: SourceFile, resolution: Resolution, options: { recursion?: boolean } = {}): Program {
  const allowsRecursion = options.recursion ?? false;
  const unit = new Unit(file, resolution, allowsRecursion);
  const number = unit.reserveFunction();
  const first = resolution.module.statements[0];
  const { line, column } = first ? file.positionAt(positionOf(first, first.start)) : { line: 1, column: 1 };
  unit.functions[number] = {
    name: "<toplevel>",
    line,
    column,
    parameters: [],
    slotNames: [],
    positionalCount: 0,
    hasArgs: false,
    hasKwargs: false,
    isLambda: false,
    isTopLevel: true,
    doc: "",
  };
  const emitter = new Emitter(unit, `c${number}`, undefined);
  compileStatements(resolution.module.statements, emitter);
  emitter.emit(leave(emitter, "null"));
  const globals = [...resolution.globals.values()];
  const globalNames = globals.map((binding) => unit.nameOf(binding));
  const source = [
    `"use strict"; const { ${supportNames.replaceAll(" ", ", ")} } = runtime;`,
    ...unit.header,
    `const main = (th) => { ${prologue(emitter)}`,
    ...emitter.lines,
    "};",
    `const preset = (values) => { [${globalNames.join(", ")}] = values; };`,
    `return { main, preset, globals: () => [${globalNames.join(", ")}] };`,
  ].join("\n");
  return {
    version: programVersion,
    filename: file.name,
    source,
    functions: unit.functions.filter((info) => info !== undefined),
    constants: unit.constants,
    places: unit.takePlaces(),
    globals: globals.map((binding) => bytesOf(binding.name)),
    loads: unit.loads,
    allowsRecursion,
  };
}
