/** `text` as a regular expression's source that matches it literally. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Matches an element's whole text. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${literal(text)}\\s*$`);
}
