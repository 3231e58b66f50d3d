import * as vscode from "vscode";

/** A run reads files from disk: unsaved Starlark files are saved before it. False when one could not be saved. */
export async function saveForRun(): Promise<boolean> {
  const unsaved = vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && document.uri.scheme === "file" && document.fileName.endsWith(".star"),
  );
  const saved = await Promise.all(unsaved.map((document) => document.save()));
  return saved.every(Boolean);
}
