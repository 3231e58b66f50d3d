import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

/**
 * Stands for the editor's own shell grammar: enough to see that it is reached, and with a string that never ends on its
 * own, to see that it cannot run over the end of ours.
 */
const shellGrammar = {
  scopeName: "source.shell",
  patterns: [
    { begin: "'", end: "'", name: "string.quoted.single.shell" },
    { match: "#.*$", name: "comment.line.number-sign.shell" },
    { match: "\\b(?:echo|docker|if|then|fi)\\b", name: "support.function.builtin.shell" },
    { match: "\\$\\w+|\\$\\{\\w+\\}", name: "variable.other.normal.shell" },
  ],
};

let grammar: Promise<IGrammar> | undefined;

/** The grammar of package files, with a shell grammar beside it. */
export function ocurootGrammar(): Promise<IGrammar> {
  grammar ??= load();
  return grammar;
}

async function load(): Promise<IGrammar> {
  const wasm = createRequire(__filename).resolve("vscode-oniguruma/release/onig.wasm");
  await loadWASM(readFileSync(wasm));
  const path = join(__dirname, "../../syntaxes/ocuroot.tmLanguage.json");
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async (scope) =>
      scope === "source.shell"
        ? parseRawGrammar(JSON.stringify(shellGrammar), "shell.json")
        : parseRawGrammar(readFileSync(path, "utf8"), path),
  });
  return (await registry.loadGrammar("source.ocuroot"))!;
}

/** Scopes of the text between `«` and `»`: those that all of it has, without the root scope. */
export async function scopesOf(marked: string): Promise<string[]> {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  if (start < 0 || end < start) throw new Error(`no «marked text» in: ${marked}`);
  const text = marked.replace(/[«»]/g, "");
  let stack = INITIAL;
  let offset = 0;
  const found: string[][] = [];
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = (await ocurootGrammar()).tokenizeLine(line, stack);
    stack = ruleStack;
    for (const token of tokens) {
      if (token.endIndex + offset > start && token.startIndex + offset < end) found.push(token.scopes);
    }
    offset += line.length + 1;
  }
  const [first = [], ...rest] = found;
  return first.filter((scope) => scope !== "source.ocuroot" && rest.every((scopes) => scopes.includes(scope)));
}
