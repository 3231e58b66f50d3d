import type { CallExpression } from "@ocuroot/starlark";
import type { FileView, RepositoryView } from "../analysis/snapshot.ts";
import { findPath, spanOf } from "../analysis/tree.ts";
import { offsetOf } from "../preview/problems.ts";
import type { ReadSource } from "./functionText.ts";
import { fitsForm, type PrintForm, printForm } from "./printForm.ts";

/** A place that may have printed something. */
export interface PrintingPlace {
  readonly view: FileView;
  readonly node: CallExpression;
  readonly certain: boolean;
}

/**
 * Finds what printed the lines of logs: by the place that is recorded with a line, followed to where its text stands now, else
 * by comparing the line with what the `print` calls of some files print.
 */
export class PrintFinder {
  readonly #known = new Map<string, Promise<PrintingPlace | undefined>>();
  readonly #patterns = new Map<FileView, readonly { readonly form: PrintForm; readonly node: CallExpression }[]>();

  /** `old` gives the files as they were when the line was printed. */
  constructor(
    private readonly repository: RepositoryView,
    private readonly old: ReadSource | undefined,
  ) {}

  /** `pos` is `path/from/root.star:line:column`. */
  recorded(pos: string): Promise<PrintingPlace | undefined> {
    let found = this.#known.get(pos);
    if (found === undefined) {
      found = this.#follow(pos);
      this.#known.set(pos, found);
    }
    return found;
  }

  /** The only call in the files that could have printed a line. */
  guessed(line: string, files: readonly FileView[]): PrintingPlace | undefined {
    const hits = files.flatMap((view) =>
      this.#formsOf(view).flatMap(({ form, node }) => (fitsForm(form, line) ? [{ view, node, certain: false }] : [])),
    );
    return hits.length === 1 ? hits[0] : undefined;
  }

  async #follow(pos: string): Promise<PrintingPlace | undefined> {
    const match = /^(.+):(\d+):(\d+)$/.exec(pos);
    const [, file = "", line = "", column = ""] = match ?? [];
    const view = match === null ? undefined : this.repository.file(file);
    if (view === undefined) return undefined;
    const position = { file, line: Number(line), column: Number(column) };
    const was = (await this.old?.(file))?.text.split(/\r?\n/)[position.line - 1];
    if (was !== undefined) {
      const lines = view.source.text.split(/\r?\n/);
      const now = nearestLine(lines, was, position.line - 1);
      if (now === undefined) return undefined;
      // The line may have gone into a block, or out of one.
      const column = position.column + indentOf(lines[now] ?? "") - indentOf(was);
      const node = callAt(view, { ...position, line: now + 1, column });
      return node && { view, node, certain: true };
    }
    const node = callAt(view, position);
    return node && { view, node, certain: prints(view, node) };
  }

  #formsOf(view: FileView): readonly { readonly form: PrintForm; readonly node: CallExpression }[] {
    let forms = this.#patterns.get(view);
    if (forms === undefined) {
      forms = view.facts.sdkCalls.flatMap(({ node, entry }) => {
        const form = entry.name === "print" ? printForm(node) : undefined;
        return form === undefined ? [] : [{ form, node }];
      });
      this.#patterns.set(view, forms);
    }
    return forms;
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The line with a text that is nearest to where it was; undefined when it is gone. */
function nearestLine(lines: readonly string[], text: string, at: number): number | undefined {
  const wanted = text.trim();
  for (let distance = 0; distance <= Math.max(at, lines.length); distance++) {
    for (const index of [at - distance, at + distance]) if (lines[index]?.trim() === wanted) return index;
  }
  return undefined;
}

/** The call that is reported at a position: at its parenthesis. */
function callAt(view: FileView, position: { file: string; line: number; column: number }): CallExpression | undefined {
  const offset = offsetOf(view.source, position);
  const path = findPath(view.module, offset);
  const calls = path.filter((each): each is CallExpression => each.kind === "CallExpression");
  return calls.find((each) => each.chunk.offset + each.at === offset) ?? calls.at(-1);
}

function prints(view: FileView, node: CallExpression): boolean {
  const name = view.facts.callOf(node)?.entry.name;
  return name === "shell" || name === "host.shell" || name === "print";
}

/** The 0-based line that a call begins on. */
export function lineOf(view: FileView, node: CallExpression): number {
  return view.source.lineAt(spanOf(node).start);
}
