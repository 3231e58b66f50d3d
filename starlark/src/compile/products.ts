import { type Code, type Emitter, type Product, unstable } from "./emitter.ts";

/** What is known of `left operator right` as a product; `isPlain` if both are variables or literals. */
export function productOf(operator: string, left: Code, right: Code, isPlain: boolean): Product | undefined {
  if (operator === "*" && isPlain && !isTemporary(left) && !isTemporary(right))
    return { a: left.js, b: right.js, c: 0 };
  const { product } = left;
  const isSum = operator === "+" && product?.c === 0 && right.int !== undefined && right.int >= 0;
  return isSum ? { ...product, c: right.int } : undefined;
}

/** Temporaries may have another value by the time the product is needed. */
function isTemporary(code: Code): boolean {
  return /^t\d+$/.test(code.js);
}

/**
 * `(a * b + c) % m`, as programs make random numbers: most such products are no safe ints, but what is left of them is,
 * and can be had without a bigint. `complete` is the same in full, for what is not that simple.
 */
export function moduloOfProduct(left: Code, right: Code, complete: Code, emitter: Emitter): Code {
  if (!left.product || right.int === undefined || right.int <= 0) return complete;
  const { a, b, c } = left.product;
  return emitter.scoped(() => {
    const result = emitter.takeTemporary();
    const short = `(${result} = multiplyModulo(${a}, ${b}, ${c}, ${right.int}))`;
    return unstable(`(${short} >= 0 ? ${result} : ${complete.js})`);
  });
}
