import type { Diagnostic } from "@ocuroot/starlark";
import { findScript } from "../../analysis/shell.ts";
import type { FileView, Snapshot } from "../../snapshot.ts";
import { makeProblem, suggestName } from "./report.ts";

/** Shell commands that start with a script of the repository (`./deploy.sh`, `../scripts/test.sh`) that is not there. */
export function checkShellScripts(snapshot: Snapshot): Diagnostic[] {
  const { file } = snapshot;
  const { repository } = file;
  if (repository?.isListed !== true) return [];
  return file.facts.sdkCalls.flatMap((call) => {
    const script = findScript(file, call);
    if (script === undefined || repository.has(script.path) || isMade(file, script.text)) return [];
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

/** A file that the package itself writes, builds or fetches cannot be there yet: it is named where one is made. */
function isMade(view: FileView, script: string): boolean {
  const base = script.slice(script.lastIndexOf("/") + 1);
  const makers = /write|curl|wget|chmod|\bcp\b|\bmv\b|\btar\b|unzip|\bmake\b|build|clone|checkout|-o\s|>/;
  return view.source.text.split("\n").some((line) => {
    const at = line.indexOf(base);
    return at >= 0 && makers.test(line.slice(0, at).replace(/^.*shell\(/, ""));
  });
}
