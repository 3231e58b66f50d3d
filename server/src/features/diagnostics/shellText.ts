import type { Diagnostic } from "@ocuroot/starlark";
import type { StatementPart } from "../../analysis/facts.ts";
import { findShellTextsIn, type ShellText } from "../../analysis/shellText.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { makeProblem } from "./report.ts";

/** Faults in the syntax of shell text, at their place inside the string. */
export function checkShellText(view: FileView, part: StatementPart): Diagnostic[] {
  return findShellTextsIn(view, part).flatMap((shell) => {
    const { fault } = shell.reading;
    // What is not closed yet may be in the part that cannot be read.
    if (fault === undefined || !isWhole(shell)) return [];
    const related =
      fault.opened === undefined
        ? []
        : [{ span: shell.spanOf(fault.opened.start, fault.opened.end), message: "opened here" }];
    const span = shell.spanOf(fault.start, fault.end);
    return [makeProblem("shell/syntax", span, `Shell: ${fault.message}`, { related })];
  });
}

/** Whether every string of the text is closed: of one that is being typed the rest of the line is no command. */
function isWhole({ literals }: ShellText): boolean {
  return literals.every((each) => each.contentEnd < each.end);
}
