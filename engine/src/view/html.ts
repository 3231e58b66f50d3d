/** HTML as values: what is put into a template is escaped unless it is HTML itself. */

export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Content = Html | string | number | undefined | null | false | readonly Content[];

export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = strings[0] as string;
  values.forEach((value, index) => {
    text += textOf(value) + (strings[index + 1] as string);
  });
  return new Html(text);
}

function textOf(value: Content): string {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return (value as readonly Content[]).map(textOf).join("");
  return escape(String(value));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Also removes what a browser would take for the order of text, so that a name cannot look like another. */
function escape(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => entities[char] as string)
    .replace(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd");
}
