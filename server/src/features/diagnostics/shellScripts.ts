import type { Diagnostic } from "@ocuroot/starlark";
import { joinPath } from "../../analysis/loads.ts";
import { findScripts, type Script } from "../../analysis/shell.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { makeProblem, suggestName } from "./report.ts";

/** Scripts of the repository that shell commands run (`./deploy.sh`, `sh ../scripts/test.sh`) and that are not there. */
export function checkShellScripts(snapshot: Snapshot): Diagnostic[] {
  const { file } = snapshot;
  const { repository } = file;
  if (repository?.isListed !== true) return [];
  return findScripts(file).flatMap((script) => {
    if (repository.has(script.path) || repository.isIgnored(script.path)) return [];
    if (isMade(file, script.text) || isTested(script)) return [];
    if (!isThere(file, script.shell.folder)) return [];
    const folder = script.path.slice(0, script.path.lastIndexOf("/") + 1);
    const prefix = script.text.slice(0, script.text.lastIndexOf("/") + 1);
    const siblings = [...repository.paths()].filter(
      (each) => each.startsWith(folder) && !each.slice(folder.length).includes("/"),
    );
    const written = siblings.map((each) => prefix + each.slice(folder.length));
    const { text, fixes } = suggestName(script.text, written, script.span);
    return [makeProblem("shell/missing-script", script.span, `There is no file \`${script.path}\`.${text}`, { fixes })];
  });
}

/** Whether the folder that a command runs in is in the repository: else something makes it, and what is in it. */
function isThere({ path, repository }: FileView, folder: string | undefined): boolean {
  if (folder === undefined || folder === "" || folder === "." || path === undefined) return folder !== undefined;
  const found = joinPath(path, `${folder}/x`)?.slice(0, -"/x".length);
  return found !== undefined && (found === "" || repository?.hasFolder(found) === true);
}

/** A file that the package itself writes, builds or fetches cannot be there yet: it is named where one is made. */
function isMade(view: FileView, script: string): boolean {
  const base = script.slice(script.lastIndexOf("/") + 1);
  const makers = /write|curl|wget|chmod|\bcp\b|\bmv\b|\btar\b|unzip|\bmake\b|build|clone|checkout|-o\s|>/;
  return view.source.text.split("\n").some((line) => {
    const at = line.indexOf(base);
    return at >= 0 && makers.test(line.slice(0, at).replace(/^.*shell\(/, ""));
  });
}

/** `[ -x ./tool ] && ./tool`: the command itself asks whether the file is there. */
function isTested({ text, shell }: Script): boolean {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?:\\[|\\btest)\\s[^\\n;]*-[efsx][ \\t]+["']?${escaped}["']?(?=[\\s\\]]|$)`).test(shell.text);
}
