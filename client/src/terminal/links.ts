import * as vscode from "vscode";
import { isAbsolutePath, withSlashes } from "../model/filePaths.ts";
import { isRunRef } from "../model/refText.ts";
import { type FoundLink, findTerminalLinks } from "../model/terminalLinks.ts";
import type { Services } from "../services.ts";

class OcurootLink extends vscode.TerminalLink {
  constructor(
    readonly found: FoundLink,
    readonly folder: vscode.Uri | undefined,
  ) {
    super(found.start, found.length, found.kind === "ref" ? "Open in Ocuroot" : "Open file");
  }
}

/** Links in terminals: positions in Starlark files, and refs, which open their log or their state document. */
export function registerTerminalLinks(services: Services): vscode.Disposable {
  return vscode.window.registerTerminalLinkProvider({
    provideTerminalLinks({ line, terminal }) {
      const folder = terminalFolder(terminal);
      return findTerminalLinks(line).map((found) => new OcurootLink(found, folder));
    },
    handleTerminalLink(link: OcurootLink) {
      return open(services, link);
    },
  });
}

async function open(services: Services, { found, folder }: OcurootLink): Promise<void> {
  const roots = services.releases.repositories.map((repository) => vscode.Uri.parse(repository.uri));
  if (found.kind === "ref") {
    const repository = ownerOf(services, found.ref) ?? roots[0]?.toString();
    const command = isRunRef(found.ref) ? "ocuroot.showLog" : "ocuroot.openStateDocument";
    await vscode.commands.executeCommand(command, found.ref, repository);
    return;
  }
  const folders = [folder, ...roots, ...(vscode.workspace.workspaceFolders ?? []).map((each) => each.uri)];
  const file = await firstExisting(folders, found.file);
  if (!file) {
    void vscode.window.showInformationMessage(`${found.file} is not in this workspace.`);
    return;
  }
  const position = new vscode.Position(Math.max(0, found.line - 1), Math.max(0, found.column - 1));
  await vscode.window.showTextDocument(file, { selection: new vscode.Range(position, position) });
}

function ownerOf(services: Services, ref: string): string | undefined {
  const owns = (name: string, files: readonly string[]) =>
    ref.startsWith(`${name}/-/`) || files.some((file) => ref.startsWith(`${file}/@`));
  return services.releases.repositories.find((repository) =>
    owns(
      repository.name,
      repository.packages.map((state) => state.file),
    ),
  )?.uri;
}

async function firstExisting(
  folders: readonly (vscode.Uri | undefined)[],
  file: string,
): Promise<vscode.Uri | undefined> {
  const candidates = isAbsolutePath(file)
    ? [vscode.Uri.file(file)]
    : folders.filter((folder) => folder !== undefined).map((folder) => vscode.Uri.joinPath(folder, withSlashes(file)));
  for (const candidate of candidates) {
    try {
      await vscode.workspace.fs.stat(candidate);
      return candidate;
    } catch {
      // Not there: the next folder may have it.
    }
  }
  return undefined;
}

function terminalFolder(terminal: vscode.Terminal): vscode.Uri | undefined {
  const options = terminal.creationOptions;
  const cwd = "cwd" in options ? options.cwd : undefined;
  return typeof cwd === "string" ? vscode.Uri.file(cwd) : cwd;
}
