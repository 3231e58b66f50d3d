import {
  type DependencyGraph,
  type DependencyGraphParams,
  dependencyGraphRequest,
  type EnvironmentState,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { type DeletionEffects, deletionEffects } from "../model/deletion.ts";
import { plural } from "../model/format.ts";
import { localRef, refParts } from "../model/refText.ts";
import { type Subject, subjectOf } from "../model/subject.ts";
import { isCareful } from "../model/waiting.ts";
import type { Services } from "../services.ts";
import { confirmSetting, parallelSetting } from "../settings.ts";
import { runAndReport } from "../tasks/report.ts";
import { heading } from "./pickPlace.ts";

interface Target {
  readonly repository: string;
  readonly environment: EnvironmentState;
}

/** Delete Environment…: shows what would be taken down, then removes the environment and takes it down. */
export function registerDeleteEnvironment(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.deleteEnvironment", async (...args: unknown[]) => {
    const target = await pickEnvironment(services, subjectOf(args));
    if (!target || !(await shallDelete(services, target))) return;
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

/** The dry run: all that would follow, then the one line that does it. */
async function shallDelete(services: Services, { environment }: Target): Promise<boolean> {
  const { name, deployments, attributes } = environment;
  const params: DependencyGraphParams = {};
  const dependencies = await services.server.request<DependencyGraph>(dependencyGraphRequest, params);
  const lines = effectItems(deletionEffects(environment, services.releases.repositories, dependencies));
  const start: vscode.QuickPickItem = {
    label: `$(trash) Delete ${name}${deployments.length > 0 ? ` and take ${plural(deployments.length, "deployment")} down` : ""}`,
  };
  const choice = await vscode.window.showQuickPick([start, ...lines], {
    title: "What Would This Do?",
    placeHolder: deployments.length > 0 ? "Nothing is done yet" : "Nothing is deployed there; nothing is done yet",
    ignoreFocusOut: true,
  });
  if (choice !== start) return false;
  if (!isCareful([name, ...Object.values(attributes)], confirmSetting())) return true;
  const detail = `${deployments.map(({ file, release }) => `${file} ${release}`).join(", ") || "Nothing is deployed there"}.`;
  const message = `Delete ${name}? It cannot be taken back.`;
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, "Delete")) === "Delete";
}

function effectItems({ takenDown, dropped, running, bereft }: DeletionEffects): vscode.QuickPickItem[] {
  const group = (title: string, items: vscode.QuickPickItem[]) => (items.length > 0 ? [heading(title), ...items] : []);
  return [
    ...group(
      "would be taken down",
      takenDown.map(({ file, release }) => ({
        label: `$(rocket) ${file}`,
        description: `down runs, with the inputs of ${release}`,
      })),
    ),
    ...group(
      "runs there now",
      running.map(({ file, release }) => ({
        label: `$(sync) ${file}`,
        description: `${release} is being deployed there`,
      })),
    ),
    ...group(
      "would never begin",
      dropped.map(({ file, release }) => ({
        label: `$(circle-slash) ${file}`,
        description: `the deployment of ${release}`,
      })),
    ),
    ...group(
      "would wait for a value that is gone",
      bereft.map(({ file, work, ref }) => ({ label: `$(watch) ${file} ${work}`, description: localRef(ref) })),
    ),
  ];
}
