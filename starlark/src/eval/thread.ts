import type { DialectOptions } from "../resolve/resolution.ts";
import { BuiltinFunction, type FunctionCode, type KeywordArguments, StarlarkFunction } from "../values/functions.ts";
import { listenToPulse, nextInterval, watched } from "../values/pulse.ts";
import { textOf } from "../values/text.ts";
import { Failure, typeOf, type Value } from "../values/value.ts";
import { bindArguments } from "./bind.ts";
import { CancelledError, EvalError, type Frame, isStackOverflow, Stop, type StopReason } from "./errors.ts";

/** Limits of an evaluation. What is left out is not limited. */
export interface Budget {
  /** Calls and loop rounds. */
  readonly steps?: number;
  /** Milliseconds that each `execute` or `call` may take. */
  readonly wallMs?: number;
  /** Bytes by which the heap may grow during each `execute` or `call`. Looked at now and then, so it is not exact. */
  readonly memory?: number;
}

/** Loads a module: its globals. `module` is the text of the `load`. Throws what `load` should fail with. */
export type LoadFunction = (thread: Thread, module: string) => ReadonlyMap<string, Value>;

export interface ThreadOptions {
  /** Prints a line; `text` is ordinary text without its line end. */
  readonly print?: (thread: Thread, text: string) => void;
  readonly load?: LoadFunction;
  readonly dialect?: DialectOptions;
  readonly budget?: Budget;
  /** On a SharedArrayBuffer. The evaluation ends soon after its first element is set to something else than 0. */
  readonly cancelFlag?: Int32Array;
  /** Data of the host, for its built-in functions. */
  readonly locals?: Map<unknown, unknown>;
  /** How many Starlark functions may be active at once. */
  readonly maxDepth?: number;
  /** Whether JavaScript's own stack overflow leaves as it is, for a host that then tries again with a larger stack. */
  readonly passesStackOverflow?: boolean;
}

/** How many steps are made between two looks at clock, memory and cancellation. */
const chunk = 1000;
/** So many at the start: nothing is known of how long a step takes. */
const firstChunk = 60;
/** Milliseconds between two looks at the heap, which take their time. */
const timeBetweenMeasurements = 25;
const defaultMaxDepth = 100_000;

/**
 * An active function. Frames are kept in a list that is reused: entering a function takes the next one. They are not
 * given back when an error passes, so that whoever catches it still finds the calls that led to it.
 */
export class CallFrame {
  next: CallFrame | null = null;
  code: FunctionCode | null = null;
  /** Index in `code.places` of the call or operation that is under way. */
  place = 0;
  /** The built-in function that is being called. */
  builtin: string | null = null;

  constructor(
    readonly thread: Thread,
    readonly previous: CallFrame | null,
    readonly depth: number,
  ) {}
}

/** One evaluation: its calls, its limits, and how it prints and loads. */
export class Thread {
  top: CallFrame;
  /** Steps until the next look at the limits. */
  fuel = 0;
  readonly locals: Map<unknown, unknown>;
  readonly dialect: DialectOptions;
  private readonly root: CallFrame;
  private readonly maxDepth: number;
  private stepsDone = 0;
  private chunkSize = 0;
  private startTime = 0;
  private startMemory = 0;
  /** Steps to the next look: fewer when steps take long. */
  private chunkLength = firstChunk;
  private lastLook = 0;
  private lastMeasurement = 0;

  constructor(readonly options: ThreadOptions) {
    this.root = new CallFrame(this, null, 0);
    this.top = this.root;
    this.locals = options.locals ?? new Map();
    this.dialect = options.dialect ?? {};
    this.maxDepth = options.maxDepth ?? defaultMaxDepth;
  }

  /** Steps made so far. */
  get steps(): number {
    return this.stepsDone + this.chunkSize - Math.max(this.fuel, 0);
  }

  /** Prints a line, given as a byte string. */
  print(line: string): void {
    this.options.print?.(this, textOf(line));
  }

  /** The active Starlark functions, outermost first, each at the point it has reached. */
  callStack(): Frame[] {
    const frames: Frame[] = [];
    for (let frame: CallFrame | null = this.top; frame; frame = frame.previous) {
      const { code, place } = frame;
      if (!code) continue;
      frames.push({
        functionName: textOf(code.name),
        file: code.position.file,
        line: code.places[2 * place] ?? code.position.line,
        column: code.places[2 * place + 1] ?? code.position.column,
      });
    }
    return frames.reverse();
  }

  /**
   * Calls a function from a built-in one. Errors pass through: to catch one, use `call`, which also says where it
   * happened.
   */
  invoke(fn: Value, args: Value[], kwargs: KeywordArguments): Value {
    if (fn instanceof StarlarkFunction) {
      if (fn.arity === args.length && kwargs.length === 0) return fn.implementation(this, ...args);
      const slots = kwargs.length === 0 ? withDefaults(fn, args) : undefined;
      return fn.implementation(this, ...(slots ?? this.bind(fn, args, kwargs)));
    }
    if (fn instanceof BuiltinFunction) {
      const frame = this.top;
      const outer = frame.builtin;
      frame.builtin = fn.name;
      const result = fn.implementation(this, args, kwargs);
      frame.builtin = outer;
      return result;
    }
    throw new Failure(`invalid call of non-function (${typeOf(fn)})`);
  }

  private bind(fn: StarlarkFunction, args: Value[], kwargs: KeywordArguments): Value[] {
    const frame = this.top;
    const outer = frame.builtin;
    frame.builtin = null; // A failure is that of the call, not of the built-in function that calls.
    const slots = bindArguments(fn, args, kwargs);
    frame.builtin = outer;
    return slots;
  }

  /** Takes a frame for a function when that is not as simple as taking the next one. Called by compiled code. */
  enter(code: FunctionCode): CallFrame {
    if (this.fuel < 0) this.refuel();
    if (code.active !== 0 && !code.allowsRecursion && this.isActive(code)) {
      this.top.builtin = null;
      throw new Failure(`function ${code.name} called recursively`);
    }
    const { top } = this;
    if (top.next === null) {
      if (top.depth >= this.maxDepth) throw new Failure("Starlark stack overflow");
      top.next = new CallFrame(this, top, top.depth + 1);
    }
    this.top = top.next;
    return top.next;
  }

  private isActive(code: FunctionCode): boolean {
    for (let frame: CallFrame | null = this.top; frame; frame = frame.previous) if (frame.code === code) return true;
    return false;
  }

  /** Looks at the limits and hands out the next steps. Called when `fuel` has run out. */
  refuel(): void {
    const { budget } = this.options;
    this.stepsDone += this.chunkSize - Math.max(this.fuel, 0);
    this.chunkSize = 0;
    this.fuel = 0;
    const left = (budget?.steps ?? Number.POSITIVE_INFINITY) - this.stepsDone;
    if (left <= 0) throw new Stop("steps", "Starlark computation cancelled: too many steps");
    const now = Date.now();
    if (this.lastLook !== 0) this.chunkLength = nextInterval(this.chunkLength, now - this.lastLook, chunk);
    this.lastLook = now;
    this.checkLimits(0);
    this.chunkSize = Math.min(this.chunkLength, left);
    this.fuel = this.chunkSize;
  }

  /** Looks at all limits but that of steps, which built-in functions do not make. */
  private readonly checkLimits = (taking: number): void => {
    const { budget, cancelFlag } = this.options;
    if (cancelFlag && Atomics.load(cancelFlag, 0) !== 0) {
      throw new Stop("cancelled", "Starlark computation cancelled");
    }
    if (budget?.wallMs !== undefined && Date.now() - this.startTime > budget.wallMs) {
      throw new Stop("time", `Starlark computation cancelled: it took more than ${budget.wallMs} ms`);
    }
    if (budget?.memory !== undefined && this.isMemoryUsedUp(budget.memory, taking)) {
      throw new Stop("memory", "Starlark computation cancelled: it used too much memory");
    }
  };

  /** `taking` bytes are about to be taken. */
  private isMemoryUsedUp(limit: number, taking: number): boolean {
    const now = Date.now();
    if (taking === 0 && now - this.lastMeasurement < timeBetweenMeasurements) return false;
    this.lastMeasurement = now;
    return memoryUsed() + taking - this.startMemory > limit;
  }

  /**
   * Runs something that evaluates. Whatever is thrown leaves as an EvalError that says where it happened, and the
   * thread can be used again.
   */
  guard<Result>(run: () => Result): Result {
    const { top } = this;
    const { builtin } = top;
    if (top === this.root) this.startClock();
    top.builtin = null;
    const outerListener = listenToPulse(this.checkLimits);
    try {
      const result = run();
      top.builtin = builtin;
      return result;
    } catch (error) {
      if (this.options.passesStackOverflow && isStackOverflow(error)) throw error;
      const evalError = this.toEvalError(error);
      this.unwind(top);
      top.builtin = builtin;
      throw evalError;
    } finally {
      listenToPulse(outerListener);
    }
  }

  /**
   * Runs something that is no evaluation, such as parsing, under the limits of time and memory and the flag that cancels.
   * `look` is what looks at them, for work that knows of no thread.
   */
  limit<Result>(run: (look: () => void) => Result): Result {
    if (this.top === this.root) this.startClock();
    const look = () => this.checkLimits(0);
    try {
      return watched(look, () => run(look));
    } catch (error) {
      throw error instanceof Stop ? stopError(error.reason, error.message, this.callStack()) : error;
    }
  }

  private startClock(): void {
    const { budget } = this.options;
    if (budget?.wallMs !== undefined) this.startTime = Date.now();
    if (budget?.memory !== undefined) this.startMemory = memoryUsed();
    this.stepsDone += this.chunkSize - Math.max(this.fuel, 0);
    this.chunkSize = 0;
    this.fuel = 0;
    this.lastLook = 0;
    this.chunkLength = firstChunk;
  }

  private unwind(target: CallFrame): void {
    for (let frame = this.top; frame !== target; frame = frame.previous as CallFrame) {
      if (frame.code) frame.code.active = 0;
      frame.code = null;
      frame.builtin = null;
    }
    this.top = target;
  }

  private toEvalError(error: unknown): EvalError {
    if (error instanceof EvalError) return error;
    const frames = this.callStack();
    const builtin = this.top.builtin === null ? undefined : textOf(this.top.builtin);
    if (error instanceof Failure) {
      return new EvalError(textOf(error.message), frames, builtin, { cause: error.cause });
    }
    if (error instanceof Stop) return stopError(error.reason, error.message, frames);
    if (error instanceof RangeError) {
      const isStack = isStackOverflow(error);
      const message = isStack ? "Starlark stack overflow" : `value too large (${error.message})`;
      return new EvalError(message, frames, isStack ? undefined : builtin, { cause: error });
    }
    const message = error instanceof Error ? error.message : String(error);
    return new EvalError(message, frames, builtin, { cause: error, isInternal: true });
  }
}

/** The slots of a call that leaves out nothing but optional parameters; undefined if it is of another kind. */
function withDefaults(fn: StarlarkFunction, args: readonly Value[]): Value[] | undefined {
  const missing = fn.arity - args.length;
  const { defaults } = fn;
  if (missing <= 0 || missing > defaults.length) return undefined;
  const slots = args.slice();
  // Without keyword-only parameters, which such functions have not, every default is there.
  for (let i = defaults.length - missing; i < defaults.length; i++) slots.push(defaults[i] as Value);
  return slots;
}

function stopError(reason: StopReason, message: string, frames: readonly Frame[]): EvalError {
  const details = { reason };
  if (reason === "cancelled") return new CancelledError(message, frames, undefined, details);
  return new EvalError(message, frames, undefined, details);
}

interface MemoryMeter {
  memoryUsage?: () => { heapUsed: number; arrayBuffers: number };
}

/** Bytes on the heap and in typed arrays, where the platform tells; else 0, and memory is not limited. */
function memoryUsed(): number {
  const { process } = globalThis as { process?: MemoryMeter };
  const usage = process?.memoryUsage?.();
  return usage ? usage.heapUsed + usage.arrayBuffers : 0;
}
