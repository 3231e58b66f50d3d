/** Finds the words for what is wrong in the statements that lowering marked. */
import type { Diagnostic } from "../diagnostics.ts";
import { positionOf } from "./ast.ts";
import type { Piece } from "./document.ts";

export function findDamage(_text: string, pieces: readonly Piece[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const piece of pieces) {
    if (!piece.isSuspect && !piece.isTooDeep) continue;
    const start =
      piece.statement === undefined ? piece.chunk.offset : positionOf(piece.statement, piece.statement.start);
    diagnostics.push({
      code: piece.isTooDeep ? "syntax/too-deep" : "syntax/error",
      severity: "error",
      span: { start, end: start + piece.length },
      message: "This is not Starlark.",
    });
  }
  return diagnostics;
}
