/** Compiles what was typed. The file's dialect, but with what a prompt needs: loops at top level, and names bound again. */
import { posix } from "node:path";
import {
  type AssignStatement,
  compile,
  type Expression,
  type ExpressionStatement,
  type Identifier,
  type Module,
  type Parser,
  type Program,
  resolve,
  SourceFile,
  type Statement,
  spanOf,
} from "@ocuroot/starlark";
import type { PackageProblem } from "../model/package.ts";
import { type CompileCache, type CompiledFile, compileClosure } from "../package/compileClosure.ts";
import { resolveLoad } from "../package/paths.ts";
import { hasErrors, problemOfDiagnostic } from "../package/problems.ts";
import { predeclaredNames } from "../sdk/versions.ts";
import { type ReplInput, resultName } from "./messages.ts";

export interface InputContext {
  readonly parser: Parser;
  readonly root: string;
  /** The file whose names are there; what is loaded is relative to it. */
  readonly file: string;
  readonly version: string;
  /** What names there are beside those of the SDK. */
  readonly names: ReadonlySet<string>;
  readonly cache: CompileCache;
}

export type CompiledInput =
  | { readonly ok: true; readonly input: ReplInput }
  | { readonly ok: false; readonly problems: readonly PackageProblem[] };

/** `name` is how errors call the input. */
export function compileInput(name: string, text: string, context: InputContext): CompiledInput {
  const { parser, names, version } = context;
  const source = new SourceFile(name, text);
  const syntax = parser.parse(text);
  const sdkNames = predeclaredNames(version);
  const resolution = resolve(withResult(syntax.module), {
    dialect: { topLevelControl: true, globalReassign: true, loadBindsGlobally: true },
    file: source,
    isPredeclared: (each) => names.has(each) || sdkNames.has(each),
    predeclaredNames: () => [...names, ...sdkNames],
  });
  const found = syntax.diagnostics.length > 0 ? syntax.diagnostics : resolution.diagnostics;
  const problems = found.flatMap((diagnostic) => problemOfDiagnostic(diagnostic, source) ?? []);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { ok: false, problems: errors };
  const program = compile(source, resolution);
  const loaded = followLoads(program, context);
  if (hasErrors(loaded.problems)) return { ok: false, problems: loaded.problems };
  const own: CompiledFile = { path: name, program, sdkVersion: version, loads: loaded.loads };
  return { ok: true, input: { program, files: [own, ...loaded.files] } };
}

/** The same program, with the value of an expression at its end bound to a name. Places stay what they are. */
function withResult(module: Module): Module {
  const last = module.statements.at(-1);
  if (last?.kind !== "ExpressionStatement") return module;
  const { chunk, start } = last;
  const target: Identifier = { kind: "Identifier", chunk, start, end: start, name: resultName };
  return { ...module, statements: [...module.statements.slice(0, -1), assignment(last, target, last.expression)] };
}

function assignment({ chunk, start, end }: ExpressionStatement, target: Identifier, value: Expression): Statement {
  return {
    kind: "AssignStatement",
    chunk,
    start,
    end,
    operator: "=",
    at: start,
    target,
    value,
  } satisfies AssignStatement;
}

/** The `load` statements of a file, to have at the prompt what they bind in it. */
export function loadStatements(parser: Parser, text: string): string {
  const { statements } = parser.parse(text).module;
  return statements.flatMap((each) => (each.kind === "LoadStatement" ? [textAt(text, each)] : [])).join("\n");
}

function textAt(text: string, node: Statement): string {
  const { start, end } = spanOf(node);
  return text.slice(start, end);
}

function followLoads(program: Program, { parser, root, file, cache }: InputContext) {
  const loads = new Map<string, string>();
  const files = new Map<string, CompiledFile>();
  const problems: PackageProblem[] = [];
  for (const { module, line, column } of program.loads) {
    const position = { file: program.filename, line, column };
    const target = resolveLoad(root, posix.join(posix.dirname(file), "input"), module);
    if (!target.ok) {
      problems.push({ code: target.code, severity: "error", message: `cannot load ${target.message}`, position });
      continue;
    }
    const closure = compileClosure({ parser, root, file: target.path, cache });
    const errors = closure.problems.filter(({ severity }) => severity === "error");
    problems.push(
      ...errors.map((problem) =>
        problem.position ? problem : { ...problem, message: `${problem.message}`, position },
      ),
    );
    for (const [path, each] of closure.files) files.set(path, each);
    loads.set(module, target.path);
  }
  return { loads, files: [...files.values()], problems };
}
