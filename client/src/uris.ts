import * as vscode from "vscode";
import { pathBelow } from "./model/filePaths.ts";

/** Path of `uri` below `root`, with `/`; the whole path when it is not below it. */
export function relativePath(root: vscode.Uri, uri: vscode.Uri): string {
  return (root.authority === uri.authority ? pathBelow(root.path, uri.path) : undefined) ?? uri.path;
}

/** An address as the editor writes it. The server leaves more letters as they are, and writes drives in another way. */
export function ownUri(uri: string): string {
  return vscode.Uri.parse(uri).toString();
}
