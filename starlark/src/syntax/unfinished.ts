/**
 * Whether a prompt must ask for more lines: a bracket or a long string is open, the line goes on (`\\`), or a compound
 * statement has begun, which an empty line ends. Pure; text that is wrong counts as finished, so that it is reported.
 */
export function isUnfinished(text: string): boolean {
  let depth = 0;
  let hasBlock = false;
  /** The last character of the logical line that is neither blank nor comment. */
  let last = "";
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string;
    if (char === "#") {
      while (i < text.length && text[i] !== "\n") i++;
    } else if (char === '"' || char === "'") {
      const end = stringEnd(text, i);
      if (end === undefined) return true;
      i = end;
      last = char;
    } else if (char === "\\" && /^\\\r?\n?$/.test(text.slice(i))) {
      return true;
    } else if (char === "\n") {
      if (depth === 0 && last === ":") hasBlock = true;
      if (depth === 0) last = "";
      i++;
    } else {
      if ("([{".includes(char)) depth++;
      else if (")]}".includes(char)) depth--;
      if (!/\s/.test(char)) last = char;
      i++;
    }
  }
  if (depth > 0) return true;
  return (hasBlock || last === ":") && !/\n[ \t]*\r?\n$/.test(text);
}

/** Where a string ends; undefined for a long one that is open. A short one that is open ends with its line: an error. */
function stringEnd(text: string, start: number): number | undefined {
  const quote = text[start] as string;
  const isLong = text.startsWith(quote.repeat(3), start);
  const close = isLong ? quote.repeat(3) : quote;
  for (let i = start + close.length; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text.startsWith(close, i)) return i + close.length;
    else if (!isLong && text[i] === "\n") return i;
  }
  return isLong ? undefined : text.length;
}
