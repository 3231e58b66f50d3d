import * as vscode from "vscode";
import type { HandleDiagnosticsSignature, Middleware } from "vscode-languageclient/node";
import { type Level, type Severities, wantedLevel } from "./model/severities.ts";

const severityOf: Readonly<Record<Exclude<Level, "off">, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Commands of code lenses that work without trust. */
const harmlessLenses = new Set(["ocuroot.previewPhases"]);

/**
 * What the editor's settings change about what the server tells: severities by code, and whether there are code
 * lenses and formatting.
 */
export class SettingsMiddleware implements vscode.Disposable {
  /** Diagnostics as they came, for when the setting changes. */
  private readonly told = new Map<string, { diagnostics: vscode.Diagnostic[]; next: HandleDiagnosticsSignature }>();
  private readonly lensEmitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  /** Fires when lenses are to be asked for again. */
  readonly onDidChangeLenses = this.lensEmitter.event;

  readonly middleware: Middleware = {
    handleDiagnostics: (uri, diagnostics, next) => {
      if (diagnostics.length > 0) this.told.set(uri.toString(), { diagnostics, next });
      else this.told.delete(uri.toString());
      next(uri, adjusted(uri, diagnostics));
    },
    provideDocumentFormattingEdits: (document, options, token, next) =>
      mayFormat(document) ? next(document, options, token) : [],
    provideDocumentRangeFormattingEdits: (document, range, options, token, next) =>
      mayFormat(document) ? next(document, range, options, token) : [],
    provideOnTypeFormattingEdits: (document, position, typed, options, token, next) =>
      mayFormat(document) ? next(document, position, typed, options, token) : [],
    provideCodeLenses: async (document, token, next) => {
      if (!vscode.workspace.getConfiguration("ocuroot", document).get<boolean>("codeLens.enable", true)) return [];
      const lenses = ((await next(document, token)) ?? []).map(spaced);
      return vscode.workspace.isTrusted
        ? lenses
        : lenses.filter((lens) => lens.command && harmlessLenses.has(lens.command.command));
    },
  };

  constructor() {
    this.subscriptions = [
      this.lensEmitter,
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.lensEmitter.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("ocuroot.codeLens")) this.lensEmitter.fire();
        if (event.affectsConfiguration("ocuroot.lint")) this.tellAgain();
      }),
    ];
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
  }

  private tellAgain(): void {
    for (const [key, { diagnostics, next }] of this.told) {
      const uri = vscode.Uri.parse(key);
      next(uri, adjusted(uri, diagnostics));
    }
  }
}

/** The editor lays a lens out so that a plain blank after its icon is lost. */
function spaced(lens: vscode.CodeLens): vscode.CodeLens {
  if (lens.command) lens.command.title = lens.command.title.replace(/^(\$\([\w-]+\)) /, "$1\u00a0");
  return lens;
}

function mayFormat(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration("ocuroot", document).get<boolean>("format.enable", true);
}

function adjusted(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] {
  const severities = vscode.workspace.getConfiguration("ocuroot", uri).get<Severities>("lint.severities", {});
  if (Object.keys(severities).length === 0) return [...diagnostics];
  return diagnostics.flatMap((diagnostic) => {
    const level = wantedLevel(codeOf(diagnostic), severities);
    if (level === "off") return [];
    // A copy: what the server told must still be there when the setting changes again.
    return [level === undefined ? diagnostic : withSeverity(diagnostic, severityOf[level])];
  });
}

function withSeverity(diagnostic: vscode.Diagnostic, severity: vscode.DiagnosticSeverity): vscode.Diagnostic {
  const copy = Object.create(Object.getPrototypeOf(diagnostic), Object.getOwnPropertyDescriptors(diagnostic));
  return Object.assign(copy, { severity });
}

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : (code ?? ""));
}
