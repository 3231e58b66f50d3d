import { join, resolve } from "node:path";
import { compile, type Parser, type Program, resolve as resolveNames, SourceFile } from "@ocuroot/starlark";
import type { PackageProblem, SourcePosition } from "../model/package.ts";
import { predeclaredNames } from "../sdk/versions.ts";
import { repositoryPath, resolveLoad } from "./paths.ts";
import { hasErrors, problemOfDiagnostic } from "./problems.ts";
import { type ReadText, readSource } from "./source.ts";
import { checkVersionCall } from "./versionCall.ts";

/** A compiled file of a repository. Plain data, like all of a closure: it can be sent to a worker, which needs no parser. */
export interface CompiledFile {
  /** From the repository root, with `/`; the real path. */
  readonly path: string;
  readonly program: Program;
  readonly sdkVersion: string;
  /** The file that each `load` means, by its text. */
  readonly loads: ReadonlyMap<string, string>;
}

/** A file and all that it loads. */
export interface CompiledClosure {
  /** Path of the file itself. */
  readonly main: string;
  /** By path. Files with errors are missing. */
  readonly files: ReadonlyMap<string, CompiledFile>;
  /** With an error among them, the closure cannot be evaluated. */
  readonly problems: readonly PackageProblem[];
}

export interface CompileOptions {
  readonly parser: Parser;
  /** Absolute path of the repository root. */
  readonly root: string;
  /** The file: absolute, or relative to the root. */
  readonly file: string;
  /** Unsaved text of an editor. */
  readonly readText?: ReadText;
  readonly cache?: CompileCache;
}

/** What one file's text compiles to, whatever it loads. */
interface CompiledText {
  readonly text: string;
  readonly program: Program | undefined;
  readonly sdkVersion: string;
  readonly problems: readonly PackageProblem[];
}

/** Remembers what files compile to, as long as their text stays the same. */
export class CompileCache {
  readonly #texts = new Map<string, CompiledText>();
  readonly #limit: number;

  constructor(limit = 500) {
    this.#limit = limit;
  }

  compile(parser: Parser, path: string, text: string): CompiledText {
    let compiled = this.#texts.get(path);
    if (compiled?.text !== text) compiled = compileText(parser, path, text);
    // The map's order is that of use: the file that was used longest ago goes first.
    this.#texts.delete(path);
    this.#texts.set(path, compiled);
    if (this.#texts.size > this.#limit) this.#texts.delete(this.#texts.keys().next().value as string);
    return compiled;
  }
}

/** Parses, resolves and compiles a file and everything it loads. Never throws on what files hold. */
export function compileClosure(options: CompileOptions): CompiledClosure {
  return new ClosureCompiler(options).run();
}

class ClosureCompiler {
  readonly #options: CompileOptions;
  readonly #root: string;
  readonly #cache: CompileCache;
  readonly #files = new Map<string, CompiledFile>();
  readonly #problems: PackageProblem[] = [];
  readonly #done = new Set<string>();
  /** Files whose loads are being followed, outermost first. */
  readonly #path: string[] = [];

  constructor(options: CompileOptions) {
    this.#options = options;
    this.#root = resolve(options.root);
    this.#cache = options.cache ?? new CompileCache();
  }

  run(): CompiledClosure {
    const { file } = this.#options;
    const main = repositoryPath(this.#root, file);
    if (main === undefined) {
      this.#report("package/outside-repository", `${file} is not in the repository ${this.#root}`, undefined);
      return { main: file, files: this.#files, problems: this.#problems };
    }
    this.#compile(main, undefined);
    return { main, files: this.#files, problems: this.#problems };
  }

  /** `loadedAt` is the `load` that asks for the file. */
  #compile(path: string, loadedAt: SourcePosition | undefined): void {
    if (this.#done.has(path)) return;
    this.#done.add(path);
    const source = readSource(join(this.#root, path), path, this.#options.readText);
    if (!source.ok) {
      const message = loadedAt ? `cannot load ${path}: ${source.message}` : source.message;
      this.#report(loadedAt ? "load/missing-file" : source.code, message, loadedAt);
      return;
    }
    const { program, sdkVersion, problems } = this.#cache.compile(this.#options.parser, path, source.text);
    this.#problems.push(...(loadedAt ? problems.map((problem) => withLoad(problem, loadedAt)) : problems));
    if (program === undefined) return;
    this.#path.push(path);
    this.#files.set(path, { path, program, sdkVersion, loads: this.#followLoads(program) });
    this.#path.pop();
  }

  #followLoads(program: Program): Map<string, string> {
    const loads = new Map<string, string>();
    for (const { module, line, column } of program.loads) {
      const position = { file: program.filename, line, column };
      const target = resolveLoad(this.#root, program.filename, module);
      if (!target.ok) {
        this.#report(target.code, `cannot load ${target.message}`, position);
      } else if (this.#path.includes(target.path)) {
        const cycle = [...this.#path.slice(this.#path.indexOf(target.path)), target.path].join(" → ");
        this.#report("load/cycle", `files load each other in a circle: ${cycle}`, position);
      } else {
        loads.set(module, target.path);
        this.#compile(target.path, position);
      }
    }
    return loads;
  }

  #report(code: string, message: string, position: SourcePosition | undefined): void {
    this.#problems.push({ code, severity: "error", message, position });
  }
}

function withLoad(problem: PackageProblem, position: SourcePosition): PackageProblem {
  return { ...problem, related: [...(problem.related ?? []), { message: "the file is loaded here", position }] };
}

function compileText(parser: Parser, path: string, text: string): CompiledText {
  const source = new SourceFile(path, text);
  const syntax = parser.parse(text);
  const { version, diagnostics } = checkVersionCall(syntax.module);
  const names = predeclaredNames(version);
  const resolution = resolveNames(syntax.module, {
    isPredeclared: (name) => names.has(name),
    predeclaredNames: () => names,
  });
  // Names in damaged text mean little: what the parser says comes first, and alone.
  const found = syntax.diagnostics.length > 0 ? syntax.diagnostics : [...diagnostics, ...resolution.diagnostics];
  const problems = found.flatMap((diagnostic) => problemOfDiagnostic(diagnostic, source) ?? []).sort(byPosition);
  const program = hasErrors(problems) ? undefined : compile(source, resolution);
  return { text, program, sdkVersion: version, problems };
}

function byPosition(a: PackageProblem, b: PackageProblem): number {
  const [first, second] = [a.position, b.position];
  if (!first || !second) return 0;
  return first.line - second.line || first.column - second.column;
}

/** Whether a predeclared name stands anywhere in a file or in what it loads. */
export function mentions({ files }: CompiledClosure, name: string): boolean {
  return [...files.values()].some(({ program }) => program.source.includes(`predeclared("${name}")`));
}
