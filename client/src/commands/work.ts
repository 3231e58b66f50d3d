import * as vscode from "vscode";
import { workArguments } from "../model/runs.ts";
import { doLabel, readWorkItems, type WorkItem, workLine } from "../model/workItems.ts";
import { errorText } from "../serverConnection.ts";
import type { Services } from "../services.ts";
import { parallelSetting } from "../settings.ts";
import { capture } from "../tasks/capture.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickRepository } from "./pickRepository.ts";
import { saveForRun } from "./saveForRun.ts";

const titles = { continue: "Work: Continue", cascade: "Work: Cascade" } as const;
const nowhere = { continue: "at this commit", cascade: "in any repository" } as const;

/** Work: Continue (this commit) and Work: Cascade (everything): shows what would be done, and does it when told to. */
export function registerWork(services: Services): vscode.Disposable {
  const work = async (what: "continue" | "cascade") => {
    const repository = await pickRepository(services, titles[what]);
    if (repository === undefined || !(await saveForRun())) return;
    const items = await dryRun(services, repository, what);
    if (items === undefined) return;
    if (items.length === 0) {
      void vscode.window.showInformationMessage(`There is no work ${nowhere[what]}.`);
      return;
    }
    if (!(await shallDo(titles[what], items))) return;
    await runAndReport(services, {
      args: workArguments(what, { parallel: parallelSetting(services) }),
      title: titles[what],
      repository,
      kind: "other",
    });
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand("ocuroot.workContinue", () => work("continue")),
    vscode.commands.registerCommand("ocuroot.workCascade", () => work("cascade")),
  );
}

async function dryRun(
  services: Services,
  repository: string,
  what: "continue" | "cascade",
): Promise<WorkItem[] | undefined> {
  const location = vscode.ProgressLocation.Window;
  try {
    return await vscode.window.withProgress({ location, title: "Looking for work" }, async () =>
      readWorkItems(await capture(services, repository, workArguments(what, { dryRun: true }))),
    );
  } catch (error) {
    void vscode.window.showErrorMessage(`${titles[what]}: ${errorText(error)}`);
    return undefined;
  }
}

/** The dry run as a list: its first line starts the work, the others only say what that is. */
async function shallDo(title: string, items: readonly WorkItem[]): Promise<boolean> {
  const start: vscode.QuickPickItem = { label: `$(play) ${doLabel(items)}` };
  const separator: vscode.QuickPickItem = { label: "dry run", kind: vscode.QuickPickItemKind.Separator };
  const lines = items.slice(0, 500).map(workLine);
  const choice = await vscode.window.showQuickPick([start, separator, ...lines], {
    title,
    placeHolder: "Nothing is done yet",
    matchOnDescription: true,
  });
  return choice === start;
}
