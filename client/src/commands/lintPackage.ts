import * as vscode from "vscode";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { runAndReport } from "../tasks/report.ts";
import { pickPackage } from "./pickPackage.ts";
import { saveForRun } from "./saveForRun.ts";

/** Lint Package: `release lint` in the terminal; what it finds lands in Problems. */
export function registerLintPackage(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.lintPackage", async (...args: unknown[]) => {
    const target = await pickPackage(services, subjectOf(args), "Lint Package");
    if (!target || !(await saveForRun())) return;
    const title = `Lint of ${target.file}`;
    const lint = ["release", "lint", target.file];
    const { file, repository } = target;
    await runAndReport(services, { args: lint, title, file, repository, kind: "lint" });
  });
}
