import type { Binding, Resolution } from "../resolve/resolution.ts";
import type { SourceFile } from "../source.ts";
import type { DefStatement, LambdaExpression } from "../syntax/ast.ts";
import { bytesOf } from "../values/text.ts";
import { Shapes } from "./analysis.ts";
import { PositionFinder } from "./places.ts";
import type { Constant, FunctionInfo, LoadInfo } from "./program.ts";

/** What the functions of a file have in common while they are compiled. */
export class Unit {
  readonly shapes = new Shapes();
  readonly functions: (FunctionInfo | undefined)[] = [];
  readonly constants: Constant[] = [];
  readonly loads: LoadInfo[] = [];
  /** Declarations at the start of the program. */
  readonly header: string[] = [];
  private readonly positions: PositionFinder;
  private readonly places: number[] = [];
  private readonly placeByOffset = new Map<number, number>();
  /** The functions that calls of a name may be bound to when the file is compiled. */
  readonly topLevelDefs: ReadonlyMap<Binding, DefStatement>;
  private readonly numbers = new Map<DefStatement | LambdaExpression, number>();
  private readonly directs = new Set<DefStatement>();
  private readonly methodNames = new Map<string, string>();
  private readonly shortcuts = new Set<string>();
  private readonly names = new Map<Binding, string>();

  constructor(
    readonly file: SourceFile,
    readonly resolution: Resolution,
    readonly allowsRecursion: boolean,
  ) {
    this.positions = new PositionFinder(file);
    this.topLevelDefs = findDefs(resolution);
  }

  /** The number of a place; `offset` is in the file. */
  place(offset: number): number {
    let place = this.placeByOffset.get(offset);
    if (place === undefined) {
      const { line, column } = this.positions.positionAt(offset);
      place = this.places.length / 2;
      this.places.push(line, column);
      this.placeByOffset.set(offset, place);
    }
    return place;
  }

  takePlaces(): Int32Array {
    return Int32Array.from(this.places);
  }

  /** The JavaScript name of a variable of the file or of one of its functions; unique in the program. */
  nameOf(binding: Binding): string {
    let name = this.names.get(binding);
    if (name === undefined) {
      name = this.declare(binding);
      this.names.set(binding, name);
    }
    return name;
  }

  private declare(binding: Binding): string {
    const number = this.names.size;
    switch (binding.scope) {
      case "local":
        return `l${number}`; // declared by its function
      case "global":
      case "file":
        this.header.push(`let g${number};`);
        return `g${number}`;
      case "predeclared":
      case "universal":
        this.header.push(`const b${number} = ${binding.scope}(${JSON.stringify(bytesOf(binding.name))});`);
        return `b${number}`;
    }
  }

  /** The JavaScript name of a constant that has no literal. */
  constant(constant: Constant): string {
    const number = this.constants.push(constant) - 1;
    this.header.push(`const k${number} = constants[${number}];`);
    return `k${number}`;
  }

  /** The JavaScript name of the methods that are called `name`, a byte string. */
  methods(name: string): string {
    let known = this.methodNames.get(name);
    if (known === undefined) {
      known = `m${this.methodNames.size}`;
      this.methodNames.set(name, known);
      this.header.push(`const ${known} = methodsNamed(${JSON.stringify(name)});`);
    }
    return known;
  }

  /** The JavaScript names of the method of a type that `methods` has, and of the short way of it. */
  shortcut(methods: string, type: "string" | "list" | "dict"): { method: string; run: string } {
    const names = { method: `${methods}m`, run: `${methods}s` };
    if (!this.shortcuts.has(methods)) {
      this.shortcuts.add(methods);
      this.header.push(`const ${names.method} = ${methods}.${type}, ${names.run} = ${names.method}.shortcut;`);
    }
    return names;
  }

  /** The JavaScript name of the shape of a dict with these keys. */
  shape(keys: readonly string[]): string {
    const name = `h${this.header.length}`; // not the name of any variable of a loop
    this.header.push(`const ${name} = Shape.of(${JSON.stringify(keys)});`);
    return name;
  }

  /** The number of a function, which is reserved when it is first asked for. */
  functionNumber(node: DefStatement | LambdaExpression): number {
    let number = this.numbers.get(node);
    if (number === undefined) {
      number = this.reserveFunction();
      this.numbers.set(node, number);
    }
    return number;
  }

  isTopLevelDef(node: DefStatement | LambdaExpression): node is DefStatement {
    if (node.kind !== "DefStatement") return false;
    const binding = this.resolution.bindingOf(node.name);
    return binding !== undefined && this.topLevelDefs.get(binding) === node;
  }

  /** The JavaScript names of the function value that a top-level `def` has made last, and of its implementation. */
  directNames(def: DefStatement): { instance: string; implementation: string } {
    const number = this.functionNumber(def);
    const names = { instance: `d${number}f`, implementation: `f${number}` };
    if (!this.directs.has(def)) {
      this.directs.add(def);
      this.header.push(`let ${names.instance}, ${names.implementation};`);
    }
    return names;
  }

  /** Reserves a number for a function, whose JavaScript name is then `c<number>`. */
  reserveFunction(): number {
    const number = this.functions.push(undefined) - 1;
    this.header.push(`const c${number} = codes[${number}];`);
    return number;
  }
}

function findDefs(resolution: Resolution): Map<Binding, DefStatement> {
  const defs = new Map<Binding, DefStatement>();
  for (const statement of resolution.module.statements) {
    const binding = statement.kind === "DefStatement" ? resolution.bindingOf(statement.name) : undefined;
    if (binding) defs.set(binding, statement as DefStatement);
  }
  return defs;
}
