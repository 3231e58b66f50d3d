import { join } from "node:path";
import type { DocumentLink } from "vscode-languageserver-types";
import { resolveLoad } from "../analysis/loads.ts";
import { findRefTarget } from "../analysis/refTarget.ts";
import { findScripts } from "../analysis/shell.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { textOfLiteral } from "../analysis/strings.ts";
import { contentSpan } from "../analysis/tree.ts";
import { uriOfPath } from "../paths.ts";
import { rangeOf } from "../text/convert.ts";

/** Links to files: `load` paths, the file part of refs, scripts that shell commands run. */
export function getDocumentLinks(snapshot: Snapshot): DocumentLink[] {
  const { file } = snapshot;
  return [...loadLinks(file), ...refLinks(snapshot), ...scriptLinks(file)];
}

function loadLinks(view: FileView): DocumentLink[] {
  return view.module.statements.flatMap((each) => {
    if (each.kind !== "LoadStatement" || each.module === undefined) return [];
    const target = resolveLoad(view, textOfLiteral(view.source, each.module));
    if (target.kind !== "file") return [];
    return [{ range: rangeOf(view.source, contentSpan(each.module)), target: target.view.uri, tooltip: target.path }];
  });
}

function refLinks(snapshot: Snapshot): DocumentLink[] {
  const { file } = snapshot;
  return file.facts.refs.flatMap((ref) => {
    const path = ref.parsed.segments.filter((each) => each.role === "path" && each.text !== "" && each.text !== ".");
    const [first] = path;
    const last = path.at(-1);
    const target = first === undefined ? undefined : findRefTarget(snapshot, ref);
    if (first === undefined || last === undefined || target?.file === undefined) return [];
    const range = rangeOf(file.source, ref.spanOf(first.start, last.end));
    return [{ range, target: target.file.uri, tooltip: target.file.path ?? "" }];
  });
}

function scriptLinks(view: FileView): DocumentLink[] {
  const { repository } = view;
  if (repository === undefined) return [];
  return findScripts(view).flatMap((script) => {
    if (!repository.has(script.path)) return [];
    const target = uriOfPath(join(repository.root, script.path));
    return [{ range: rangeOf(view.source, script.span), target, tooltip: script.path }];
  });
}
