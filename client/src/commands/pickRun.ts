import type { PackageState, WorkState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { refParts } from "../model/refText.ts";
import { workDescription } from "../model/releases.ts";
import { lookOf } from "../model/status.ts";
import type { Subject } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { pickPackage } from "./pickPackage.ts";

/** A run in a repository. */
export interface RunAddress {
  readonly repository: string;
  readonly ref: string;
}

/** The run a command is about: its subject, else a choice among the work of the newest release of a file. */
export async function pickRun(services: Services, subject: Subject, title: string): Promise<RunAddress | undefined> {
  if (subject.runRef)
    return { ref: subject.runRef, repository: repositoryOf(services, subject.runRef, subject.repository) };
  const target = await pickPackage(services, subject, title, wasReleased);
  if (!target) return undefined;
  const newest = services.releases.findPackage(target.uri)?.releases[0];
  if (!newest) {
    void vscode.window.showInformationMessage(`${target.file} was never released, so there is no log yet.`);
    return undefined;
  }
  const work = newest.phases.flatMap((phase) => phase.work).filter((each) => each.status !== "pending");
  if (work.length === 1) return { repository: target.repository, ref: work[0]!.ref };
  const placeHolder = `Work of ${target.file} ${newest.name}`;
  const choice = await vscode.window.showQuickPick(work.map(workItem), {
    title,
    placeHolder,
    matchOnDescription: true,
  });
  return choice && { repository: target.repository, ref: choice.ref };
}

const wasReleased = (_file: string, state: PackageState | undefined) => (state?.releases.length ?? 0) > 0;

/** The repository (URI) that a ref belongs to: the one given, else by name, else the first. */
export function repositoryOf(services: Services, ref: string, given: string | undefined): string {
  const { repositories } = services.releases;
  const { repository: name, file } = refParts(ref);
  const found =
    repositories.find((each) => name !== "" && each.name === name) ??
    repositories.find((each) => each.packages.some((state) => state.file === file)) ??
    repositories[0];
  return given ?? found?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? "";
}

function workItem(work: WorkState): vscode.QuickPickItem & { ref: string } {
  const description = workDescription(work, Date.now());
  return { label: `$(${lookOf(work.status).icon}) ${work.name}`, description, ref: work.ref };
}
