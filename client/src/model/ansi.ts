/** How a stretch of a line looks. Colours are theme colours (`terminal.ansiRed`) or CSS values (`#d75f00`). */
export interface AnsiStyle {
  readonly color?: string;
  readonly background?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
}

/** A stretch of a line that has a style; offsets are UTF-16 units. */
export interface AnsiSpan {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly style: AnsiStyle;
}

/** More than this many coloured stretches are no help to a reader, and slow the editor down. */
const maxSpans = 20_000;

const names = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"];
/** A code of a terminal, or a carriage return, which starts its line over. */
const codes = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[@-Z\\^_])|\r+(?!\n|\r|$)|\r/g;

/** Text as a terminal would show it, without its codes, and the styles that they gave it. */
export function readAnsi(raw: string): { readonly text: string; readonly spans: readonly AnsiSpan[] } {
  if (!/[\x1b\r]/.test(raw)) return { text: raw, spans: [] };
  const spans: AnsiSpan[] = [];
  let style: AnsiStyle = {};
  const lines = raw.split("\n").map((source, line) => {
    const firstOfLine = spans.length;
    let text = "";
    let from = 0;
    const add = (part: string) => {
      const start = text.length;
      text += part;
      if (part.trim() !== "" && Object.keys(style).length > 0 && spans.length < maxSpans) {
        spans.push({ line, start, end: text.length, style });
      }
    };
    for (const match of source.matchAll(codes)) {
      add(source.slice(from, match.index));
      from = match.index + match[0].length;
      if (match[2] === "m") style = nextStyle(style, match[1] ?? "");
      else if (match[0].startsWith("\r") && from < source.length) {
        text = "";
        spans.length = firstOfLine;
      }
    }
    add(source.slice(from));
    return text;
  });
  return { text: lines.join("\n"), spans };
}

function nextStyle(style: AnsiStyle, parameters: string): AnsiStyle {
  const values = parameters.split(/[;:]/).map(Number);
  let next: Record<string, unknown> = { ...style };
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value === 0) next = {};
    else if (value === 1) next.bold = true;
    else if (value === 2) next.dim = true;
    else if (value === 3) next.italic = true;
    else if (value === 4) next.underline = true;
    else if (value === 22) next = without(next, "bold", "dim");
    else if (value === 23) next = without(next, "italic");
    else if (value === 24) next = without(next, "underline");
    else if (value === 39) next = without(next, "color");
    else if (value === 49) next = without(next, "background");
    else if (value === 38 || value === 48) {
      const [color, used] = extended(values.slice(index + 1));
      if (color !== undefined) next[value === 38 ? "color" : "background"] = color;
      index += used;
    } else {
      const tens = Math.floor(value / 10);
      if (value % 10 > 7) continue;
      if (tens === 3 || tens === 9) next.color = themeColor((tens === 9 ? 8 : 0) + (value % 10));
      if (tens === 4 || tens === 10) next.background = themeColor((tens === 10 ? 8 : 0) + (value % 10));
    }
  }
  return next;
}

/** The colour that follows 38 or 48, and how many values it takes. */
function extended([mode, ...values]: number[]): [string | undefined, number] {
  if (mode === 2) return [hex(values[0] ?? 0, values[1] ?? 0, values[2] ?? 0), 4];
  if (mode !== 5) return [undefined, 1];
  const index = values[0] ?? 0;
  if (index < 16) return [themeColor(index), 2];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [hex(grey, grey, grey), 2];
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return [hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), 2];
}

function themeColor(index: number): string {
  return `terminal.ansi${index > 7 ? "Bright" : ""}${names[index % 8]}`;
}

function hex(...parts: number[]): string {
  return `#${parts.map((part) => Math.min(255, part).toString(16).padStart(2, "0")).join("")}`;
}

function without(record: Record<string, unknown>, ...keys: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
