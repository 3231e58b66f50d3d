import assert from "node:assert/strict";
import { join } from "node:path";
import type { CodeAction, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import type { Snapshot } from "../../src/analysis/snapshot.ts";
import { unknownState } from "../../src/analysis/stateView.ts";
import { RequestProblem } from "../../src/connection/dispatch.ts";
import { doCodeActions } from "../../src/features/codeActions.ts";
import { doDiagnostics } from "../../src/features/diagnostics/index.ts";
import { doFormat } from "../../src/features/formatting.ts";
import { doRename } from "../../src/features/rename.ts";
import { offsetAt, rangeOf } from "../../src/text/convert.ts";
import { Documents } from "../../src/workspace/documents.ts";
import { Workspace } from "../../src/workspace/workspace.ts";
import { fixtures, loadParser } from "../harness.ts";

/** A repository of `test-fixtures/wild` whose files are edited and put back. */
class Wild {
  readonly #texts = new Map<string, string>();

  private constructor(
    private readonly documents: Documents,
    private readonly workspace: Workspace,
  ) {}

  static async open(name: string): Promise<Wild> {
    const documents = new Documents(await loadParser());
    const workspace = new Workspace(await loadParser(), documents);
    await workspace.addFolder(join(fixtures, "wild", name));
    const wild = new Wild(documents, workspace);
    for (const { file } of wild.snapshots()) wild.#texts.set(file.uri, file.source.text);
    wild.putBack();
    return wild;
  }

  snapshots(): Snapshot[] {
    const { repositories } = this.workspace;
    return repositories.flatMap((repository) =>
      [...repository.paths()].flatMap((path) => {
        const file = path.endsWith(".star") ? repository.file(path) : undefined;
        return file === undefined ? [] : [{ file, state: unknownState, repositories }];
      }),
    );
  }

  /** A file as it is now: what was read before an edit is of no use. */
  snapshot(uri: string): Snapshot {
    const found = this.snapshots().find((each) => each.file.uri === uri);
    assert.ok(found);
    return found;
  }

  get uris(): string[] {
    return [...this.#texts.keys()];
  }

  /** What is said of all files. */
  problems(): string[] {
    return this.snapshots().flatMap((snapshot) =>
      doDiagnostics(snapshot).map(({ code, message }) => `${snapshot.file.path} ${code} ${message}`),
    );
  }

  apply(edits: Readonly<Record<string, readonly TextEdit[]>>): void {
    for (const [uri, all] of Object.entries(edits)) {
      const source = this.workspace.view(uri)?.source;
      assert.ok(source, `${uri} is edited, and not known`);
      let { text } = source;
      const at = ({ start }: Range): number => offsetAt(source, start);
      for (const { range, newText } of [...all].sort((a, b) => at(b.range) - at(a.range)))
        text = text.slice(0, at(range)) + newText + text.slice(offsetAt(source, range.end));
      this.#open(uri, text);
    }
  }

  putBack(): void {
    for (const [uri, text] of this.#texts) if (this.documents.get(uri)?.source.text !== text) this.#open(uri, text);
  }

  #open(uri: string, text: string): void {
    this.documents.open(uri, 1, text);
    this.workspace.documentChanged(uri);
  }
}

/** Where words begin, and what follows them. */
function* wordStarts(text: string): Iterable<number> {
  for (const { index } of text.matchAll(/\b[A-Za-z_]/g)) yield index;
}

function editsOf({ changes, documentChanges }: WorkspaceEdit): Record<string, TextEdit[]> {
  const versioned = (documentChanges ?? []).flatMap((each) =>
    "textDocument" in each ? [[each.textDocument.uri, each.edits as TextEdit[]] as const] : [],
  );
  return { ...changes, ...Object.fromEntries(versioned) };
}

describe("package files as people write them, edited by the server", function () {
  this.timeout(120_000);
  for (const name of ["closures", "comments", "helpers", "lambdas", "namespaces", "refs"]) {
    it(`${name}: stay without faults whatever is renamed`, async () => {
      const wild = await Wild.open(name);
      const done = new Set<string>();
      for (const uri of wild.uris) {
        const { text } = wild.snapshot(uri).file.source;
        for (const offset of wordStarts(text)) {
          const edit = rename(wild.snapshot(uri), offset);
          const key = JSON.stringify(edit);
          if (edit === null || done.has(key)) continue;
          done.add(key);
          wild.apply(editsOf(edit));
          assert.deepEqual(wild.problems(), [], `${uri}: ${text.slice(offset, offset + 30)}`);
          wild.putBack();
        }
      }
      assert.ok(done.size > 3, "nothing was renamed");
    });

    it(`${name}: stay without faults whatever action is taken`, async () => {
      const wild = await Wild.open(name);
      const done = new Set<string>();
      for (const uri of wild.uris) {
        const { source } = wild.snapshot(uri).file;
        for (const offset of wordStarts(source.text)) {
          const range = rangeOf(source, { start: offset, end: offset });
          for (const action of doCodeActions(wild.snapshot(uri), range, undefined) as CodeAction[]) {
            const key = JSON.stringify(action);
            if (action.edit === undefined || done.has(key)) continue;
            done.add(key);
            wild.apply(editsOf(action.edit));
            assert.deepEqual(wild.problems(), [], `${uri}: ${action.title}`);
            wild.putBack();
          }
        }
      }
    });

    it(`${name}: are formatted once, and stay without faults`, async () => {
      const wild = await Wild.open(name);
      wild.apply(Object.fromEntries(wild.snapshots().map((each) => [each.file.uri, doFormat(each)])));
      assert.deepEqual(wild.problems(), []);
      for (const each of wild.snapshots()) assert.deepEqual(doFormat(each), [], each.file.path);
    });
  }
});

/** Null where there is nothing to rename, and where the server says why it does not. */
function rename(snapshot: Snapshot, offset: number): WorkspaceEdit | null {
  try {
    return doRename(snapshot, offset, "renamed_here", { annotate: false });
  } catch (error) {
    if (error instanceof RequestProblem) return null;
    throw error;
  }
}
