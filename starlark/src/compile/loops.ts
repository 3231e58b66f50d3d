import { type Expression, positionOf } from "../syntax/ast.ts";
import { assign } from "./assignments.ts";
import { universalName } from "./calls.ts";
import type { Emitter } from "./emitter.ts";
import { compileExpression } from "./expressions.ts";

/** A `for` statement or clause. */
interface Loop {
  /** Where the word `for` stands, in the file. */
  readonly at: number;
  readonly target: Expression;
  readonly iterable: Expression;
}

/** Counts a round of a loop that stands at a place. */
export function spendFuel(place: number): string {
  return `if (--th.fuel < 0) { fr.place = ${place}; th.refuel(); }`;
}

/** Emits a loop; `body` emits what is done for each element, once the target is assigned. */
export function compileLoop(loop: Loop, emitter: Emitter, body: () => void): void {
  const place = emitter.unit.place(loop.at);
  const n = emitter.nextLoop();
  const isRange = isRangeCall(loop.iterable, emitter);
  const iterable = compileExpression(loop.iterable, emitter).js;
  if (isRange) {
    emitter.emit(`{ const r${n} = ${iterable}, a${n} = r${n}.start, d${n} = r${n}.step;`);
    emitter.emit(`for (let i${n} = 0, n${n} = r${n}.size; i${n} < n${n}; i${n}++) { ${spendFuel(place)}`);
    const element = `(r${n}.isSmall ? a${n} + i${n} * d${n} : r${n}.at(i${n}))`;
    emitter.branch(() => {
      emitter.scoped(() => assign(loop.target, { js: element, isStable: false }, place, emitter));
      body();
    });
    emitter.emit("} }");
    return;
  }
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
function isRangeCall(iterable: Expression, emitter: Emitter): boolean {
  return (
    iterable.kind === "CallExpression" &&
    universalName(iterable.callee, emitter) === "range" &&
    iterable.arguments.every((argument) => argument.star === "" && !argument.name)
  );
}

export function loopAt(node: Parameters<typeof positionOf>[0] & { readonly at: number }): number {
  return positionOf(node, node.at);
}
