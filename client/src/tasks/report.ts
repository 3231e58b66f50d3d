import * as vscode from "vscode";
import type { RunOutcome, RunRequest } from "../model/runs.ts";
import { isApproval } from "../model/waiting.ts";
import type { Services } from "../services.ts";

/** Runs a request and tells a person what they must act on; a run that went well stays quiet. */
export async function runAndReport(services: Services, request: RunRequest): Promise<RunOutcome> {
  const obstacle = await services.capabilities.obstacle();
  if (obstacle !== undefined) {
    void reportObstacle(obstacle);
    return { kind: "interrupted" };
  }
  const outcome = await services.runner.run(request);
  // Not awaited: the message may stay open for as long as it likes.
  void report(request, outcome);
  return outcome;
}

async function report(request: RunRequest, outcome: RunOutcome): Promise<void> {
  switch (outcome.kind) {
    case "done":
    case "interrupted":
      return;
    case "problems": {
      const answer = await vscode.window.showWarningMessage(outcome.message, "Show Problems");
      if (answer) await vscode.commands.executeCommand("workbench.actions.view.problems");
      return;
    }
    case "held":
      void vscode.window.showInformationMessage(outcome.message);
      return;
    case "waits": {
      const approval = isApproval(outcome.inputRef);
      const answer = await vscode.window.showInformationMessage(outcome.message, approval ? "Approve" : "Set Value…");
      const command = approval ? "ocuroot.approve" : "ocuroot.setState";
      if (answer) await vscode.commands.executeCommand(command, outcome.inputRef, request.repository);
      return;
    }
    case "alreadyReleased": {
      const answer = await vscode.window.showWarningMessage(outcome.message, "Release Again (Force)");
      if (answer) await vscode.commands.executeCommand("ocuroot.newReleaseForce", packageUri(request));
      return;
    }
    case "failed":
      return await reportFailure(request, outcome);
  }
}

async function reportObstacle(obstacle: string): Promise<void> {
  const answer = await vscode.window.showErrorMessage(obstacle, "Open Setting");
  if (answer) await vscode.commands.executeCommand("ocuroot.openPathSetting");
}

async function reportFailure(request: RunRequest, outcome: RunOutcome & { kind: "failed" }): Promise<void> {
  const actions = [...(outcome.releaseRef ? ["Retry"] : []), ...(outcome.runRef ? ["Show Log"] : [])];
  const answer = await vscode.window.showErrorMessage(outcome.message, ...actions);
  if (answer === "Retry")
    await vscode.commands.executeCommand("ocuroot.retryRelease", outcome.releaseRef, request.repository);
  if (answer === "Show Log")
    await vscode.commands.executeCommand("ocuroot.showLog", outcome.runRef, request.repository);
}

function packageUri(request: RunRequest): vscode.Uri | undefined {
  return request.file === undefined
    ? undefined
    : vscode.Uri.joinPath(vscode.Uri.parse(request.repository), request.file);
}
