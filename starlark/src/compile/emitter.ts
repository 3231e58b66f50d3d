import type { Binding } from "../resolve/resolution.ts";
import type { Unit } from "./unit.ts";

/** JavaScript for a value. */
export interface Code {
  readonly js: string;
  /** It can be evaluated at any time and any number of times: a literal, or a variable that does not change meanwhile. */
  readonly isStable: boolean;
  /** What is known of its type. */
  readonly type?: "int" | "string" | "bool" | "none" | undefined;
  /** The value of an int literal. */
  readonly int?: number | undefined;
  /** It is `a * b + c`, of variables or literals; c is an int literal that is not negative. */
  readonly product?: Product | undefined;
}

export interface Product {
  readonly a: string;
  readonly b: string;
  readonly c: number;
}

export function unstable(js: string, type?: Code["type"]): Code {
  return { js, isStable: false, type };
}

export function stable(js: string, type?: Code["type"]): Code {
  return { js, isStable: true, type };
}

/**
 * Collects the JavaScript of one function.
 *
 * Temporaries are handed out like a stack: whoever takes some gives them back when its code is complete. Code that is
 * complete but not yet emitted may use temporaries above those that are held, so it has to be put into one itself
 * before anything else is emitted.
 */
export class Emitter {
  readonly lines: string[] = [];
  private temporaries = 0;
  private maxTemporaries = 0;
  private loopCount = 0;
  private readonly assigned = new Set<Binding>();
  private trail: Binding[] = [];

  constructor(
    readonly unit: Unit,
    /** The JavaScript name of the function's code. */
    readonly code: string,
    private readonly parent: Emitter | undefined,
  ) {}

  emit(line: string): void {
    this.lines.push(line);
  }

  takeTemporary(): string {
    const name = `t${this.temporaries++}`;
    this.maxTemporaries = Math.max(this.maxTemporaries, this.temporaries);
    return name;
  }

  /** Runs something and takes back the temporaries it took. */
  scoped<Result>(run: () => Result): Result {
    const { temporaries } = this;
    const result = run();
    this.temporaries = temporaries;
    return result;
  }

  /** Puts the code's value into a temporary, which the caller holds, by a statement of its own. */
  spill(code: Code): Code {
    if (code.isStable) return code;
    const temporary = this.takeTemporary();
    this.emit(`${temporary} = ${code.js};`);
    return stable(temporary, code.type);
  }

  /** A number that makes the names of a loop's variables unique. */
  nextLoop(): number {
    return this.loopCount++;
  }

  get temporaryDeclaration(): string {
    if (this.maxTemporaries === 0) return "";
    return `let ${Array.from({ length: this.maxTemporaries }, (_, i) => `t${i}`).join(", ")};`;
  }

  /** Whether a variable surely has a value where code is being emitted. */
  isAssigned(binding: Binding): boolean {
    return this.assigned.has(binding) || (this.parent?.isAssigned(binding) ?? false);
  }

  markAssigned(binding: Binding): void {
    if (this.assigned.has(binding)) return;
    this.assigned.add(binding);
    this.trail.push(binding);
  }

  /** Emits something that may not be executed. Returns the variables that it surely assigns if it is. */
  branch(run: () => void): Binding[] {
    const { length } = this.trail;
    run();
    const assigned = this.trail.splice(length);
    for (const binding of assigned) this.assigned.delete(binding);
    return assigned;
  }
}
