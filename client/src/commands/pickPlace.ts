import type { ProtocolPlace } from "@ocuroot/server/protocol";
import * as vscode from "vscode";

/** A line of a list that leads somewhere when it is chosen, or does something. */
export interface PlaceItem extends vscode.QuickPickItem {
  readonly place?: ProtocolPlace | undefined;
  readonly run?: () => unknown;
}

/** A heading in a list. */
export function heading(label: string): PlaceItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** Shows lines; the one that is chosen leads to its place. */
export async function pickPlace(items: readonly PlaceItem[], title: string, placeHolder: string): Promise<void> {
  const choice = await vscode.window.showQuickPick(items, {
    title,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (choice?.run) await choice.run();
  else if (choice?.place) await showPlace(choice.place);
}

/** Shows a place of the protocol in an editor. */
export async function showPlace({ uri, range }: ProtocolPlace): Promise<void> {
  const start = new vscode.Position(range.start.line, range.start.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(start, start) });
}
