import type { BinaryOperator } from "../syntax/ast.ts";
import { type Code, type Emitter, unstable } from "./emitter.ts";

type Operator = Exclude<BinaryOperator, "and" | "or">;

const max = Number.MAX_SAFE_INTEGER;

/** JavaScript for `left operator right`, both stable. Small ints are computed on the spot. */
export function binaryCode(operator: Operator, left: Code, right: Code, place: number, emitter: Emitter): Code {
  const [a, b] = [left.js, right.js];
  switch (operator) {
    case "==":
      return equalityCode(left, right, place);
    case "!=":
      return { ...equalityCode(left, right, place), js: `!${equalityCode(left, right, place).js}` };
    case "<":
    case ">":
    case "<=":
    case ">=":
      return unstable(
        guarded(left, right, `${a} ${operator} ${b}`, `compareValues(fr, ${place}, "${operator}", ${a}, ${b})`),
        "bool",
      );
    case "in":
      return unstable(`contains(fr, ${place}, ${a}, ${b})`, "bool");
    case "not in":
      return unstable(`!contains(fr, ${place}, ${a}, ${b})`, "bool");
    default:
      return arithmeticCode(operator, left, right, `binary(fr, ${place}, "${operator}", ${a}, ${b})`, place, emitter);
  }
}

/** The same for `left operator= right`, which may change left in place. */
export function inplaceCode(operator: Operator, left: Code, right: Code, place: number, emitter: Emitter): Code {
  const slow = operator === "+" ? "inplaceAdd" : operator === "|" ? "inplaceOr" : undefined;
  if (!slow) return binaryCode(operator, left, right, place, emitter);
  return arithmeticCode(operator, left, right, `${slow}(fr, ${place}, ${left.js}, ${right.js})`, place, emitter);
}

function arithmeticCode(
  operator: Operator,
  left: Code,
  right: Code,
  slow: string,
  place: number,
  emitter: Emitter,
): Code {
  const [a, b] = [left.js, right.js];
  switch (operator) {
    case "+":
      if (left.type === "string" || right.type === "string") return concatenation(left, right, slow);
      return checkedSum(`${a} + ${b}`, left, right, slow.startsWith("binary") ? plusCall(place, a, b) : slow, emitter);
    case "-":
      return checkedSum(`${a} - ${b}`, left, right, slow, emitter);
    case "*":
      return emitter.scoped(() => {
        const result = emitter.takeTemporary();
        const fits = `(${result} = ${a} * ${b}) <= ${max} && ${result} >= ${-max}`;
        return unstable(`(${both(left, right, fits)} ? ${result} + 0 : ${slow})`);
      });
    case "//":
      return unstable(`(${both(left, right, positive(right))} ? Math.floor(${a} / ${b}) + 0 : ${slow})`);
    case "%":
      if (left.type === "string") return unstable(slow, "string");
      return emitter.scoped(() => {
        const result = emitter.takeTemporary();
        const modulo = `((${result} = ${a} % ${b}) < 0 ? ${result} + ${b} : ${result} + 0)`;
        return unstable(`(${both(left, right, positive(right))} ? ${modulo} : ${slow})`);
      });
    case "&":
    case "|":
    case "^":
      return unstable(
        `(${both(left, right, `(${a} | 0) === ${a} && (${b} | 0) === ${b}`)} ? ${a} ${operator} ${b} : ${slow})`,
      );
    case ">>":
      if (right.int === undefined || right.int < 0 || right.int > 31) return unstable(slow);
      return unstable(`(typeof ${a} === "number" && (${a} | 0) === ${a} ? ${a} >> ${b} : ${slow})`);
    default:
      return unstable(slow);
  }
}

function plusCall(place: number, a: string, b: string): string {
  return `add(fr, ${place}, ${a}, ${b})`;
}

function concatenation(left: Code, right: Code, slow: string): Code {
  const unknown = [left, right].find((code) => code.type !== "string");
  const sum = `${left.js} + ${right.js}`;
  if (!unknown) return unstable(`(${sum})`, "string");
  return unstable(`(typeof ${unknown.js} === "string" ? ${sum} : ${slow})`);
}

function checkedSum(sum: string, left: Code, right: Code, slow: string, emitter: Emitter): Code {
  return emitter.scoped(() => {
    const result = emitter.takeTemporary();
    const fits = both(left, right, `(${result} = ${sum}) <= ${max} && ${result} >= ${-max}`);
    return unstable(`(${fits} ? ${result} : ${slow})`);
  });
}

/** A test that both are small ints and that something else holds. */
function both(left: Code, right: Code, condition: string): string {
  const tests = [left, right].filter((code) => code.type !== "int").map((code) => `typeof ${code.js} === "number"`);
  return [...new Set(tests), condition].filter((test) => test !== "").join(" && ") || "true";
}

function positive(code: Code): string {
  return code.int !== undefined && code.int > 0 ? "" : `${code.js} > 0`;
}

function guarded(left: Code, right: Code, fast: string, slow: string): string {
  const tests = both(left, right, "");
  return tests === "true" ? `(${fast})` : `(${tests} ? ${fast} : ${slow})`;
}

function equalityCode(left: Code, right: Code, place: number): Code {
  const [a, b] = [left.js, right.js];
  // Nothing but a string equals a string, nothing but None equals None; but a float may equal an int.
  if ([left.type, right.type].some((type) => type === "string" || type === "none" || type === "bool")) {
    return unstable(`(${a} === ${b})`, "bool");
  }
  if (left.type === "int" || right.type === "int") {
    return unstable(guarded(left, right, `${a} === ${b}`, `equal(fr, ${place}, ${a}, ${b})`), "bool");
  }
  const isPlain = `typeof ${a} !== "object" && typeof ${a} === typeof ${b}`;
  return unstable(`(${isPlain} ? ${a} === ${b} : equal(fr, ${place}, ${a}, ${b}))`, "bool");
}
