/** Formats of `format.format(…)`, read. */
import { pulse } from "./pulse.ts";

export interface BraceFormat {
  /** The texts around the fields: one more than there are fields. */
  readonly texts: readonly string[];
  /** What each field shows: an argument by its place, or by its name. */
  readonly fields: readonly (number | string)[];
}

/** A format with more is not kept in mind. */
const maxFields = 10_000;

/** A piece of a format: an escaped brace, a field that only says which argument it shows, or the text before the next. */
const pieces = /\{\{|\}\}|\{(|0|[1-9][0-9]{0,5}|[A-Za-z_][A-Za-z_0-9]*)\}|[^{}]+/y;

/** Undefined for a format that is wrong, says more than which arguments it shows, or shows very many. */
export function parseBraceFormat(format: string): BraceFormat | undefined {
  const texts: string[] = [];
  const fields: (number | string)[] = [];
  let before = "";
  let automatic = 0;
  let isManual = false;
  for (pieces.lastIndex = 0; pieces.lastIndex < format.length; ) {
    pulse();
    const match = pieces.exec(format);
    if (match === null || fields.length > maxFields) return undefined;
    const [piece, name] = match;
    if (name === undefined) {
      before += piece === "{{" ? "{" : piece === "}}" ? "}" : piece;
      continue;
    }
    const isNumber = name !== "" && name <= "9";
    isManual ||= isNumber;
    fields.push(name === "" ? automatic++ : isNumber ? Number(name) : name);
    texts.push(before);
    before = "";
    if (isManual && automatic > 0) return undefined;
  }
  texts.push(before);
  return { texts, fields };
}
