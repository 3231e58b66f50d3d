import type { PackageState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { plural } from "../model/format.ts";
import { continueTarget } from "../model/packageChoice.ts";
import { localRef, missingName, refParts } from "../model/refText.ts";
import { continueArguments } from "../model/runs.ts";
import { hasNotBegun, lookOf } from "../model/status.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { dryRunSetting, parallelSetting } from "../settings.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";

const canContinueFile = (file: string, state: PackageState | undefined) =>
  continueTarget(file, state).kind === "release";

/** Continue Release: goes on with a release that waited, now that its inputs may be there. */
export function registerContinueRelease(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.continueRelease", async (...args: unknown[]) => {
    const subject = subjectOf(args);
    const target = await pickPackage(services, subject, "Continue Release", canContinueFile);
    if (!target) return;
    const ref = subject.releaseRef ?? newestWaiting(services, target);
    if (ref === undefined || !(await shallContinue(services, target.uri, ref))) return;
    await runAndReport(services, {
      args: continueArguments(ref, parallelSetting(services)),
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

/** Shows what is left of a release before it goes on, when the setting says always. */
async function shallContinue(services: Services, uri: string, ref: string): Promise<boolean> {
  if (dryRunSetting() !== "always") return true;
  const release = services.releases.findPackage(uri)?.releases.find((each) => ref === each.ref);
  const left = (release?.phases ?? []).flatMap(({ name, work }) =>
    work.filter(hasNotBegun).map((each) => ({
      label: `$(${lookOf(each.status).icon}) ${each.kind} ${each.name}`,
      description: [name, ...(each.missing ?? []).map((input) => `needs ${missingName(input)}`)]
        .filter(Boolean)
        .join(" · "),
      detail: (each.missing ?? []).map((input) => localRef(input.ref)).join(", "),
    })),
  );
  const start = { label: `$(debug-continue) Continue ${refParts(ref).release ?? ""}` };
  const placeHolder = `${plural(left.length, "piece")} of work can follow, as far as inputs are there`;
  return (await vscode.window.showQuickPick([start, ...left], { title: "What Would This Do?", placeHolder })) === start;
}
