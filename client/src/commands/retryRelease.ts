import type { PackageState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { retryTarget } from "../model/packageChoice.ts";
import { retryArguments } from "../model/runs.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";
import { parallelSetting } from "./settings.ts";

const canRetryFile = (file: string, state: PackageState | undefined) => retryTarget(file, state).kind === "release";

/** Retry Release: runs again what failed in the newest release of a file, with its recorded inputs. */
export function registerRetryRelease(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.retryRelease", async (...args: unknown[]) => {
    const subject = subjectOf(args);
    const target = await pickPackage(services, subject, "Retry Release", canRetryFile);
    if (!target) return;
    const found = retryTarget(target.file, services.releases.findPackage(target.uri), subject.releaseRef);
    if (found.kind === "none") {
      const answer = await vscode.window.showInformationMessage(found.reason, "New Release");
      if (answer) await vscode.commands.executeCommand("ocuroot.newRelease", vscode.Uri.parse(target.uri));
      return;
    }
    await runAndReport(services, {
      args: retryArguments(found.release.ref, parallelSetting()),
      title: `Retry of ${target.file} ${found.release.name}`,
      file: target.file,
      repository: target.repository,
      kind: "release",
    });
  });
}
