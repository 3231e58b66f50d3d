import * as vscode from "vscode";

/**
 * Brackets, comments and indentation of `.star` modules. Set at run time, not in the manifest: a language with a
 * configuration file would activate this extension for every Starlark file of every workspace.
 */
export function configureStarlark(): vscode.Disposable {
  return vscode.languages.setLanguageConfiguration("starlark", {
    comments: { lineComment: "#" },
    brackets: [
      ["{", "}"],
      ["[", "]"],
      ["(", ")"],
    ],
    indentationRules: {
      increaseIndentPattern: /^\s*(?:def|if|elif|else|for)\b.*:\s*(?:#.*)?$/,
      decreaseIndentPattern: /^\s*(?:elif|else)\b.*:\s*(?:#.*)?$/,
    },
    onEnterRules: [
      {
        beforeText: /^\s*(?:return|pass|break|continue)\b[^([{]*$/,
        action: { indentAction: vscode.IndentAction.Outdent },
      },
    ],
    autoClosingPairs: [
      { open: "{", close: "}" },
      { open: "[", close: "]" },
      { open: "(", close: ")" },
      { open: '"', close: '"', notIn: [vscode.SyntaxTokenType.String] },
      { open: "'", close: "'", notIn: [vscode.SyntaxTokenType.String, vscode.SyntaxTokenType.Comment] },
    ],
  });
}
