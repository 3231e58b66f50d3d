import type { ReleaseChanges } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { subjectOf } from "../model/subject.ts";
import type { PackageFile } from "../packageFiles.ts";
import { changeLines } from "../phases/releaseChanges.ts";
import type { Services } from "../services.ts";
import { pickPackage } from "./pickPackage.ts";
import { heading, type PlaceItem, pickPlace } from "./pickPlace.ts";

const title = "What Would Change If I Released This Now";

/** What would change if a file was released now: gravest first, each line leads to its source. */
export function registerReleaseChanges(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.releaseChanges", async (...args: unknown[]) => {
    const target = await pickPackage(services, subjectOf(args), title);
    if (!target) return;
    const now = await readChanges(services, target);
    if (now === undefined || now.problem !== undefined) {
      const reason = now?.problem ?? "The language server could not tell.";
      void vscode.window.showInformationMessage(
        `What a release of ${target.file} would change is not known: ${reason}`,
      );
      return;
    }
    const release: PlaceItem = {
      label: `$(rocket) Release ${now.next} of ${target.file}`,
      run: () => vscode.commands.executeCommand("ocuroot.newRelease", vscode.Uri.parse(target.uri)),
    };
    await pickPlace([release, ...changeItems(now)], title, now.summary);
  });
}

/** What releasing a file now would change; the file is opened for the server, which knows open documents. */
export async function readChanges(services: Services, { uri }: PackageFile): Promise<ReleaseChanges | undefined> {
  const location = vscode.ProgressLocation.Window;
  return await vscode.window.withProgress({ location, title: "Comparing with the last release" }, async () => {
    await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)).then(undefined, () => undefined);
    return await services.insights.loadChanges(uri);
  });
}

/** The lines of what would change, and of what would run again afterwards. */
export function changeItems(now: ReleaseChanges): PlaceItem[] {
  const { changes, downstream } = changeLines(now);
  const against = now.base ? `against ${now.base.name}` : "the first release";
  return [
    ...(changes.length > 0 ? [heading(against), ...changes] : []),
    ...(downstream.length > 0 ? [heading("runs again afterwards"), ...downstream] : []),
  ];
}
