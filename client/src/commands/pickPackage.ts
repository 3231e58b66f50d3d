import { posix } from "node:path";
import type { PackageState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { packageChoices } from "../model/packageChoice.ts";
import type { Subject } from "../model/subject.ts";
import { findPackageFiles, isPackageFile, type PackageFile, packageFile } from "../packageFiles.ts";
import type { Services } from "../services.ts";

/** Tells whether a command makes sense for a file; where none suits, all are offered, and the command says why not. */
type Suits = (file: string, state: PackageState | undefined) => boolean;

const lastChoiceKey = "ocuroot.lastPackage";

/** The package file a command is about: its subject, else the active editor, else a question (the only one). */
export async function pickPackage(
  services: Services,
  subject: Subject,
  title: string,
  suits: Suits = () => true,
): Promise<PackageFile | undefined> {
  const { uri, file, repository } = subject;
  if (uri && file && repository) return { uri, file, repository };
  if (uri && isPackageFile(uri)) return await packageFile(services, vscode.Uri.parse(uri));
  const owner = ownerOfRef(services, subject.releaseRef ?? subject.ref);
  if (owner) return owner;
  const active = services.activeFile();
  if (uri === undefined && active) return await packageFile(services, active);
  return await askForPackage(services, title, suits);
}

/** The released package that an absolute ref belongs to. */
function ownerOfRef(services: Services, ref: string | undefined): PackageFile | undefined {
  if (ref === undefined) return undefined;
  for (const repository of services.releases.repositories) {
    for (const state of repository.packages) {
      if (state.releases.some((release) => ref === release.ref || ref.startsWith(`${release.ref}/`))) {
        return { uri: state.uri, file: state.file, repository: repository.uri };
      }
    }
  }
  return undefined;
}

async function askForPackage(services: Services, title: string, suits: Suits): Promise<PackageFile | undefined> {
  const files = await findPackageFiles(services);
  if (files.length === 0) {
    const answer = await vscode.window.showInformationMessage(
      "This workspace has no package file (*.ocu.star) yet.",
      "Initialize Repository",
    );
    if (answer) await vscode.commands.executeCommand("ocuroot.initRepository");
    return undefined;
  }
  if (files.length === 1) return files[0];
  const names = new Map(services.releases.repositories.map(({ uri, name }) => [uri, name]));
  const all = files.map((each) => ({
    ...each,
    repositoryName: names.get(each.repository) ?? posix.basename(each.repository),
    state: services.releases.findPackage(each.uri),
  }));
  const suiting = all.filter(({ file, state }) => suits(file, state));
  if (suiting.length === 1 && suiting.length < all.length) return suiting[0];
  const candidates = suiting.length > 0 ? suiting : all;
  const last = services.context.workspaceState.get<string>(lastChoiceKey);
  const choices = packageChoices(candidates, last, Date.now());
  const choice = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder: "Package file",
    matchOnDescription: true,
  });
  if (choice) await services.context.workspaceState.update(lastChoiceKey, choice.uri);
  return choice;
}
