import type { Value } from "../src/index.ts";
import type { FrontEnd } from "./frontEnd.ts";
import type { ProgramRun } from "./runProgram.ts";

/** What the prompt is to do after a piece of input: ask for more of it, or for the next. */
export type ReplState = "done" | "more";

/** Evaluates statements and expressions as they are typed; what one binds the next can use. */
export class Repl {
  private readonly globals = new Map<string, Value>();

  constructor(
    private readonly run: ProgramRun,
    private readonly frontEnd: FrontEnd,
    private readonly write: (text: string) => void,
  ) {}

  evaluate(text: string): ReplState {
    if (text.trim() === "" || this.frontEnd.isUnfinished(text)) return text.trim() === "" ? "done" : "more";
    const shown = `__shown = (${text.trim()}\n)\nprint(repr(__shown)) if __shown != None else None\n`;
    const expression = this.run.attempt(() => this.run.prepare("<stdin>", shown, this.globals));
    const failure = this.run.attempt(() => {
      const source = expression ? `${text}\n` : shown;
      const program = this.run.prepare("<stdin>", source, this.globals);
      const bound = this.run.execute(program, this.globals);
      for (const [name, value] of bound) if (name !== "__shown") this.globals.set(name, value);
    });
    if (failure) this.write(failure.trace);
    return "done";
  }
}
