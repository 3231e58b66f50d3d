import type { ShellFault } from "./cursor.ts";

/** What shell text says. */
export interface ShellReading {
  /** The first fault; what follows it cannot be told. */
  readonly fault: ShellFault | undefined;
  /** Simple commands as far as they were read, in the order of their ends. */
  readonly commands: readonly ShellCommand[];
  /** Functions and variables that it defines, as far as it was read. */
  readonly names: readonly ShellName[];
}

/** A name that shell text itself gives a meaning; offsets count UTF-16 units. */
export interface ShellName {
  readonly kind: "function" | "variable";
  readonly start: number;
  readonly end: number;
}

/** A simple command: its words, assignments before it left out. Offsets count UTF-16 units. */
export interface ShellCommand {
  readonly words: readonly { readonly start: number; readonly end: number }[];
}

/** Commands whose arguments are variables that they set. */
const declaring = new Set(["export", "local", "readonly", "declare", "typeset", "read", "mapfile", "readarray"]);

/** Whether the last word of a command is a variable that it sets (`export A=1`, `read line`). */
export function isDeclared(text: string, words: readonly { readonly start: number; readonly end: number }[]): boolean {
  const [first] = words;
  return words.length > 1 && first !== undefined && declaring.has(text.slice(first.start, first.end));
}

/** The name that a word is (a function) or begins with (`NAME=…`, `NAME[i]=…`); undefined for other words. */
export function findName(kind: ShellName["kind"], word: string): string | undefined {
  const form = kind === "function" ? /^[A-Za-z_][\w.:-]*$/ : /^[A-Za-z_]\w*(?=$|\[|\+?=)/;
  return form.exec(word)?.[0];
}
