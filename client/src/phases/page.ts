import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Folders that the page may load from. */
export function pageRoots(context: vscode.ExtensionContext): vscode.Uri[] {
  return [vscode.Uri.joinPath(context.extensionUri, "dist", "webview")];
}

/** The page's HTML: one script with a nonce, one style sheet, nothing else. */
export function pageHtml(context: vscode.ExtensionContext, webview: vscode.Webview): string {
  const nonce = randomBytes(16).toString("base64url");
  const resource = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, "dist", "webview", name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    // The drawing that becomes a PNG is loaded as an image.
    "img-src data:",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Phases</title>
<link rel="stylesheet" href="${resource("phases.css")}">
</head>
<body>
<main><h1 class="unseen">Phases</h1><div id="app"></div></main>
<script nonce="${nonce}" src="${resource("phases.js")}"></script>
</body>
</html>`;
}
