import * as vscode from "vscode";
import type { Services } from "./services.ts";
import { relativePath } from "./uris.ts";

/** A package file with the repository it belongs to. */
export interface PackageFile {
  readonly uri: string;
  /** Repository-relative, with `/`. */
  readonly file: string;
  /** Repository root (URI). */
  readonly repository: string;
}

const ignored = "{**/node_modules/**,**/.ocuroot/**,**/.git/**}";

/** True for `*.ocu.star`, `repo.ocu.star` excepted: a file that can be released. */
export function isPackageFile(uri: vscode.Uri | string): boolean {
  const path = typeof uri === "string" ? uri : uri.path;
  return path.endsWith(".ocu.star") && !path.endsWith("/repo.ocu.star");
}

/** All package files of the workspace, by the server's repositories where it knows them. */
export async function findPackageFiles(services: Services): Promise<PackageFile[]> {
  const found = await vscode.workspace.findFiles("**/*.ocu.star", ignored, 5000);
  const packages = found.filter((uri) => isPackageFile(uri));
  return await Promise.all(packages.map((uri) => packageFile(services, uri)));
}

/** The repository of a package file: what the server says, else the nearest `repo.ocu.star` upward, else its folder. */
export async function packageFile(services: Services, uri: vscode.Uri): Promise<PackageFile> {
  const root = knownRoot(services, uri) ?? (await nearestRoot(uri)) ?? workspaceRoot(uri);
  return { uri: uri.toString(), file: relativePath(root, uri), repository: root.toString() };
}

function knownRoot(services: Services, uri: vscode.Uri): vscode.Uri | undefined {
  const roots = services.releases.repositories.map((repository) => vscode.Uri.parse(repository.uri));
  return roots.filter((root) => relativePath(root, uri) !== uri.path).sort((a, b) => b.path.length - a.path.length)[0];
}

async function nearestRoot(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  let folder = vscode.Uri.joinPath(uri, "..");
  for (;;) {
    if (await exists(vscode.Uri.joinPath(folder, "repo.ocu.star"))) return folder;
    const parent = vscode.Uri.joinPath(folder, "..");
    if (parent.path === folder.path) return undefined;
    folder = parent;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

function workspaceRoot(uri: vscode.Uri): vscode.Uri {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, "..");
}
