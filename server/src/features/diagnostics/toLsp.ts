import type { Diagnostic, Severity, SourceFile } from "@ocuroot/starlark";
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as LspDiagnostic } from "vscode-languageserver-types";
import { rangeOf } from "../../text/convert.ts";

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** A level as LSP counts it. */
export function lspSeverity(level: Severity): DiagnosticSeverity {
  return severities[level];
}

const tags = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

/** A diagnostic as LSP sends it. */
export function toLspDiagnostic(uri: string, source: SourceFile, diagnostic: Diagnostic): LspDiagnostic {
  const { related } = diagnostic;
  return {
    range: rangeOf(source, diagnostic.span),
    severity: severities[diagnostic.severity],
    code: diagnostic.code,
    source: "ocuroot",
    message: diagnostic.message,
    ...(diagnostic.tags === undefined ? {} : { tags: diagnostic.tags.map((each) => tags[each]) }),
    ...(related === undefined || related.length === 0
      ? {}
      : {
          relatedInformation: related.map((each) => ({
            location: { uri: each.file ?? uri, range: rangeOf(source, each.span) },
            message: each.message,
          })),
        }),
  };
}
