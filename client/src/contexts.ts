import * as vscode from "vscode";
import { cancelTarget } from "./model/packageChoice.ts";
import { canRetry, isWaiting } from "./model/status.ts";
import { findWaiting, isApproval } from "./model/waiting.ts";
import type { Services } from "./services.ts";

/** Context keys that welcome texts and menus of the manifest depend on. */
export function registerContexts(services: Services): vscode.Disposable {
  const set = (key: string, value: unknown) =>
    void vscode.commands.executeCommand("setContext", `ocuroot.${key}`, value);
  const update = () => {
    const { data, repositories } = services.releases;
    const packages = repositories.flatMap((repository) => repository.packages);
    const newest = packages.map((state) => state.releases[0]?.status).filter((status) => status !== undefined);
    const inputs = findWaiting(repositories).flatMap((waiting) => waiting.inputs);
    const loaded = data.kind === "loaded";
    set("stateLoaded", loaded);
    set("hasRepository", repositories.length > 0);
    set("hasReleases", newest.length > 0);
    set(
      "hasEnvironments",
      repositories.some((repository) => repository.environments.length > 0),
    );
    // While state is not known, nothing is ruled out.
    set("canRetry", !loaded || newest.some(canRetry));
    set("canCancel", !loaded || packages.some((state) => cancelTarget(state.file, state).kind === "release"));
    set("canContinue", !loaded || newest.some(isWaiting));
    set(
      "hasApprovals",
      inputs.some(({ input }) => input.canBeSet && isApproval(input.ref)),
    );
  };
  // What the command in use cannot do is greyed out; the language status and the Releases view say why.
  const updateCapabilities = () => {
    const { capabilities } = services;
    set("cannotRun", capabilities.cannotRun);
    set("lacksRetry", !capabilities.has("retry"));
    set("lacksContinue", !capabilities.has("continue"));
    set("lacksCancel", !capabilities.has("cancel"));
    set("lacksLint", !capabilities.has("lint"));
    set("lacksWork", !capabilities.has("work"));
    set("lacksRun", !capabilities.has("run"));
    set("lacksSetState", !capabilities.has("setState"));
    set("lacksDeleteState", !capabilities.has("deleteState"));
    set("lacksInit", !capabilities.has("init"));
    set("lacksForce", !capabilities.has("force"));
  };
  const updateTrials = () => set("hasWhatIf", services.insights.hasTrials);
  set("active", true);
  update();
  updateCapabilities();
  return vscode.Disposable.from(
    services.releases.onDidChange(update),
    services.capabilities.onDidChange(updateCapabilities),
    services.insights.onDidChange(updateTrials),
  );
}
