import type { SemanticTokens, SemanticTokensDelta } from "vscode-languageserver-types";

interface Kept {
  readonly id: string;
  readonly data: Uint32Array;
}

/** Numbers of one token in the encoding. */
const size = 5;

/** The tokens each document's client has, so that it can be sent what is different only. */
export class TokenResults {
  readonly #kept = new Map<string, Kept>();
  #nextId = 1;

  full(uri: string, data: readonly number[]): SemanticTokens {
    return { resultId: this.#keep(uri, data).id, data: data as number[] };
  }

  /** What turns the tokens of an earlier answer into these; all of them when that answer is not known any more. */
  delta(uri: string, previousId: string, data: readonly number[]): SemanticTokens | SemanticTokensDelta {
    const before = this.#kept.get(uri);
    if (before?.id !== previousId) return this.full(uri, data);
    const { id } = this.#keep(uri, data);
    const edit = differenceOf(before.data, data);
    return { resultId: id, edits: edit === undefined ? [] : [edit] };
  }

  forget(uri: string): void {
    this.#kept.delete(uri);
  }

  #keep(uri: string, data: readonly number[]): Kept {
    const kept = { id: String(this.#nextId++), data: Uint32Array.from(data) };
    this.#kept.set(uri, kept);
    return kept;
  }
}

function differenceOf(
  before: Uint32Array,
  after: readonly number[],
): { start: number; deleteCount: number; data: number[] } | undefined {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before[start] === after[start]) start++;
  if (start === before.length && start === after.length) return undefined;
  start -= start % size;
  let same = 0;
  while (same < limit - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  same -= same % size;
  return { start, deleteCount: before.length - start - same, data: after.slice(start, after.length - same) };
}
