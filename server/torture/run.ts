import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Parser } from "@ocuroot/starlark";
import type { Snapshot } from "../src/analysis/snapshot.ts";
import { unknownState } from "../src/analysis/stateView.ts";
import { doComplete } from "../src/features/completion/index.ts";
import { doDiagnostics } from "../src/features/diagnostics/index.ts";
import { toLspDiagnostic } from "../src/features/diagnostics/toLsp.ts";
import { getDocumentLinks } from "../src/features/documentLinks.ts";
import { getDocumentSymbols } from "../src/features/documentSymbols.ts";
import { getFoldingRanges } from "../src/features/folding.ts";
import { doHover } from "../src/features/hover.ts";
import { getInlayHints } from "../src/features/inlayHints.ts";
import { getSelectionRanges } from "../src/features/selectionRanges.ts";
import { getSemanticTokens } from "../src/features/semanticTokens/index.ts";
import { uriOfPath } from "../src/paths.ts";
import { positionAt } from "../src/text/convert.ts";
import type { PositionEncoding } from "../src/text/textSource.ts";
import { Documents } from "../src/workspace/documents.ts";
import { Workspace } from "../src/workspace/workspace.ts";
import { type Edit, randomEdit } from "./edits.ts";
import { Random } from "./random.ts";

/** An edit after which the server knew something else than it would have after opening the files anew. */
export interface Difference {
  readonly seed: number;
  readonly edit: number;
  readonly feature: string;
  readonly path: string;
  /** The text before the last edits, and those edits. */
  readonly before: string;
  readonly edits: readonly Edit[];
  readonly incremental: string;
  readonly fresh: string;
}

export interface TortureOptions {
  readonly parser: Parser;
  /** A repository on disk; nothing in it is written. */
  readonly folder: string;
  /** Files of it that are open and edited. */
  readonly paths: readonly string[];
  readonly seed: number;
  readonly edits: number;
  /** How many differences are enough. */
  readonly limit?: number;
}

const features: Readonly<Record<string, (snapshot: Snapshot, offset: number) => unknown>> = {
  diagnostics: (snapshot) =>
    doDiagnostics(snapshot).map((each) => toLspDiagnostic(snapshot.file.uri, snapshot.file.source, each)),
  symbols: getDocumentSymbols,
  tokens: (snapshot) => getSemanticTokens(snapshot),
  folding: getFoldingRanges,
  links: getDocumentLinks,
  selection: (snapshot, offset) => getSelectionRanges(snapshot, [offset]),
  completion: doComplete,
  hover: doHover,
  hints: (snapshot) => getInlayHints(snapshot, { start: 0, end: snapshot.file.source.text.length }, { values: false }),
};

const encodings: readonly PositionEncoding[] = ["utf-16", "utf-8", "utf-32"];

/** Edits files at random, and after each few edits compares what is known with what a fresh open knows. */
export async function torture(options: TortureOptions): Promise<{ compared: number; differences: Difference[] }> {
  const { parser, folder, paths, seed, edits, limit = 5 } = options;
  const random = new Random(seed);
  const good = paths.map((path) => readFileSync(join(folder, path), "utf8"));
  const documents = new Documents(parser);
  documents.encoding = encodings[seed % encodings.length] as PositionEncoding;
  const workspace = new Workspace(parser, documents);
  await workspace.addFolder(folder);
  const uris = paths.map((path) => uriOfPath(join(folder, path)));
  for (const [index, uri] of uris.entries()) documents.open(uri, 1, good[index] as string);
  const differences: Difference[] = [];
  let compared = 0;
  for (let done = 0; done < edits && differences.length < limit; ) {
    const index = random.below(uris.length);
    const uri = uris[index] as string;
    const before = documents.get(uri)?.source.text ?? "";
    // Now and then a whole burst comes before anything is asked.
    const count = Math.min(edits - done, random.chance(0.01) ? 100 : 1 + random.below(3));
    const made = change(documents, workspace, random, uri, count, good);
    done += count;
    const fresh = await openFresh(options, documents, uris);
    const asked = random.chance(0.8) ? [index] : uris.keys();
    for (const each of asked) {
      const snapshots = [snapshotOf(workspace, uris[each]), snapshotOf(fresh, uris[each])] as const;
      const offset = random.below(snapshots[0].file.source.text.length + 1);
      for (const [feature, answer] of Object.entries(features)) {
        const [incremental, expected] = snapshots.map((snapshot) => describe(snapshot, offset, answer)) as [
          string,
          string,
        ];
        compared++;
        if (incremental === expected && !incremental.startsWith("threw")) continue;
        const path = paths[each] as string;
        differences.push({ seed, edit: done, feature, path, before, edits: made, incremental, fresh: expected });
      }
    }
    fresh.documents.closeAll();
  }
  documents.closeAll();
  return { compared, differences };
}

/** Makes edits as a client sends them: one notification with one or several changes, by range or the whole text. */
function change(
  documents: Documents,
  workspace: Workspace,
  random: Random,
  uri: string,
  count: number,
  good: readonly string[],
): Edit[] {
  const made: Edit[] = [];
  for (let each = 0; each < count; each++) {
    const current = documents.get(uri);
    if (current === undefined) return made;
    const { source, version } = current;
    const edit = randomEdit(random, source.text, good);
    made.push(edit);
    const range = { start: positionAt(source, edit.span.start), end: positionAt(source, edit.span.end) };
    const isWhole = edit.span.start === 0 && edit.span.end === source.text.length && random.chance(0.5);
    documents.change(uri, version + 1, [isWhole ? { text: edit.text } : { range, text: edit.text }]);
    workspace.documentChanged(uri);
    // Sometimes somebody looks in between, so that trees are edited in steps of many sizes.
    if (random.chance(0.3)) void documents.get(uri)?.syntax;
  }
  return made;
}

async function openFresh(options: TortureOptions, from: Documents, uris: readonly string[]): Promise<Workspace> {
  const documents = new Documents(options.parser);
  documents.encoding = from.encoding;
  const workspace = new Workspace(options.parser, documents);
  await workspace.addFolder(options.folder);
  for (const uri of uris) documents.open(uri, 1, from.get(uri)?.source.text ?? "");
  return workspace;
}

function snapshotOf(workspace: Workspace, uri: string | undefined): Snapshot {
  const file = workspace.view(uri ?? "");
  if (file === undefined) throw new Error(`${uri} is not there.`);
  return { file, state: unknownState, repositories: workspace.repositories };
}

function describe(snapshot: Snapshot, offset: number, answer: (snapshot: Snapshot, offset: number) => unknown): string {
  try {
    return JSON.stringify(answer(snapshot, offset)) ?? "nothing";
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
}
