import * as vscode from "vscode";
import { subjectOf } from "../model/subject.ts";
import type { PhasesTabs } from "../phases/phasesTab.ts";
import type { Services } from "../services.ts";
import { pickPackage } from "./pickPackage.ts";

/** Preview Phases: the phase graph of a file in an editor tab. */
export function registerPreviewPhases(services: Services, tabs: PhasesTabs): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.previewPhases", async (...args: unknown[]) => {
    const target = await pickPackage(services, subjectOf(args), "Preview Phases");
    if (target) await tabs.show(vscode.Uri.parse(target.uri));
  });
}
