import * as vscode from "vscode";
import type { PageMessage } from "./messages.ts";

const endings = { svg: "svg", png: "png", mermaid: "mmd" } as const;

/** Asks where a drawing of the graph is to be kept, and writes it there. */
export async function saveDrawing(
  message: PageMessage & { type: "save" },
  file: vscode.Uri | undefined,
): Promise<void> {
  const ending = endings[message.format];
  const defaultUri = file?.with({ path: file.path.replace(/\.ocu\.star$/, `.${ending}`) });
  const target = await vscode.window.showSaveDialog({
    title: "Export Phases",
    filters: { [ending.toUpperCase()]: [ending] },
    ...(defaultUri ? { defaultUri } : {}),
  });
  if (!target) return;
  const bytes = message.format === "png" ? Buffer.from(message.data, "base64") : Buffer.from(message.data, "utf8");
  await vscode.workspace.fs.writeFile(target, bytes);
  const answer = await vscode.window.showInformationMessage(
    `Saved ${vscode.workspace.asRelativePath(target)}.`,
    "Open",
  );
  if (answer) await vscode.commands.executeCommand("vscode.open", target);
}
