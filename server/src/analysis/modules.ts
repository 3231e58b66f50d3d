import type { LoadStatement, SourceFile } from "@ocuroot/starlark";
import type { TextEdit } from "./edits.ts";
import { relativePath, resolveLoad } from "./loads.ts";
import { perRevision } from "./memo.ts";
import type { FileView } from "./snapshot.ts";
import { textOfLiteral } from "./strings.ts";
import { spanOf } from "./tree.ts";

/** A name that another module of the repository defines, and that a `load` would bring. */
export interface LoadableName {
  readonly name: string;
  /** The module's path in the repository. */
  readonly module: string;
  /** `apply(env, image)` for a function; undefined for a value. */
  readonly signature: string | undefined;
}

/** As many as an editor can show with sense. */
const maxNames = 500;

/** What the modules of the repository define that this file has not loaded, module by module. */
export function findLoadable(view: FileView): LoadableName[] {
  const { repository, path } = view;
  if (repository === undefined || path === undefined) return [];
  const loaded = loadedNames(view);
  const found: LoadableName[] = [];
  for (const module of repository.paths()) {
    if (!module.endsWith(".star") || module.endsWith(".ocu.star") || module === path) continue;
    const file = repository.file(module);
    if (file === undefined) continue;
    for (const [name, signature] of definedNames(file.source)) {
      if (loaded.get(module)?.has(name) !== true) found.push({ name, module, signature });
    }
    if (found.length >= maxNames) break;
  }
  return found;
}

function loadedNames(view: FileView): Map<string, Set<string>> {
  const loaded = new Map<string, Set<string>>();
  for (const { statement, module } of loadsOf(view)) {
    const names = loaded.get(module) ?? new Set();
    for (const each of statement.symbols) names.add(textOfLiteral(view.source, each.remote));
    loaded.set(module, names);
  }
  return loaded;
}

/** The file's `load` statements whose module is there. */
const loadsOf = perRevision((view): { readonly statement: LoadStatement; readonly module: string }[] =>
  view.module.statements.flatMap((statement) => {
    if (statement.kind !== "LoadStatement" || statement.module === undefined) return [];
    const target = resolveLoad(view, textOfLiteral(view.source, statement.module));
    return target.kind === "file" ? [{ statement, module: target.path }] : [];
  }),
);

const namesOf = new WeakMap<SourceFile, ReadonlyMap<string, string | undefined>>();

/** What a module's text defines at its top level: read without its tree, since most modules are never asked for. */
function definedNames(source: SourceFile): ReadonlyMap<string, string | undefined> {
  let names = namesOf.get(source);
  if (names === undefined) {
    const found = new Map<string, string | undefined>();
    for (const each of source.text.matchAll(
      /^(?:def[ \t]+([A-Za-z]\w*)[ \t]*\(([^)]{0,400})\)|([A-Za-z]\w*)[ \t]*=(?!=))/gm,
    )) {
      const [, fn, parameters = "", value] = each;
      if (fn !== undefined) found.set(fn, `${fn}(${parameters.replace(/\s+/g, " ").replace(/^ |,? $/g, "")})`);
      else if (value !== undefined) found.set(value, undefined);
    }
    names = found;
    namesOf.set(source, names);
  }
  return names;
}

/** The edit that loads a name: into the `load` of its module that is there, else as a `load` of its own. */
export function loadEdit(view: FileView, { name, module }: LoadableName): TextEdit {
  const existing = loadsOf(view).find((each) => each.module === module)?.statement;
  const last = existing?.symbols.at(-1);
  if (last !== undefined) {
    const { end } = spanOf(last);
    return { span: { start: end, end }, text: `, "${name}"` };
  }
  const { at, before } = placeOfLoad(view);
  const text = `load("${relativePath(view.path ?? "", module)}", "${name}")\n`;
  return { span: { start: at, end: at }, text: before + text };
}

/** Where a new `load` goes: below the last one, else below the version, else below the text that the file begins with. */
const placeOfLoad = perRevision((view): { readonly at: number; readonly before: string } => {
  const { module, source, facts } = view;
  const versions = new Set(facts.sdkCalls.filter((each) => each.entry.name === "ocuroot").map((each) => each.node));
  const isVersion = (each: (typeof module.statements)[number]): boolean =>
    each.kind === "ExpressionStatement" &&
    each.expression.kind === "CallExpression" &&
    versions.has(each.expression as never);
  const isText = (each: (typeof module.statements)[number] | undefined): boolean =>
    each?.kind === "ExpressionStatement" && each.expression.kind === "StringLiteral";
  const [first] = module.statements;
  const above =
    module.statements.findLast((each) => each.kind === "LoadStatement") ??
    module.statements.find(isVersion) ??
    (isText(first) ? first : undefined);
  if (above === undefined) return { at: first === undefined ? source.text.length : lineStart(view, first), before: "" };
  const next = source.lineStarts[source.lineAt(spanOf(above).end) + 1];
  return next === undefined ? { at: source.text.length, before: "\n" } : { at: next, before: "" };
});

function lineStart({ source }: FileView, node: Parameters<typeof spanOf>[0]): number {
  return source.lineStarts[source.lineAt(spanOf(node).start)] ?? 0;
}
