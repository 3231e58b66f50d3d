import {
  type LastOutputParams,
  type LastOutputResult,
  type LineOutput,
  lastOutputRequest,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { readAnsi } from "../model/ansi.ts";
import { formatAge, plural } from "../model/format.ts";
import type { Services } from "../services.ts";

/** Lines that a hover shows. */
const shownLines = 12;

/** From a source line to what it printed last: a hover on the line, with a link to the place in the log. */
export function registerLastOutput(services: Services): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { scheme: "file", pattern: "**/*.star" },
    {
      async provideHover(document, { line }, token) {
        if (!vscode.workspace.isTrusted) return undefined;
        const params: LastOutputParams = { uri: document.uri.toString(), line };
        const result = await services.server.request<LastOutputResult>(lastOutputRequest, params, token);
        const [newest, ...older] = result?.outputs ?? [];
        return newest && new vscode.Hover(textOf(newest, older));
      },
    },
  );
}

function textOf(newest: LineOutput, older: readonly LineOutput[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: ["ocuroot.showLog"] };
  const age = newest.at === undefined ? "" : ` · ${formatAge(newest.at, Date.now())}`;
  const lines = readAnsi(newest.text).text.split("\n");
  const left = newest.lineCount - Math.min(lines.length, shownLines);
  text.appendMarkdown(`$(output) ${newest.certain ? "Printed last" : "Probably printed last"} · `);
  text.appendText(`${newest.title}${age}`);
  text.appendCodeblock(lines.slice(-shownLines).join("\n"), "text");
  const more = left > 0 ? ` (${plural(left, "line")} more)` : "";
  text.appendMarkdown(
    `${[newest, ...older]
      .map((each, index) => linkOf(each, index === 0 ? `Open log${more}` : each.title))
      .slice(0, 5)
      .join(" · ")}`,
  );
  return text;
}

function linkOf({ runRef, logLine }: LineOutput, words: string): string {
  // A parenthesis would end the link: what follows must not become one of its own.
  const target = encodeURIComponent(JSON.stringify([runRef, undefined, logLine])).replace(/[()]/g, encodeParenthesis);
  return `[${words.replace(/[[\]\\`*_<>$]/g, "\\$&")}](command:ocuroot.showLog?${target})`;
}

function encodeParenthesis(char: string): string {
  return char === "(" ? "%28" : "%29";
}
