import type { PackageState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { plural } from "../model/format.ts";
import { cancelTarget } from "../model/packageChoice.ts";
import { refParts } from "../model/refText.ts";
import { cancelArguments } from "../model/runs.ts";
import { hasNotBegun } from "../model/status.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";

const canCancelFile = (file: string, state: PackageState | undefined) => cancelTarget(file, state).kind === "release";

/** Cancel Release: gives up what the newest release of a file has not begun. It cannot be taken back, so it is asked once. */
export function registerCancelRelease(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.cancelRelease", async (...args: unknown[]) => {
    const subject = subjectOf(args);
    const target = await pickPackage(services, subject, "Cancel Release", canCancelFile);
    if (!target) return;
    const found = cancelTarget(target.file, services.releases.findPackage(target.uri), subject.releaseRef);
    if (found.kind === "none") {
      void vscode.window.showInformationMessage(found.reason);
      return;
    }
    const { release } = found;
    const left = release.phases.flatMap((phase) => phase.work).filter(hasNotBegun);
    const answer = await vscode.window.showWarningMessage(
      `Cancel ${release.name} of ${target.file}?`,
      {
        modal: true,
        detail: `${plural(left.length, "piece")} of work will never begin: ${left.map((each) => each.name).join(", ")}. What is done stays.`,
      },
      "Cancel Release",
    );
    if (!answer) return;
    await runAndReport(services, {
      args: cancelArguments(release.ref),
      title: `Cancelling ${target.file} ${refParts(release.ref).release ?? ""}`,
      repository: target.repository,
      kind: "other",
    });
  });
}
