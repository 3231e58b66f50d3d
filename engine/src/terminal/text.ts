/** Widths of text on a terminal, and the words for durations and values. */
import type { JsonValue } from "../json/json.ts";
import { printJson } from "../json/jsonText.ts";

const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g;
const wide = /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$/u;
const wideAstral = /^(?:\p{Emoji_Presentation}|\p{sc=Han})$/u;
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

function charWidth(char: string): number {
  const code = char.codePointAt(0) as number;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (code < 0x300) return 1;
  if (zeroWidth.test(char)) return 0;
  return wide.test(char) || wideAstral.test(char) ? 2 : 1;
}

/** Columns that the text takes; colour codes take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text.replace(escapes, "")) width += charWidth(char);
  return width;
}

/** Cuts to a number of columns, with `…` where something is left out. Colour codes stay whole. */
export function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let width = 0;
  let result = "";
  for (const part of text.split(/(\u001b\[[0-9;?]*[A-Za-z])/)) {
    if (part.startsWith("\u001b[")) {
      result += part;
      continue;
    }
    for (const char of part) {
      if (width > columns - 1) break;
      if (width + charWidth(char) > columns - 1) {
        width = columns;
        result += "…";
        break;
      }
      result += char;
      width += charWidth(char);
    }
  }
  return result;
}

export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** What a command prints, as one harmless line: no colours, no cursor moves, tabs as blanks. */
export function plainLine(text: string): string {
  return text
    .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, "")
    .replace(/\u001b[@-Z\\-_]|\u001b\[[0-?]*[ -/]*[@-~]/g, "")
    .replace(/^[\s\S]*\r(?=[\s\S])/, "")
    .replaceAll("\t", "    ")
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
}

/** Text of others as a terminal may have it: colours stay; what moves the cursor, clears, links or names the window goes. */
export function harmless(text: string): string {
  return text
    .replace(controls, (each) => (colour.test(each) ? each : ""))
    .replace(/^[^\n]*\r(?=[^\r\n])/gm, "")
    .replaceAll("\r", "");
}

const colour = /^\u001b\[[\d;:]*m$/;
/** Commands of a terminal with all that belongs to them, and control characters other than tab and the ends of lines. */
const controls =
  /\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 04 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function ago(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} days ago`;
}

/** A value as it is shown beside its name: strings bare, all else as JSON, on one line. */
export function shortValue(value: JsonValue): string {
  if (typeof value === "string") return plainLine(value.replaceAll("\n", "⏎"));
  return printJson(value);
}

/** `tag=myapp:12 build_number=12`. */
export function shownOutputs(outputs: JsonValue | undefined): string {
  if (outputs === null || typeof outputs !== "object" || Array.isArray(outputs)) return "";
  return Object.entries(outputs as Record<string, JsonValue>)
    .map(([name, value]) => `${name}=${shortValue(value)}`)
    .join(" ");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
