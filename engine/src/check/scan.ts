/** Reads every file of a store, whatever state it is in: nothing found there is an error, all of it is news. */
import { isUtf8 } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { documentFileName, refSegments } from "../refs/disk.ts";
import { errorCode, forEachLimited, storeError } from "../state/file/disk.ts";
import { parseDocument } from "../state/file/document.ts";
import type { StoreLayout } from "../state/file/layout.ts";
import type { DocumentRef, StoredDocument } from "../state/store.ts";
import type { StoreProblem } from "./problems.ts";

/** All that lies below `refs`. */
export interface StoreScan {
  readonly layout: StoreLayout;
  /** Documents that can be read. */
  readonly documents: ReadonlyMap<DocumentRef, StoredDocument>;
  /** Documents that cannot: what is wrong with each. */
  readonly damaged: ReadonlyMap<DocumentRef, string>;
  /** Names of the direct children of each folder, by ref. */
  readonly children: ReadonlyMap<DocumentRef, readonly string[]>;
  /** What no document is about. */
  readonly problems: readonly StoreProblem[];
}

const lanes = 32;

/** Files that operating systems strew about; they do no harm. */
const harmless = new Set([".DS_Store", "Thumbs.db", "desktop.ini", ".gitignore", ".gitkeep"]);

export async function scanStore(layout: StoreLayout): Promise<StoreScan> {
  const scanner = new Scanner(layout);
  await scanner.run();
  return scanner;
}

export function documentFile(layout: StoreLayout, ref: DocumentRef): string {
  return join(layout.refs, ...ref.split("/"), documentFileName);
}

class Scanner implements StoreScan {
  readonly documents = new Map<DocumentRef, StoredDocument>();
  readonly damaged = new Map<DocumentRef, string>();
  readonly children = new Map<DocumentRef, readonly string[]>();
  readonly problems: StoreProblem[] = [];

  constructor(readonly layout: StoreLayout) {}

  async run(): Promise<void> {
    let level: string[][] = [[]];
    while (level.length > 0) {
      const next: string[][] = [];
      await forEachLimited(level, lanes, (segments) => this.visit(segments, next));
      level = next;
    }
  }

  private async visit(segments: readonly string[], next: string[][]): Promise<void> {
    const folder = join(this.layout.refs, ...segments);
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (errorCode(error) !== "ENOENT") this.unreadable(folder, error);
      return undefined;
    });
    if (entries === undefined) return;
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    this.children.set(segments.join("/"), names);
    for (const name of names) next.push([...segments, name]);
    let hasDocument = false;
    for (const entry of entries) {
      if (entry.isDirectory()) continue;
      if (entry.name !== documentFileName || !entry.isFile()) this.foreign(join(folder, entry.name));
      else {
        hasDocument = true;
        await this.read(segments, join(folder, entry.name));
      }
    }
    if (entries.length === 0 && segments.length > 0) {
      this.problems.push({
        code: "empty-folder",
        file: folder,
        message: "is an empty folder, which lists show although nothing is there",
        mend: { kind: "remove-folder", says: "was removed" },
      });
    } else if (hasDocument) this.checkPath(segments, folder);
  }

  private async read(segments: readonly string[], path: string): Promise<void> {
    const ref = segments.join("/");
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      // Gone since the folder was listed: somebody is at work.
      if (errorCode(error) !== "ENOENT") this.unreadable(path, error);
      return;
    }
    try {
      const text = bytes.toString();
      if (!isUtf8(bytes)) this.damaged.set(ref, "is not UTF-8 text");
      else if (/^<{7} /m.test(text)) this.damaged.set(ref, "holds a merge conflict of git");
      else this.documents.set(ref, light(ref, parseDocument(path, text)));
    } catch (error) {
      this.damaged.set(ref, withoutPath((error as Error).message, path));
    }
  }

  /** A folder whose name no ref can have: no look-up leads to its document. */
  private checkPath(segments: readonly string[], folder: string): void {
    try {
      refSegments(segments.join("/"));
    } catch {
      const message = segments.length === 0 ? "lies where no ref leads" : "has a path that no ref can have";
      this.problems.push({ code: "bad-ref", file: join(folder, documentFileName), message });
    }
  }

  private foreign(path: string): void {
    if (harmless.has(path.slice(path.search(/[^/\\]*$/)))) return;
    const message = "is no part of a store";
    const mend = { kind: "remove-file", says: "was moved to the backup" } as const;
    this.problems.push({ code: "foreign-file", file: path, message, mend });
  }

  private unreadable(path: string, error: unknown): void {
    const message = withoutPath(storeError(error, path, "read").message, path);
    this.problems.push({ code: "unreadable", file: path, message: `cannot be read: ${message}` });
  }
}

/** Logs can be large, and nothing more is asked of them than to be lists. */
function light(ref: DocumentRef, document: StoredDocument): StoredDocument {
  if (document.kind !== "ref" || !ref.endsWith("/logs")) return document;
  return { ...document, body: Array.isArray(document.body) ? [] : null };
}

/** A sentence about a file as a clause that follows the file's name. */
function withoutPath(message: string, path: string): string {
  const clause = message.startsWith(path) ? message.slice(path.length).trim() : message;
  return clause.replace(/(?:; it is not a state document)?\.$/, "");
}
