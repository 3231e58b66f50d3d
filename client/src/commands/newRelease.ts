import * as vscode from "vscode";
import { newReleaseArguments } from "../model/runs.ts";
import { subjectOf } from "../model/subject.ts";
import type { PackageFile } from "../packageFiles.ts";
import { takesSomethingDown } from "../phases/releaseChanges.ts";
import type { Services } from "../services.ts";
import { dryRunSetting, parallelSetting } from "../settings.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";
import { heading, type PlaceItem, showPlace } from "./pickPlace.ts";
import { changeItems, readChanges } from "./releaseChanges.ts";
import { saveForRun } from "./saveForRun.ts";

/** New Release, and New Release (force), which makes another one at a commit that has one. */
export function registerNewRelease(services: Services): vscode.Disposable {
  const release = async (force: boolean, args: readonly unknown[]) => {
    const target = await pickPackage(services, subjectOf(args), force ? "New Release (Force)" : "New Release");
    if (!target || !(await saveForRun()) || !(await shallRelease(services, target))) return;
    await runAndReport(services, {
      args: newReleaseArguments(target.file, { force, parallel: parallelSetting(services) }),
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

/** Shows what a release would do before it does it: always, or where something that is live would go (a setting says which). */
async function shallRelease(services: Services, target: PackageFile): Promise<boolean> {
  const setting = dryRunSetting();
  if (setting === "never") return true;
  const now = await readChanges(services, target);
  // What cannot be told must not keep anyone from releasing: the command checks everything itself.
  if (now === undefined || now.problem !== undefined) return true;
  if (setting === "risky" && !takesSomethingDown(now)) return true;
  const start: PlaceItem = { label: `$(rocket) Make ${now.next} of ${target.file}` };
  const lines = changeItems(now);
  const choice = await vscode.window.showQuickPick(
    [start, ...(lines.length > 0 ? lines : [heading("nothing changes against the last release")])],
    { title: "What Would This Do?", placeHolder: now.summary, matchOnDetail: true, ignoreFocusOut: true },
  );
  if (choice?.place) await showPlace(choice.place);
  return choice === start;
}
