/** What a client sent is not what the protocol asks for. */
export class InvalidParams extends Error {
  override readonly name = "InvalidParams";
}

/** Throws unless the params name a document. */
export function requireDocument(params: unknown): void {
  if (typeof recordOf(recordOf(params)?.textDocument)?.uri !== "string") {
    throw new InvalidParams("`textDocument.uri` must be a string.");
  }
}

/** Throws unless a value is a position: a line and a column, both from 0. */
export function requirePosition(value: unknown, name: string): void {
  const position = recordOf(value);
  if (position === undefined || !isCount(position.line) || !isCount(position.character)) {
    throw new InvalidParams(`\`${name}\` must be a position with a line and a character, both from 0.`);
  }
}

/** Throws unless a value is a range. */
export function requireRange(value: unknown, name: string): void {
  requirePosition(recordOf(value)?.start, `${name}.start`);
  requirePosition(recordOf(value)?.end, `${name}.end`);
}

/** Throws when one of the fields in which the protocol has places holds something else. */
export function requirePlaces(params: object): void {
  const { position, range, positions } = params as { position?: unknown; range?: unknown; positions?: unknown };
  if (position !== undefined) requirePosition(position, "position");
  if (range !== undefined) requireRange(range, "range");
  if (positions === undefined) return;
  if (!Array.isArray(positions)) throw new InvalidParams("`positions` must be a list.");
  for (const [index, each] of positions.entries()) requirePosition(each, `positions[${index}]`);
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
