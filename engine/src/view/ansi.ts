/** What commands print, with their colours, as HTML. */
import { type Content, html } from "./html.ts";

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

interface Style {
  color: string | undefined;
  isBold: boolean;
  isDim: boolean;
}

/** One line of a log. Escape codes other than colours are left out; of a line that overwrites itself the last part counts. */
export function ansiToHtml(line: string): Content {
  const text = line
    .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, "")
    .replace(/\u001b\[[0-?]*[ -/]*[@-ln-~]/g, "")
    .replace(/^[\s\S]*\r(?=[\s\S])/, "");
  const style: Style = { color: undefined, isBold: false, isDim: false };
  return text.split(/(\u001b\[[\d;]*m)/).map((part): Content => {
    const codes = /^\u001b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      apply(style, codes);
      return "";
    }
    const plain = part.replace(/\u001b.?/g, "");
    if (plain === "") return "";
    const classes = [
      ...(style.color ? [`ansi-${style.color}`] : []),
      ...(style.isBold ? ["ansi-bold"] : []),
      ...(style.isDim ? ["ansi-dim"] : []),
    ];
    return classes.length > 0 ? html`<span class="${classes.join(" ")}">${plain}</span>` : plain;
  });
}

function apply(style: Style, codes: string): void {
  const numbers = codes === "" ? [0] : codes.split(";").map(Number);
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] as number;
    if (code === 0) Object.assign(style, { color: undefined, isBold: false, isDim: false });
    else if (code === 1) style.isBold = true;
    else if (code === 2) style.isDim = true;
    else if (code === 22) Object.assign(style, { isBold: false, isDim: false });
    else if (code === 39) style.color = undefined;
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style.color = names[code % 10];
    // Colours of 256 or more: their numbers are no codes of their own.
    else if (code === 38 || code === 48) index += numbers[index + 1] === 5 ? 2 : 4;
  }
}
