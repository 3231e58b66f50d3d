import * as vscode from "vscode";
import { newReleaseArguments } from "../model/runs.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";
import { saveForRun } from "./saveForRun.ts";
import { parallelSetting } from "./settings.ts";

/** New Release, and New Release (force), which makes another one at a commit that has one. */
export function registerNewRelease(services: Services): vscode.Disposable {
  const release = async (force: boolean, args: readonly unknown[]) => {
    const target = await pickPackage(services, subjectOf(args), force ? "New Release (Force)" : "New Release");
    if (!target || !(await saveForRun())) return;
    await runAndReport(services, {
      args: newReleaseArguments(target.file, { force, parallel: parallelSetting() }),
      title: `Release of ${target.file}`,
      file: target.file,
      repository: target.repository,
      kind: "release",
    });
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand("ocuroot.newRelease", (...args: unknown[]) => release(false, args)),
    vscode.commands.registerCommand("ocuroot.newReleaseForce", (...args: unknown[]) => release(true, args)),
  );
}
