import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createParser, type Parser } from "@ocuroot/starlark";
import { type Marked, readMarked } from "../../test-fixtures/markers.ts";
import type { Snapshot } from "../src/analysis/snapshot.ts";
import { type StateView, unknownState } from "../src/analysis/stateView.ts";
import { uriOfPath } from "../src/paths.ts";
import { Documents } from "../src/workspace/documents.ts";
import { Workspace } from "../src/workspace/workspace.ts";

export const root = join(__dirname, "../..");
export const fixtures = join(root, "test-fixtures");

let parser: Promise<Parser> | undefined;

/** The parser, made once for all tests. */
export function loadParser(): Promise<Parser> {
  const read = (path: string) => readFileSync(require.resolve(path));
  parser ??= createParser({
    runtime: read("web-tree-sitter/web-tree-sitter.wasm"),
    grammar: readFileSync(join(root, "grammars/tree-sitter-starlark.wasm")),
  });
  return parser;
}

/** The grammar of shell text. */
export function readShellGrammar(): Uint8Array {
  return readFileSync(require.resolve("tree-sitter-bash/tree-sitter-bash.wasm"));
}

const scratch: string[] = [];

/** A folder that is removed when the tests end. */
export function makeFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "ocuroot-server-"));
  scratch.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

after(() => {
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Opened {
  readonly snapshot: Snapshot;
  readonly workspace: Workspace;
  readonly marked: Marked;
  readonly folder: string;
}

/**
 * Opens marked text as `main` of a repository with the given other files on disk.
 */
export async function openMarked(
  text: string,
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly main?: string;
    readonly state?: Partial<StateView>;
  } = {},
): Promise<Opened> {
  const marked = readMarked(text);
  const main = options.main ?? "release.ocu.star";
  const folder = makeFolder({ "repo.ocu.star": 'repo_alias("test")\n', [main]: marked.text, ...options.files });
  const documents = new Documents(await loadParser());
  const workspace = new Workspace(await loadParser(), documents);
  await workspace.addFolder(folder);
  const uri = uriOfPath(join(folder, main));
  documents.open(uri, 1, marked.text);
  const file = workspace.view(uri);
  if (file === undefined) throw new Error(`${uri} is not there`);
  const state = { ...unknownState, ...options.state };
  return { snapshot: { file, state, repositories: workspace.repositories }, workspace, marked, folder };
}

/** Every Starlark file of a folder on disk, each as a snapshot. */
export async function openFolder(folder: string): Promise<Snapshot[]> {
  const documents = new Documents(await loadParser());
  const workspace = new Workspace(await loadParser(), documents);
  await workspace.addFolder(folder);
  const { repositories } = workspace;
  return repositories.flatMap((repository) =>
    [...repository.paths()]
      .filter((path) => path.endsWith(".star"))
      .sort()
      .flatMap((path) => {
        const file = repository.file(path);
        return file === undefined ? [] : [{ file, state: unknownState, repositories }];
      }),
  );
}
