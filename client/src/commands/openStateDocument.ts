import * as vscode from "vscode";
import { stateDocumentUri } from "../model/documentUris.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { repositoryOf } from "./pickRun.ts";

/** Open State Document: a document of the store as read-only JSON. */
export function registerOpenStateDocument(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.openStateDocument", async (...args: unknown[]) => {
    const subject = subjectOf(args);
    const ref = subject.ref ?? subject.releaseRef ?? (await askForRef(services));
    if (!ref) return;
    const repository = repositoryOf(services, ref, subject.repository);
    const uri = vscode.Uri.from(stateDocumentUri({ repository, ref: ref.trim() }));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, "jsonc");
    await vscode.window.showTextDocument(document, { preview: true });
  });
}

/** A ref of the newest releases and environments, or any other one as typed. */
async function askForRef(services: Services): Promise<string | undefined> {
  const known = services.releases.repositories.flatMap((repository) => [
    ...repository.packages.flatMap((state) => state.releases.map((release) => release.ref)),
    ...repository.environments.map((environment) => `@/environment/${environment.name}`),
  ]);
  const pick = vscode.window.createQuickPick();
  pick.title = "Open State Document";
  pick.placeholder = "A ref, such as ./-/release.ocu.star/@r1 or @/environment/staging";
  const show = () => {
    const typed = pick.value.trim();
    const labels = typed !== "" && !known.includes(typed) ? [typed, ...known] : known;
    pick.items = labels.map((label) => ({ label }));
  };
  show();
  return await new Promise((resolve) => {
    pick.onDidChangeValue(show);
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.label ?? pick.value);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
