import { type CallExpression, type Expression, positionOf } from "../syntax/ast.ts";
import { assign } from "./assignments.ts";
import { universalName } from "./calls.ts";
import { type Emitter, unstable } from "./emitter.ts";
import { compileExpression, compileInOrder } from "./expressions.ts";

/** A `for` statement or clause. */
export interface Loop {
  /** Where the word `for` stands, in the file. */
  readonly at: number;
  readonly target: Expression;
  readonly iterable: Expression;
}

/** Counts a round of a loop that stands at a place. */
export function spendFuel(place: number): string {
  return `if (--th.fuel < 0) { fr.place = ${place}; th.refuel(); }`;
}

/** The JavaScript of a loop over a range: how many rounds it has, and which one it is in, from 0. */
export interface Rounds {
  readonly count: string;
  readonly current: string;
}

/**
 * Emits a loop; `body` emits what is done for each element, once the target is assigned. `start` emits what is done once,
 * before a loop over a range.
 */
export function compileLoop(
  loop: Loop,
  emitter: Emitter,
  body: (rounds?: Rounds) => void,
  start?: (rounds: Rounds) => void,
): void {
  const place = emitter.unit.place(loop.at);
  const n = emitter.nextLoop();
  const range = rangeCall(loop.iterable, emitter);
  if (range) {
    const parts = `a${n} = r${n}.start, d${n} = r${n}.step, q${n} = r${n}.isSmall`;
    emitter.emit(`{ const r${n} = ${compileRange(range, emitter)}, ${parts};`);
    const rounds = { count: `r${n}.size`, current: `i${n}` };
    start?.(rounds);
    emitter.emit(`for (let i${n} = 0, n${n} = r${n}.size; i${n} < n${n}; i${n}++) { ${spendFuel(place)}`);
    emitter.branch(() => {
      emitter.scoped(() => assign(loop.target, unstable(elementOf(range, n)), place, emitter));
      body(rounds);
    });
    emitter.emit("} }");
    return;
  }
  const iterable = compileExpression(loop.iterable, emitter).js;
  emitter.emit(`{ const s${n} = loop(fr, ${place}, ${iterable}); try { let a${n} = s${n}.elements;`);
  emitter.emit(`for (let i${n} = 0; ; i${n}++) {`);
  emitter.emit(
    `if (i${n} >= a${n}.length) { if ((a${n} = s${n}.more()) === null) break; i${n} = 0; } ${spendFuel(place)}`,
  );
  emitter.branch(() => {
    emitter.scoped(() => assign(loop.target, { js: `a${n}[i${n}]`, isStable: false }, place, emitter));
    body();
  });
  emitter.emit(`} } finally { s${n}.done(); } }`);
}

/** `range(…)` of the language itself: its numbers are counted, not made. */
function rangeCall(iterable: Expression, emitter: Emitter): CallExpression | undefined {
  if (iterable.kind !== "CallExpression" || universalName(iterable.callee, emitter) !== "range") return undefined;
  const args = iterable.arguments;
  const isPlain = args.length > 0 && args.length <= 3 && args.every(({ star, name }) => star === "" && !name);
  return isPlain ? iterable : undefined;
}

function compileRange(call: CallExpression, emitter: Emitter): string {
  const place = emitter.unit.place(positionOf(call, call.at));
  const callee = compileExpression(call.callee, emitter);
  const args = call.arguments.map((argument) => argument.value);
  const codes = compileInOrder(args, emitter).map((code) => code.js);
  return `range(${[`fr, ${place}, ${callee.js}`, ...codes].join(", ")})`;
}

/** JavaScript for the element of a range that the loop has come to. */
function elementOf(range: CallExpression, n: number): string {
  if (range.arguments.length === 1) return `i${n}`;
  const offset = range.arguments.length === 2 ? `i${n}` : `i${n} * d${n}`;
  return `(q${n} ? a${n} + ${offset} : r${n}.at(i${n}))`;
}
