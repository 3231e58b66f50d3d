import * as vscode from "vscode";
import type { Services } from "./services.ts";

/** Context keys that welcome texts and menus of the manifest depend on. */
export function registerContexts(services: Services): vscode.Disposable {
  const set = (key: string, value: unknown) =>
    void vscode.commands.executeCommand("setContext", `ocuroot.${key}`, value);
  const update = () => {
    const { data, repositories } = services.releases;
    const releases = repositories.flatMap((repository) => repository.packages).flatMap((state) => state.releases);
    set("stateLoaded", data.kind === "loaded");
    set("hasRepository", repositories.length > 0);
    set("hasReleases", releases.length > 0);
    set(
      "hasEnvironments",
      repositories.some((repository) => repository.environments.length > 0),
    );
  };
  set("active", true);
  update();
  return services.releases.onDidChange(update);
}
