import type { EnvironmentState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { plural } from "../model/format.ts";
import { refParts } from "../model/refText.ts";
import { type Subject, subjectOf } from "../model/subject.ts";
import { isCareful } from "../model/waiting.ts";
import type { Services } from "../services.ts";
import { runAndReport } from "../tasks/report.ts";
import { confirmSetting, parallelSetting } from "./settings.ts";

interface Target {
  readonly repository: string;
  readonly environment: EnvironmentState;
}

/** Delete Environment…: shows what would be taken down, then removes the environment and takes it down. */
export function registerDeleteEnvironment(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.deleteEnvironment", async (...args: unknown[]) => {
    const target = await pickEnvironment(services, subjectOf(args));
    if (!target || !(await shallDelete(target))) return;
    const { repository, environment } = target;
    const ref = `@/environment/${environment.name}`;
    const request = { repository, kind: "other", title: `Deletion of ${environment.name}` } as const;
    const outcome = await runAndReport(services, { ...request, args: ["state", "delete", ref] });
    if (outcome.kind !== "done") return;
    const parallel = parallelSetting(services);
    const options = parallel > 0 ? ["--parallel", String(parallel)] : [];
    await runAndReport(services, { ...request, args: ["state", "apply", ref, "--cascade", ...options] });
  });
}

async function pickEnvironment(services: Services, subject: Subject): Promise<Target | undefined> {
  const all = services.releases.repositories.flatMap(({ uri, environments }) =>
    environments.map((environment): Target => ({ repository: uri, environment })),
  );
  const named = subject.ref === undefined ? undefined : refParts(subject.ref).name[0];
  const given = all.find(({ repository, environment }) =>
    named === undefined ? false : environment.name === named && (subject.repository ?? repository) === repository,
  );
  if (given) return given;
  const items = all.map((target) => ({
    label: `$(server-environment) ${target.environment.name}`,
    description: plural(target.environment.deployments.length, "deployment"),
    target,
  }));
  const options = { title: "Delete Environment", placeHolder: "Nothing is deleted yet", matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.target;
}

/** The dry run: each deployment that would be taken down, then the one line that does it. */
async function shallDelete({ environment }: Target): Promise<boolean> {
  const { name, deployments, attributes } = environment;
  const start: vscode.QuickPickItem = {
    label: `$(trash) Delete ${name}${deployments.length > 0 ? ` and take ${plural(deployments.length, "deployment")} down` : ""}`,
  };
  const lines: vscode.QuickPickItem[] = deployments.map(({ file, release }) => ({
    label: `$(rocket) ${file}`,
    description: `down runs, with the inputs of ${release}`,
  }));
  const separator = { label: "would be taken down", kind: vscode.QuickPickItemKind.Separator };
  const choice = await vscode.window.showQuickPick([start, ...(lines.length > 0 ? [separator, ...lines] : [])], {
    title: "What Would This Do?",
    placeHolder: lines.length > 0 ? "Nothing is done yet" : "Nothing is deployed there; nothing is done yet",
    ignoreFocusOut: true,
  });
  if (choice !== start) return false;
  if (!isCareful([name, ...Object.values(attributes)], confirmSetting())) return true;
  const detail = `${deployments.map(({ file, release }) => `${file} ${release}`).join(", ") || "Nothing is deployed there"}.`;
  const message = `Delete ${name}? It cannot be taken back.`;
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, "Delete")) === "Delete";
}
