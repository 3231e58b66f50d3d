import type { ComparisonOperator } from "./value.ts";

/** Whether a three-way comparison's outcome satisfies an operator. */
export function holds(operator: ComparisonOperator, comparison: number): boolean {
  switch (operator) {
    case "==":
      return comparison === 0;
    case "!=":
      return comparison !== 0;
    case "<":
      return comparison < 0;
    case "<=":
      return comparison <= 0;
    case ">":
      return comparison > 0;
    case ">=":
      return comparison >= 0;
  }
}

/** Byte strings in order of their bytes. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
