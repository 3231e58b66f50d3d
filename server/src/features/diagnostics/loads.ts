import type { Diagnostic, LoadStatement, LoadSymbol, TextFix } from "@ocuroot/starlark";
import { findLoads, relativePath, resolveLoad } from "../../analysis/loads.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { textOfLiteral } from "../../analysis/strings.ts";
import { contentSpan, spanOf } from "../../analysis/tree.ts";
import { makeProblem, replaceFix, suggestName } from "./report.ts";

/** `load` statements: files and symbols that are not there, and cycles (spec 1.2). */
export function checkLoads(snapshot: Snapshot): Diagnostic[] {
  const { file } = snapshot;
  return file.module.statements.flatMap((each) => (each.kind === "LoadStatement" ? checkLoad(file, each) : []));
}

function checkLoad(view: FileView, node: LoadStatement): Diagnostic[] {
  if (node.module === undefined) return [];
  const text = textOfLiteral(view.source, node.module);
  const span = contentSpan(node.module);
  const target = resolveLoad(view, text);
  switch (target.kind) {
    case "unknown":
      return [];
    case "outside":
      return [makeProblem("load/outside-repository", span, `\`${text}\` leads out of the repository.`)];
    case "unloadable": {
      const path = text.replace(/^\/+/, "");
      const isThere = path !== text && view.repository?.has(path) === true;
      const fixes = isThere ? [replaceFix(relativePath(view.path ?? "", path), span)] : [];
      return [makeProblem("load/path", span, target.reason, { fixes })];
    }
    case "missing": {
      const { path, repository } = view;
      const candidates = [...(repository?.paths() ?? [])].filter((each) => each.endsWith(".star") && each !== path);
      const isBare = !/^\.{1,2}\//.test(text);
      const written = candidates.map((each) => {
        const relative = relativePath(path ?? "", each);
        return isBare ? relative.replace(/^\.\//, "") : relative;
      });
      const { text: hint, fixes } = suggestName(text, written, span);
      return [makeProblem("load/missing-file", span, `There is no file \`${target.path}\`.${hint}`, { fixes })];
    }
    case "file": {
      const cycle = findLoadCycle(view, target.view);
      if (cycle !== undefined)
        return [makeProblem("load/cycle", span, `Modules load each other: ${cycle.join(" → ")}.`)];
      return checkSymbols(view, node, target.view);
    }
  }
}

function checkSymbols(view: FileView, node: LoadStatement, module: FileView): Diagnostic[] {
  return node.symbols.flatMap((symbol) => {
    const name = textOfLiteral(view.source, symbol.remote);
    const span = contentSpan(symbol.remote);
    // Private names are the resolver's to report.
    if (name.startsWith("_")) return [];
    if (name === "" || module.facts.isBroken || module.resolution.globals.has(name)) return [];
    const names = [...module.resolution.globals.keys()].filter((each) => !each.startsWith("_"));
    const { text, fixes: found } = suggestName(name, names, span);
    const fixes = found.map((fix) => ({ ...fix, edits: [...fix.edits, ...renamedUses(view, symbol, fix.edits)] }));
    return [
      makeProblem("load/missing-symbol", span, `\`${module.path}\` does not define \`${name}\`.${text}`, { fixes }),
    ];
  });
}

/** The way from a loaded module back to the file, itself at both ends. */
function findLoadCycle(view: FileView, first: FileView): string[] | undefined {
  const seen = new Set<string>();
  const visit = (module: FileView, path: readonly string[]): string[] | undefined => {
    const here = [...path, module.path ?? ""];
    if (module.uri === view.uri) return here;
    if (seen.has(module.uri)) return undefined;
    seen.add(module.uri);
    for (const text of findLoads(module)) {
      const target = resolveLoad(module, text);
      const found = target.kind === "file" ? visit(target.view, here) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(first, [view.path ?? ""]);
}

/** `load("m", "mkae")` binds the misspelled name itself: what uses it is mended with it. */
function renamedUses(view: FileView, symbol: LoadSymbol, edits: TextFix["edits"]): TextFix["edits"] {
  const isSame = spanOf(symbol.local).start === contentSpan(symbol.remote).start;
  const uses = isSame ? view.resolution.bindingOf(symbol.local)?.uses : undefined;
  return (uses ?? []).flatMap((use) => edits.map(({ text }) => ({ span: spanOf(use), text })));
}
