import assert from "node:assert/strict";

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** The UTF-16 column of a column in another encoding. */
function toUtf16(text: string, { line, character }: Position, encoding: string): Position {
  const content = text.split("\n")[line] ?? "";
  let [left, column] = [character, 0];
  for (const char of content) {
    if (left <= 0) break;
    left -= encoding === "utf-8" ? Buffer.byteLength(char) : encoding === "utf-32" ? 1 : char.length;
    column += char.length;
  }
  assert.equal(left, 0, `${encoding} ${line}:${character} is within a character, or behind the line`);
  return { line, character: column };
}

/** The column in an encoding of a UTF-16 column. */
export function fromUtf16(text: string, { line, character }: Position, encoding: string): Position {
  const before = (text.split("\n")[line] ?? "").slice(0, character);
  if (encoding === "utf-8") return { line, character: Buffer.byteLength(before) };
  return { line, character: encoding === "utf-32" ? [...before].length : character };
}

/** An answer with its positions in UTF-16 units; URIs say which file they are of. */
export function normalise(answer: unknown, texts: ReadonlyMap<string, string>, encoding: string, uri: string): unknown {
  if (Array.isArray(answer)) return answer.map((each) => normalise(each, texts, encoding, uri));
  if (typeof answer !== "object" || answer === null) return answer;
  const fields = answer as Record<string, unknown>;
  if (typeof fields.line === "number" && typeof fields.character === "number") {
    return toUtf16(texts.get(uri) ?? "", fields as unknown as Position, encoding);
  }
  const own = [fields.uri, fields.targetUri].find((each) => typeof each === "string") ?? uri;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      normalise(value, texts, encoding, texts.has(key) ? key : (own as string)),
    ]),
  );
}

/** Tokens as [line, UTF-16 column, UTF-16 length, …]. */
export function decodeTokens(data: readonly number[], text: string, encoding: string): number[][] {
  const tokens: number[][] = [];
  let [line, character] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [lines, columns, length, ...rest] = data.slice(at, at + 5) as [number, number, number, number, number];
    character = lines === 0 ? character + columns : columns;
    line += lines;
    const start = toUtf16(text, { line, character }, encoding);
    const end = toUtf16(text, { line, character: character + length }, encoding);
    tokens.push([line, start.character, end.character - start.character, ...rest]);
  }
  return tokens;
}
