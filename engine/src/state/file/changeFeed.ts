/**
 * The change feed: our writers append one line with the refs of each transaction to a small file, so that readers learn
 * of every change from one watched file, however large the store is.
 */
import { appendFile, open, rename, stat, writeFile } from "node:fs/promises";
import type { DocumentRef, StoreChange } from "../store.ts";
import { isAbsent } from "./disk.ts";
import type { StoreLayout } from "./layout.ts";

/** The feed starts anew beyond this size; readers then read everything once. Bytes. */
const maxFeedSize = 512 * 1024;
const maxRefsInLine = 2000;

/** Announces changed refs. Call with the store's lock held, after the documents are in place. */
export async function announce(layout: StoreLayout, refs: readonly DocumentRef[]): Promise<void> {
  if (refs.length === 0) return;
  const line = `${JSON.stringify(refs.length > maxRefsInLine ? "all" : refs)}\n`;
  const size = await stat(layout.changes).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size < maxFeedSize) return appendFile(layout.changes, line);
  const fresh = `${layout.changes}.${process.pid}`;
  await writeFile(fresh, line);
  await rename(fresh, layout.changes);
}

/** Reads what was announced since it last looked. */
export class ChangeFeedReader {
  private offset = 0;
  private file = 0n;

  constructor(private readonly layout: StoreLayout) {}

  /** Starts at the end: what is there already is no news. */
  async skipToEnd(): Promise<void> {
    try {
      const stats = await stat(this.layout.changes, { bigint: true });
      this.offset = Number(stats.size);
      this.file = stats.ino;
    } catch (error) {
      if (!isAbsent(error)) throw error;
      this.offset = 0;
      this.file = 0n;
    }
  }

  /** Changes since the last call; undefined when there are none. */
  async read(): Promise<StoreChange | undefined> {
    let text: string;
    try {
      const handle = await open(this.layout.changes, "r");
      try {
        const stats = await handle.stat({ bigint: true });
        const size = Number(stats.size);
        const isOther = this.file !== 0n && stats.ino !== this.file;
        this.file = stats.ino;
        if (isOther || size < this.offset) {
          this.offset = size;
          return "all";
        }
        if (size === this.offset) return undefined;
        const bytes = Buffer.alloc(size - this.offset);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.offset);
        const end = bytes.lastIndexOf(10, bytesRead - 1) + 1;
        this.offset += end;
        text = bytes.toString("utf8", 0, end);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
    return parseLines(text);
  }
}

function parseLines(text: string): StoreChange | undefined {
  const refs = new Set<DocumentRef>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      const value: unknown = JSON.parse(line);
      if (!Array.isArray(value)) return "all";
      for (const ref of value) refs.add(String(ref));
    } catch {
      return "all";
    }
  }
  return refs.size === 0 ? undefined : { refs: [...refs] };
}
