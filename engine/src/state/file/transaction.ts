/** Collecting what a transaction does, and working out which files that changes. */

import type { JsonValue } from "../../json/json.ts";
import { refSegments } from "../../refs/disk.ts";
import { RefError } from "../../refs/ref.ts";
import type { DocumentRef, StoredDocument, Transaction } from "../store.ts";
import type { FileChange } from "./commit.ts";
import { forEachLimited } from "./disk.ts";
import { documentText } from "./document.ts";

type Request =
  | { readonly kind: "set"; readonly ref: DocumentRef; readonly bodyType: string; readonly body: JsonValue }
  | { readonly kind: "delete" | "unlink"; readonly ref: DocumentRef }
  | { readonly kind: "link"; readonly ref: DocumentRef; readonly target: DocumentRef };

export interface OldDocument {
  readonly document: StoredDocument;
  readonly text: string;
}

export class TransactionRequests implements Transaction {
  private readonly requests: Request[] = [];

  set(ref: DocumentRef, bodyType: string, body: JsonValue): void {
    this.add({ kind: "set", ref, bodyType, body });
  }

  delete(ref: DocumentRef): void {
    this.add({ kind: "delete", ref });
  }

  link(ref: DocumentRef, target: DocumentRef): void {
    refSegments(target);
    this.add({ kind: "link", ref, target });
  }

  unlink(ref: DocumentRef): void {
    this.add({ kind: "unlink", ref });
  }

  /** The files to change, in an order that a reader can live with: documents, links, statuses, removals. */
  async plan(read: (ref: DocumentRef) => Promise<OldDocument | undefined>): Promise<FileChange[]> {
    const plan = new Plan(read);
    await plan.readAll(this.requests);
    for (const request of this.requests) await plan.add(request);
    return plan.changes();
  }

  private add(request: Request): void {
    refSegments(request.ref);
    this.requests.push(request);
  }
}

class Plan {
  private readonly old = new Map<DocumentRef, OldDocument | undefined>();
  /** What will be at a ref; undefined: nothing. */
  private readonly next = new Map<DocumentRef, StoredDocument | undefined>();
  /** Links to documents that are not there (yet), by target. */
  private readonly dangling = new Map<DocumentRef, Set<DocumentRef>>();

  constructor(private readonly readOld: (ref: DocumentRef) => Promise<OldDocument | undefined>) {}

  async readAll(requests: readonly Request[]): Promise<void> {
    const refs = new Set(requests.map((request) => request.ref));
    await forEachLimited([...refs], 16, async (ref) => {
      this.old.set(ref, await this.readOld(ref));
    });
  }

  async add(request: Request): Promise<void> {
    const before = await this.at(request.ref);
    switch (request.kind) {
      case "set": {
        if (before?.kind === "link") await this.dropFromLinks(before.target, request.ref);
        const links = new Set(before?.kind === "ref" ? before.links : []);
        for (const link of this.dangling.get(request.ref) ?? []) links.add(link);
        const { bodyType, body } = request;
        this.next.set(request.ref, { kind: "ref", bodyType, links: [...links], body });
        return;
      }
      case "link": {
        if (before?.kind === "ref") throw new Error(`${request.ref} holds a document and cannot become a link.`);
        if (before && before.target !== request.target) await this.dropFromLinks(before.target, request.ref);
        this.next.set(request.ref, { kind: "link", target: request.target });
        await this.addToLinks(request.target, request.ref);
        return;
      }
      case "unlink":
      case "delete": {
        if (before === undefined) return;
        if (before.kind === "link") await this.dropFromLinks(before.target, request.ref);
        else if (request.kind === "unlink") throw new Error(`${request.ref} is not a link.`);
        this.next.set(request.ref, undefined);
      }
    }
  }

  changes(): FileChange[] {
    const documents: FileChange[] = [];
    const links: FileChange[] = [];
    const moves: FileChange[] = [];
    const removals: FileChange[] = [];
    const left = this.leftStatuses();
    for (const [ref, document] of this.next) {
      const old = this.old.get(ref);
      if (document === undefined) {
        if (old) removals.push({ kind: "remove", ref });
        continue;
      }
      const text = documentText(document);
      if (old?.text === text) continue;
      const folder = statusFolder(ref);
      const from = folder === undefined || old ? undefined : left.get(folder);
      if (from !== undefined) {
        left.delete(folder!);
        moves.push({ kind: "move", from, to: ref, text });
      } else (document.kind === "link" ? links : documents).push({ kind: "put", ref, text, isOld: old !== undefined });
    }
    const moved = new Set(moves.map((move) => (move.kind === "move" ? move.from : "")));
    return [
      ...documents,
      ...links,
      ...moves,
      ...removals.filter((removal) => removal.kind === "remove" && !moved.has(removal.ref)),
    ];
  }

  /** Statuses that are taken away, one for each run: the new one takes its place in a single step. */
  private leftStatuses(): Map<string, DocumentRef> {
    const left = new Map<string, DocumentRef>();
    for (const [ref, document] of this.next) {
      const folder = statusFolder(ref);
      if (folder !== undefined && document === undefined && this.old.get(ref)) left.set(folder, ref);
    }
    return left;
  }

  private async at(ref: DocumentRef): Promise<StoredDocument | undefined> {
    if (this.next.has(ref)) return this.next.get(ref);
    if (!this.old.has(ref)) this.old.set(ref, await this.readOld(ref));
    return this.old.get(ref)?.document;
  }

  private async addToLinks(target: DocumentRef, link: DocumentRef): Promise<void> {
    const document = await this.at(target);
    if (document?.kind === "ref") {
      if (!document.links.includes(link))
        this.next.set(target, { ...document, links: [...document.links, link].sort() });
      return;
    }
    const waiting = this.dangling.get(target) ?? new Set();
    this.dangling.set(target, waiting.add(link));
  }

  private async dropFromLinks(target: DocumentRef, link: DocumentRef): Promise<void> {
    this.dangling.get(target)?.delete(link);
    // A damaged link may lead to what no document can be called: nothing lists it there.
    if (!canBeStored(target)) return;
    const document = await this.at(target);
    if (document?.kind !== "ref" || !document.links.includes(link)) return;
    this.next.set(target, { ...document, links: document.links.filter((other) => other !== link) });
  }
}

function canBeStored(ref: DocumentRef): boolean {
  try {
    refSegments(ref);
    return true;
  } catch (error) {
    if (error instanceof RefError) return false;
    throw error;
  }
}

/** The folder of a run's statuses, when the ref is one of them. */
function statusFolder(ref: DocumentRef): string | undefined {
  return /^(.*\/status)\/[^/]+$/.exec(ref)?.[1];
}
