/** Text of others in Markdown. What they wrote must stay text: the editor follows links in hovers, to its commands too. */

/** Text within a line that is shown as it is. */
export function plainText(text: string): string {
  return text.replace(/[\\`*_[\]<>&~|]/g, "\\$&").replace(/\s+/g, " ");
}

/** A link with words of others. */
export function linkTo(uri: string, words: string): string {
  const target = uri.replace(/[()]/g, (each) => (each === "(" ? "%28" : "%29"));
  return `[${plainText(words)}](${target})`;
}

/** Code within a line. */
export function codeSpan(text: string): string {
  const fence = fenceAround(text, 1);
  // Blanks keep a backtick at an end from joining the fence; Markdown takes them away again.
  const inner = text.startsWith("`") || text.endsWith("`") ? ` ${text} ` : text;
  return `${fence}${inner.replace(/\s/g, " ")}${fence}`;
}

/** Code on lines of its own. */
export function codeBlock(text: string, language = "starlark"): string {
  const fence = fenceAround(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

function fenceAround(text: string, least: number): string {
  const longest = Math.max(least - 1, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}
