/** Words that are no names. */
export const keywords: ReadonlySet<string> = new Set([
  ...["and", "break", "continue", "def", "elif", "else", "for", "if", "in"],
  ...["lambda", "load", "not", "or", "pass", "return", "while"],
]);

/** Words that the Go implementation sets aside because Python uses them. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...["as", "async", "await", "class", "del", "except", "finally", "from", "global"],
  ...["import", "is", "nonlocal", "raise", "try", "with", "yield"],
]);

/** True for words that cannot be names. */
export function isReservedWord(word: string): boolean {
  return keywords.has(word) || reservedWords.has(word);
}
