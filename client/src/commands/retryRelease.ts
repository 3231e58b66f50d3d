import type { PackageState, ReleaseState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { shortCommit } from "../model/format.ts";
import { retryTarget } from "../model/packageChoice.ts";
import { type RetryFiles, retryArguments } from "../model/runs.ts";
import { subjectOf } from "../model/subject.ts";
import type { PackageFile } from "../packageFiles.ts";
import type { Services } from "../services.ts";
import { parallelSetting } from "../settings.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";

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
    const way = await wayToRetry(services, target, found.release);
    if (way === "new") return await vscode.commands.executeCommand("ocuroot.newRelease", vscode.Uri.parse(target.uri));
    if (way === undefined) return;
    await runAndReport(services, {
      args: retryArguments(found.release.ref, { files: way, parallel: parallelSetting(services) }),
      title: `Retry of ${target.file} ${found.release.name}`,
      file: target.file,
      repository: target.repository,
      kind: "release",
    });
  });
}

/** How a release is retried; asked only when the commit that is checked out is not the one it was made from. */
async function wayToRetry(
  services: Services,
  target: PackageFile,
  release: ReleaseState,
): Promise<RetryFiles | "new" | undefined> {
  // Git tells nobody when another commit is checked out: it is looked at now.
  await services.releases.refresh();
  const head = services.releases.repositories.find((each) => each.uri === target.repository)?.commit;
  if (head === undefined || head === release.commit) return "checkout";
  const [then, now] = [shortCommit(release.commit), shortCommit(head)];
  const worktree = `Retry in a Worktree of ${then}`;
  const currentFiles = "Retry with Current Files";
  const hasWorktrees = services.capabilities.has("retryInWorktree");
  const answer = await vscode.window.showWarningMessage(
    `${release.name} of ${target.file} was made from commit ${then}; now ${now} is checked out.`,
    {
      modal: true,
      detail: [
        `A retry repeats only what failed, with the inputs that ${release.name} recorded. A new release takes ${now} through all phases.`,
        hasWorktrees
          ? `A worktree has the files of ${then} for this one retry; what is checked out stays as it is.`
          : services.capabilities.reason("retryInWorktree"),
      ].join("\n\n"),
    },
    "New Release",
    currentFiles,
    ...(hasWorktrees ? [worktree] : []),
  );
  if (answer === "New Release") return "new";
  if (answer === currentFiles) return "current";
  return answer === worktree ? "worktree" : undefined;
}
