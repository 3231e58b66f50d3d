/** Hashes of strings and numbers: ints of 32 bits. */

/** Chars. What is longer is left to a Map, which keeps the hashes of its strings. */
export const longestHashed = 48;

export function hashText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return scatter(hash);
}

/**
 * Texts that differ little have hashes that differ little, and would crowd. This keeps four in a row together, which is
 * good for the cache, and scatters the fours.
 */
export function scatter(hash: number): number {
  const mixed = Math.imul(hash >>> 2, 0x9e37_79b1);
  return ((mixed ^ (mixed >>> 15)) << 2) | (hash & 3);
}

/** Of any number but NaN. */
export function hashNumber(value: number): number {
  const low = value | 0;
  if (low === value) return low;
  // Ints of more than 32 bits, and fractions.
  return low ^ ((value / 0x1_0000_0000) | 0) ^ ((value % 1) * 0x7fff_ffff);
}
