import { tryGit } from "@ocuroot/engine";
import type { Module, Parser, PlacedNode, Statement } from "@ocuroot/starlark";
import { joinPath } from "../analysis/loads.ts";
import type { RepositoryView } from "../analysis/snapshot.ts";
import { spanOf, walk } from "../analysis/tree.ts";

/** A Starlark file at some point of time. */
interface SourceText {
  readonly text: string;
  readonly module: Module;
}

/** Gives the files of one commit, or those of the editor. */
export type ReadSource = (path: string) => Promise<SourceText | undefined>;

/** The files as they are in the editor. */
export function currentSources(repository: RepositoryView): ReadSource {
  return async (path) => {
    const view = repository.file(path);
    return view === undefined ? undefined : { text: view.source.text, module: view.module };
  };
}

/** The files as a commit has them; each is read once. Nothing when the commit is not here. */
export function committedSources(parser: Parser, root: string, commit: string): ReadSource {
  const known = new Map<string, Promise<SourceText | undefined>>();
  const read = async (path: string): Promise<SourceText | undefined> => {
    if (!/^[0-9a-f]{7,64}$/.test(commit)) return undefined;
    const said = await tryGit(["show", `${commit}:./${path}`], { cwd: root }).catch(() => undefined);
    if (said?.code !== 0) return undefined;
    const text = said.stdout.toString("utf8").replace(/^\ufeff/, "");
    return { text, module: parser.parse(text).module };
  };
  return (path) => {
    let found = known.get(path);
    if (found === undefined) {
      found = read(path);
      known.set(path, found);
    }
    return found;
  };
}

/** What a function's behaviour depends on: it and the top-level names it uses, those of loaded files too, each as text. */
export async function dependsOn(read: ReadSource, path: string, name: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const pending: (readonly [path: string, name: string])[] = [[path, name]];
  for (let next = pending.pop(); next !== undefined && found.size < 300; next = pending.pop()) {
    const [file, wanted] = next;
    const key = `${file}:${wanted}`;
    if (found.has(key)) continue;
    const source = await read(file);
    const statement = source?.module.statements.find((each) => defines(each, wanted));
    if (source === undefined || statement === undefined) continue;
    if (statement.kind === "LoadStatement") {
      const loaded = loadedName(source, file, statement, wanted);
      if (loaded !== undefined) pending.push(loaded);
      continue;
    }
    found.set(key, normalized(source, statement));
    walk(statement, (each) => {
      if (each.kind === "Identifier" && each.name !== wanted) pending.push([file, each.name]);
    });
  }
  return found;
}

/** Names of what differs between two such pictures, sorted: `build`, `lib/env.star: region`. */
export function differences(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  path: string,
): string[] {
  const keys = new Set([...before.keys(), ...now.keys()]);
  const changed = [...keys].filter((key) => before.get(key) !== now.get(key));
  return changed
    .map((key) => (key.startsWith(`${path}:`) ? key.slice(path.length + 1) : key.replace(":", ": ")))
    .sort();
}

function defines(statement: Statement, name: string): boolean {
  switch (statement.kind) {
    case "DefStatement":
      return statement.name.name === name;
    case "AssignStatement":
      return targets(statement.target).includes(name);
    case "LoadStatement":
      return statement.symbols.some((each) => each.local.name === name);
    default:
      return false;
  }
}

function targets(node: PlacedNode): string[] {
  const names: string[] = [];
  walk(node, (each) => {
    if (each.kind === "Identifier") names.push(each.name);
    // `a[i] = …` and `a.b = …` define nothing.
    return each.kind !== "IndexExpression" && each.kind !== "DotExpression";
  });
  return names;
}

function loadedName(
  { text }: SourceText,
  path: string,
  statement: Statement & { kind: "LoadStatement" },
  name: string,
): readonly [string, string] | undefined {
  const symbol = statement.symbols.find((each) => each.local.name === name);
  const module = statement.module;
  if (symbol === undefined || module === undefined) return undefined;
  const written = (node: typeof module): string =>
    text.slice(node.chunk.offset + node.contentStart, node.chunk.offset + node.contentEnd);
  const target = joinPath(path, written(module));
  return target === undefined ? undefined : [target, written(symbol.remote)];
}

/** A statement's text without comments, blank lines and space at the ends of lines. */
function normalized({ text, module }: SourceText, statement: Statement): string {
  const { start, end } = spanOf(statement);
  let result = "";
  let at = start;
  for (const comment of module.comments) {
    const span = spanOf(comment);
    if (span.start < at || span.end > end) continue;
    result += text.slice(at, span.start);
    at = span.end;
  }
  return (result + text.slice(at, end))
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}
