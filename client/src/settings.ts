import * as vscode from "vscode";

/** Tells what the `ocuroot` command in use can be told. */
interface Features {
  readonly capabilities: { has(feature: "parallel"): boolean };
}

/** Setting `ocuroot.parallel`; 0 leaves it to the command, as does a command that cannot be told. */
export function parallelSetting({ capabilities }: Features): number {
  if (!capabilities.has("parallel")) return 0;
  return vscode.workspace.getConfiguration("ocuroot").get<number>("parallel", 0);
}

/** Setting `ocuroot.approvals.confirm`: what people are careful with, as a regular expression; "" never asks. */
export function confirmSetting(): string {
  return vscode.workspace.getConfiguration("ocuroot").get<string>("approvals.confirm", "");
}

/** Setting `ocuroot.preview.enable`: package files are evaluated while they are edited. */
export function previewSetting(): boolean {
  return vscode.workspace.getConfiguration("ocuroot").get<boolean>("preview.enable", true);
}

/** When a release shows what it would do before it does it. */
export type DryRun = "always" | "risky" | "never";

/** Setting `ocuroot.dryRun`. */
export function dryRunSetting(): DryRun {
  return vscode.workspace.getConfiguration("ocuroot").get<DryRun>("dryRun", "risky");
}
