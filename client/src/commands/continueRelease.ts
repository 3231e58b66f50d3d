import type { PackageState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { continueTarget } from "../model/packageChoice.ts";
import { refParts } from "../model/refText.ts";
import { continueArguments } from "../model/runs.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";
import { parallelSetting } from "./settings.ts";

const canContinueFile = (file: string, state: PackageState | undefined) =>
  continueTarget(file, state).kind === "release";

/** Continue Release: goes on with a release that waited, now that its inputs may be there. */
export function registerContinueRelease(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.continueRelease", async (...args: unknown[]) => {
    const subject = subjectOf(args);
    const target = await pickPackage(services, subject, "Continue Release", canContinueFile);
    if (!target) return;
    const ref = subject.releaseRef ?? newestWaiting(services, target);
    if (ref === undefined) return;
    await runAndReport(services, {
      args: continueArguments(ref, parallelSetting()),
      title: `Continuing ${target.file} ${refParts(ref).release ?? ""}`,
      file: target.file,
      repository: target.repository,
      kind: "release",
    });
  });
}

function newestWaiting(services: Services, target: { file: string; uri: string }): string | undefined {
  const found = continueTarget(target.file, services.releases.findPackage(target.uri));
  if (found.kind === "release") return found.release.ref;
  void vscode.window.showInformationMessage(found.reason);
  return undefined;
}
